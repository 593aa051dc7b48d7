"""A webhook's way in: verified, counted once, noted, answered. What becomes of the note is decided elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from google.api_core.exceptions import GoogleAPICallError, RetryError

from backend import telemetry
from backend.changes.model import Change, Delivery, PrivacyRequest, Resource
from backend.changes.repository import ChangeRepository
from backend.changes.tasks import ChangeTasks
from backend.clock import Clock
from backend.connections.model import PlatformName
from backend.connections.repository import ConnectionRepository
from backend.platforms.webhook import AppRemoved, Envelope, OrderChanged, PrivacyAsked, WebhookReader
from backend.webhooks.signature import is_signed

REMEMBERED_FOR = timedelta(days=7)
"""Shopify retries for four hours."""
_log = structlog.get_logger()


class Receipt(StrEnum):
    NOTED = "noted"
    REPEATED = "repeated"  #: this delivery was seen before
    NOT_UNDERSTOOD = "not_understood"  #: signed, but not what its topic promises; sending it again would not help
    IGNORED = "ignored"  #: nobody here waits for its topic
    REFUSED = "refused"  #: not signed by the platform, or from a shop that nobody connected


class Ingress:
    """The webhooks of one platform."""

    def __init__(
        self,
        platform: PlatformName,
        reader: WebhookReader,
        *,
        secrets: Sequence[str],
        shops: ConnectionRepository,
        changes: ChangeRepository,
        tasks: ChangeTasks,
        timeout_s: float,
        clock: Clock,
    ) -> None:
        self._platform = platform
        self._reader = reader
        self._secrets = secrets
        self._shops = shops
        self._changes = changes
        self._tasks = tasks
        self._timeout_s = timeout_s
        self._clock = clock

    def receive(self, headers: Mapping[str, str], body: bytes) -> Receipt:
        """Raises GoogleAPICallError or RetryError when nothing was noted: the platform sends again."""
        try:
            envelope = self._reader.envelope(headers)
        except ValueError:
            return Receipt.REFUSED
        if not is_signed(body, envelope.signature, secrets=self._secrets):
            return Receipt.REFUSED
        owner = self._shops.owner_of(self._platform, envelope.shop_domain, timeout_s=self._timeout_s)
        if owner is None:
            return self._take_of_nobody(envelope, body)
        tenant_id, connection_id = owner
        with telemetry.bound(tenant_id=tenant_id, lane=connection_id):
            receipt = self._take(envelope, body, tenant_id=tenant_id, connection_id=connection_id)
            _log_received(envelope, receipt)
        return receipt

    def _take_of_nobody(self, envelope: Envelope, body: bytes) -> Receipt:
        """Privacy is asked for also when the shop has been disconnected: Shopify does so 48 hours after the removal of
        the app. Nothing else is taken.
        """
        try:
            told = self._reader.told(envelope.topic, body)
        except ValueError:
            return Receipt.REFUSED
        if not isinstance(told, PrivacyAsked):
            return Receipt.REFUSED
        request = _request(told, envelope, connection_id=None, at=self._clock())
        new = self._changes.note_of_nobody(self._key(envelope), request, timeout_s=self._timeout_s)
        receipt = Receipt.NOTED if new else Receipt.REPEATED
        _log_received(envelope, receipt)
        return receipt

    def _take(self, envelope: Envelope, body: bytes, *, tenant_id: str, connection_id: str) -> Receipt:
        now = self._clock()
        try:
            told = self._told(envelope, body, connection_id=connection_id, at=now)
        except ValueError:
            _log.error("webhook_not_understood", topic=envelope.topic, webhook_id=envelope.webhook_id)
            return Receipt.NOT_UNDERSTOOD
        if told is None:
            return Receipt.IGNORED
        delivery = Delivery(
            key=self._key(envelope),
            topic=envelope.topic,
            received_at=now,
            expires_at=now + REMEMBERED_FOR,
        )
        if not self._changes.note(tenant_id, delivery, told, timeout_s=self._timeout_s):
            return Receipt.REPEATED
        if isinstance(told, Change):
            self._enqueue(tenant_id, connection_id)
        return Receipt.NOTED

    def _told(
        self, envelope: Envelope, body: bytes, *, connection_id: str, at: datetime
    ) -> Change | PrivacyRequest | None:
        told = self._reader.told(envelope.topic, body)
        match told:
            case OrderChanged(order_id):
                resource, resource_id = Resource.ORDER, order_id
            case AppRemoved():
                resource, resource_id = Resource.SHOP, envelope.shop_domain
            case PrivacyAsked():
                return _request(told, envelope, connection_id=connection_id, at=at)
            case None:
                return None
        return Change(
            connection_id=connection_id,
            resource=resource,
            resource_id=resource_id,
            topic=envelope.topic,
            triggered_at=envelope.triggered_at or at,
            noted_at=at,
        )

    def _key(self, envelope: Envelope) -> str:
        return f"{self._platform}:{envelope.webhook_id}"

    def _enqueue(self, tenant_id: str, connection_id: str) -> None:
        """A change that could not be enqueued stays noted, and the sweep enqueues it."""
        try:
            self._tasks.enqueue(tenant_id, connection_id)
        except (GoogleAPICallError, RetryError) as error:
            _log.warning("changes_not_enqueued", reason=type(error).__name__)


def _request(asked: PrivacyAsked, envelope: Envelope, *, connection_id: str | None, at: datetime) -> PrivacyRequest:
    return PrivacyRequest(
        shop_domain=envelope.shop_domain,
        connection_id=connection_id,
        topic=envelope.topic,
        customer_id=asked.customer_id,
        order_ids=asked.order_ids,
        received_at=at,
    )


def _log_received(envelope: Envelope, receipt: Receipt) -> None:
    _log.info(
        "webhook_received",
        receipt=receipt,
        topic=envelope.topic,
        webhook_id=envelope.webhook_id,
        event_id=envelope.event_id,
    )
