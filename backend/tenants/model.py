"""Tenants, their members, and the sessions that members act through."""

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

TOKEN_BYTES = 32


class Role(StrEnum):
    OWNER = "owner"


class Tenant(BaseModel):
    """The document tenants/{id}."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: str
    default_account_id: str | None = None
    """The linked Google account that writes where an automation names none."""
    created_at: datetime


class Member(BaseModel):
    """The document tenants/{tenant_id}/members/{id}; the id is Google's `sub`, which outlives an email address."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant_id: str
    email: str
    role: Role = Role.OWNER


class Session(BaseModel):
    """The document sessions/{id}; the id is the token's hash, and the token itself is stored nowhere."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant_id: str
    member_id: str
    expires_at: datetime
    """Firestore deletes the document some time after this, so whoever reads it looks at the clock too."""
    revoked_at: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def tenant_id_of(subject: str) -> str:
    """A person has one tenant; made from `sub`, so that a first sign-in that broke half-way makes no second one."""
    return "ten_" + hashlib.sha256(f"google:{subject}".encode()).hexdigest()[:24]
