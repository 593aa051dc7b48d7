"""A connection: a tenant's authorised link to a shop on a platform."""

import hashlib
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class PlatformName(StrEnum):
    SHOPIFY = "shopify"


class ConnectionStatus(StrEnum):
    CONNECTED = "connected"
    REFUSED = "refused"  #: the shop no longer accepts our access: the merchant must connect it again


class Connection(BaseModel):
    """The document tenants/{tenant_id}/connections/{id}."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant_id: str
    platform: PlatformName
    shop_domain: str
    shop_name: str
    currency: str
    time_zone: str
    scopes: list[str]
    sealed_access_token: bytes = Field(repr=False)
    sealed_refresh_token: bytes | None = Field(default=None, repr=False)
    access_expires_at: datetime | None = None
    """None: the access token is good until somebody revokes it."""
    renewal_until: datetime | None = None
    """Until then nobody else may renew the tokens."""
    status: ConnectionStatus = ConnectionStatus.CONNECTED
    created_at: datetime
    updated_at: datetime
    subscriptions_due_at: datetime | None = None
    """When to look next whether the shop still tells of its changes."""


def connection_id(tenant_id: str, *, platform: PlatformName, shop_domain: str) -> str:
    """Connecting a shop again replaces its token; it makes no second connection."""
    return "con_" + hashlib.sha256(f"{tenant_id}\n{platform}\n{shop_domain}".encode()).hexdigest()[:24]


def shop_key(platform: PlatformName, shop_domain: str) -> str:
    """The id of the claim shops/{key}: a shop has one tenant, and a webhook finds it by this."""
    return f"{platform}:{shop_domain}"


def seal_place(tenant_id: str, connection_id: str) -> str:
    return f"{tenant_id}/connections/{connection_id}"
