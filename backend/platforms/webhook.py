"""What a platform's webhook says, as far as anything comes of it. Its body is never data: it names what to fetch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Envelope:
    """From the headers, which are not signed: only the shop's own secret makes them believable, and the shop's name
    chooses whose notes are written.
    """

    webhook_id: str
    """The same for each sending of one webhook."""
    event_id: str
    """The same for all webhooks that one change has caused; for the log."""
    shop_domain: str
    topic: str
    triggered_at: datetime | None
    signature: str


@dataclass(frozen=True, slots=True)
class OrderChanged:
    order_id: str


@dataclass(frozen=True, slots=True)
class AppRemoved:
    """The shop has removed the app: its token is dead."""


@dataclass(frozen=True, slots=True)
class PrivacyAsked:
    """The platform's rules on privacy demand something; without a customer it is about the whole shop."""

    customer_id: str | None
    order_ids: list[str]


Told: TypeAlias = OrderChanged | AppRemoved | PrivacyAsked | None
"""None: nothing that anyone here waits for."""


class WebhookReader(Protocol):
    def envelope(self, headers: Mapping[str, str]) -> Envelope:
        """Raises ValueError when a header is missing."""

    def told(self, topic: str, body: bytes) -> Told:
        """Raises ValueError when the body is not what the topic promises."""
