"""Where notifications begin: each is written in the transaction that makes it true, and enqueued afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from google.cloud import firestore

from backend.along import Along
from backend.automations.model import Attention, Automation
from backend.notifications.model import Notification, attention_notification, run_notification
from backend.notifications.repository import NotificationRepository
from backend.notifications.tasks import NotificationTasks
from backend.runs.model import Run, RunError, RunStatus


class Outbox:
    def __init__(
        self, notifications: NotificationRepository, tasks: NotificationTasks, *, large_from_rows: int
    ) -> None:
        self._notifications = notifications
        self._tasks = tasks
        self._large_from_rows = large_from_rows

    @contextmanager
    def end_of(self, run: Run, status: RunStatus, *, error: RunError | None, at: datetime) -> Iterator[Along]:
        """Around the transaction that ends the run."""
        news = run_notification(run, status, error=error, at=at, large_from_rows=self._large_from_rows)
        with self._sent(news) as along:
            yield along

    @contextmanager
    def stop_of(self, automation: Automation, attention: Attention) -> Iterator[Along]:
        """Around the transaction that lets the automation wait for its merchant."""
        with self._sent(attention_notification(automation, attention)) as along:
            yield along

    @contextmanager
    def _sent(self, notification: Notification | None) -> Iterator[Along]:
        written: list[Notification] = []

        def along(transaction: firestore.Transaction) -> None:
            if heard:
                self._notifications.write(heard, transaction)
                written[:] = [heard]

        heard = notification if notification and self._notifications.is_heard(notification.tenant_id) else None
        yield along
        for each in written:
            self._tasks.enqueue(each)
