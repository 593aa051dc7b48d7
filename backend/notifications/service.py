"""A tenant's endpoint: setting it, exchanging its secret, looking at what it was sent."""

import structlog

from backend.clock import Clock
from backend.errors import InvalidInput, NotFound
from backend.notifications.address import parse_url
from backend.notifications.model import SECRETS_OVERLAP, Endpoint, EndpointStatus, Notification, seal_place
from backend.notifications.repository import NotificationRepository
from backend.notifications.signature import new_secret
from backend.sealing import Sealer

_log = structlog.get_logger()


class NotificationService:
    """`loopback` lets endpoints be at http://127.0.0.1, for one machine."""

    def __init__(self, notifications: NotificationRepository, *, sealer: Sealer, loopback: bool, clock: Clock) -> None:
        self._notifications = notifications
        self._sealer = sealer
        self._loopback = loopback
        self._clock = clock

    def set_endpoint(self, tenant_id: str, url: str) -> tuple[Endpoint, str | None]:
        """The endpoint, and its secret when it is new. One that is moved keeps its secret, and is tried afresh."""
        try:
            parse_url(url, loopback=self._loopback)
        except ValueError as error:
            raise InvalidInput(fields={"url": str(error)}) from error
        secret, now = new_secret(), self._clock()
        made = Endpoint(tenant_id=tenant_id, url=url, sealed_secret=self._seal(tenant_id, secret), created_at=now)

        def change(current: Endpoint | None) -> Endpoint:
            if current is None:
                return made
            return current.model_copy(update={"url": url}).judged(EndpointStatus.WORKING, at=now)

        endpoint = self._notifications.change_endpoint(tenant_id, change)
        _log.info("notification_endpoint_set")
        return endpoint, secret if endpoint is made else None

    def rotate_secret(self, tenant_id: str) -> tuple[Endpoint, str]:
        """A new secret; for a day notifications are signed with the old one as well."""
        secret, now = new_secret(), self._clock()
        sealed = self._seal(tenant_id, secret)

        def change(current: Endpoint | None) -> Endpoint:
            return _existing(current).model_copy(
                update={
                    "sealed_secret": sealed,
                    "sealed_previous_secret": _existing(current).sealed_secret,
                    "previous_until": now + SECRETS_OVERLAP,
                }
            )

        return self._notifications.change_endpoint(tenant_id, change), secret

    def endpoint(self, tenant_id: str) -> Endpoint:
        return _existing(self._notifications.endpoint(tenant_id))

    def forget_endpoint(self, tenant_id: str) -> None:
        self._notifications.delete_endpoint(tenant_id)
        _log.info("notification_endpoint_forgotten")

    def page(self, tenant_id: str, *, limit: int, after: str | None) -> tuple[list[Notification], str | None]:
        """The newest first, and the token of the next page when there is one."""
        return self._notifications.page(tenant_id, limit=limit, after=after)

    def _seal(self, tenant_id: str, secret: str) -> bytes:
        return self._sealer.seal(secret, place=seal_place(tenant_id))


def _existing(endpoint: Endpoint | None) -> Endpoint:
    if endpoint is None:
        raise NotFound("There is no endpoint for notifications yet.")
    return endpoint
