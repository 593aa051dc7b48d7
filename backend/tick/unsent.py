"""Notifications whose task never came: it was not enqueued, or its backend died at it."""

from datetime import timedelta

from backend.notifications.tasks import NotificationTasks
from backend.runs.everywhere import Everywhere
from backend.tick.budget import Budget

PATIENCE = timedelta(minutes=2)
CALL_EVERY_S = 600


class Unsent:
    def __init__(self, everywhere: Everywhere, tasks: NotificationTasks) -> None:
        self._everywhere = everywhere
        self._tasks = tasks

    def __call__(self, budget: Budget) -> int:
        """Enqueue them once more, every ten minutes; how many there were."""
        found = 0
        again = int(budget.at.timestamp()) // CALL_EVERY_S
        for notification in self._everywhere.overdue_notifications(since=budget.at - PATIENCE):
            self._tasks.enqueue(notification, again=again)
            found += 1
            if budget.spent:
                break
        return found
