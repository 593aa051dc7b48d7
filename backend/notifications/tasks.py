"""The task that delivers a notification."""

import structlog
from google.api_core.exceptions import GoogleAPICallError, RetryError

from backend.notifications.model import Notification
from backend.runs.queues import NOTIFY
from backend.tasks import BackendTasks

_log = structlog.get_logger()


class NotificationTasks:
    """Each attempt has a task of its own: Cloud Tasks slows a whole queue down when tasks fail
    (https://cloud.google.com/tasks/docs/common-pitfalls), and one tenant's broken endpoint concerns no other.
    """

    def __init__(self, tasks: BackendTasks) -> None:
        self._tasks = tasks

    def enqueue(self, notification: Notification, *, again: int | None = None) -> None:
        """Its next attempt, once. Where a task came to nothing, `again` numbers another one.

        What could not be enqueued is enqueued by the tick.
        """
        name = f"notification-{notification.id}-{notification.attempts}"
        try:
            self._tasks.enqueue(
                NOTIFY,
                name if again is None else f"{name}-{again}",
                path=f"/v1/internal/notifications/{notification.id}",
                body={"tenant_id": notification.tenant_id, "attempt": notification.attempts},
                at=notification.next_attempt_at,
            )
        except (GoogleAPICallError, RetryError) as error:
            _log.warning("notification_not_enqueued", notification_id=notification.id, reason=type(error).__name__)
