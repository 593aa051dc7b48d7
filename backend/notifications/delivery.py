"""Attempts to deliver a notification: signed, bounded in time, recorded."""

from http import HTTPStatus
from urllib.parse import urlsplit

import structlog

from backend.clock import Clock
from backend.notifications.model import Endpoint, EndpointStatus, Notification, NotificationStatus, seal_place
from backend.notifications.post import Post, Reply
from backend.notifications.repository import NotificationRepository
from backend.notifications.signature import signed_headers
from backend.notifications.tasks import NotificationTasks
from backend.sealing import Sealer

NOBODY = "There is no endpoint any more."
_log = structlog.get_logger()


class Delivery:
    def __init__(
        self,
        notifications: NotificationRepository,
        tasks: NotificationTasks,
        *,
        post: Post,
        sealer: Sealer,
        clock: Clock,
    ) -> None:
        self._notifications = notifications
        self._tasks = tasks
        self._post = post
        self._sealer = sealer
        self._clock = clock

    def attempt(self, tenant_id: str, notification_id: str, *, number: int) -> NotificationStatus | None:
        """Make the attempt of this number and see to the next one; None when it was made before.

        A crash after the answer repeats it: the receiver knows it by its id.
        """
        notification = self._notifications.find(tenant_id, notification_id)
        if not notification or notification.status is not NotificationStatus.PENDING or notification.attempts != number:
            return None
        endpoint = self._notifications.endpoint(tenant_id)
        if endpoint is None or endpoint.status is EndpointStatus.GONE:
            after = notification.given_up(NOBODY)
        else:
            reply = self._send(notification, endpoint)
            after = self._judge(notification, endpoint, reply)
        if not self._notifications.record(notification, after):
            return None
        _log.info("notification_attempted", notification_id=after.id, status=after.status, attempts=after.attempts)
        if after.next_attempt_at:
            self._tasks.enqueue(after)
        return after.status

    def _send(self, notification: Notification, endpoint: Endpoint) -> Reply:
        now, body = self._clock(), notification.payload
        secrets = [
            self._sealer.unseal(sealed, place=seal_place(endpoint.tenant_id)) for sealed in endpoint.sealed_secrets(now)
        ]
        headers = signed_headers(notification.id, body, with_secrets=secrets, at=now)
        return self._post.send(urlsplit(endpoint.url), body, headers={"Content-Type": "application/json", **headers})

    def _judge(self, notification: Notification, endpoint: Endpoint, reply: Reply) -> Notification:
        at = self._clock()
        problem = reply.problem or f"It answered {reply.status}."
        if reply.status is not None and HTTPStatus(200) <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
            status, after = EndpointStatus.WORKING, notification.after_success(at=at)
        elif reply.status == HTTPStatus.GONE:
            status, after = EndpointStatus.GONE, notification.given_up(problem, attempts=notification.attempts + 1)
        else:
            status, after = EndpointStatus.FAILING, notification.after_failure(problem, at=at)
        if status is not endpoint.status:
            self._notifications.judge_endpoint(endpoint, endpoint.judged(status, at=at))
            _log.info("notification_endpoint_judged", status=status)
        return after
