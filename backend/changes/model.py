"""What webhooks reported and no run has taken yet."""

import hashlib
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Resource(StrEnum):
    ORDER = "orders"
    SHOP = "shop"  #: reported when the shop has removed the app


class Change(BaseModel):
    """The document tenants/{tenant_id}/changes/{connection:resource:id}: that something changed, never how.

    Noted anew it is overwritten: whoever takes it fetches the thing as it is by then.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    connection_id: str
    resource: Resource
    resource_id: str
    topic: str
    triggered_at: datetime
    """When the platform says it happened."""
    noted_at: datetime

    @property
    def key(self) -> str:
        return f"{self.connection_id}:{self.resource}:{self.resource_id}"


class PrivacyRequest(BaseModel):
    """The document tenants/{tenant_id}/privacy_requests/{platform:webhook_id}: what the platform's rules on privacy ask
    for. Ids only: names and addresses stay where they are. Where the shop is nobody's any more the document is
    privacy_requests/{platform:webhook_id}.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    shop_domain: str
    connection_id: str | None
    topic: str
    customer_id: str | None
    order_ids: list[str]
    received_at: datetime


class Delivery(BaseModel):
    """The document tenants/{tenant_id}/deliveries/{platform:webhook_id}: a webhook that was seen.

    Its existence is what counts: a document that outlives `expires_at` for a day does no harm.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    topic: str
    received_at: datetime
    expires_at: datetime


def window_of(at: datetime, *, window_s: float) -> int:
    """Changes of one connection within one window are one task."""
    return math.floor(at.timestamp() / window_s)


def window_end(window: int, *, window_s: float) -> datetime:
    return datetime.fromtimestamp((window + 1) * window_s, UTC)


def cause_of(notes: Iterable[str]) -> str:
    """The same notes, told by key and time of writing, are the same cause; one more or one anew makes another."""
    return "changes:" + hashlib.sha256("\n".join(sorted(notes)).encode()).hexdigest()[:24]
