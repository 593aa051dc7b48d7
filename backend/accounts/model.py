"""A linked Google account: whose right to edit spreadsheets the automations use."""

import hashlib
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

SPREADSHEETS_SCOPE = "https://www.googleapis.com/auth/spreadsheets"


class AccountStatus(StrEnum):
    LINKED = "linked"
    REVOKED = "revoked"  #: Google refuses its refresh token: the person must link it again


class Account(BaseModel):
    """The document tenants/{tenant_id}/accounts/{id}."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant_id: str
    subject: str
    """Google's own id of the user, the same for every tenant that links the account."""
    email: str
    scopes: list[str]
    sealed_refresh_token: bytes = Field(repr=False)
    status: AccountStatus = AccountStatus.LINKED
    created_at: datetime
    updated_at: datetime


def account_id(tenant_id: str, subject: str) -> str:
    """Linking a Google account again replaces its token; it makes no second account."""
    return "acc_" + hashlib.sha256(f"{tenant_id}\ngoogle:{subject}".encode()).hexdigest()[:24]


def seal_place(tenant_id: str, account_id: str) -> str:
    return f"{tenant_id}/accounts/{account_id}"
