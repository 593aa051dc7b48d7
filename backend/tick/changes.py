"""Changes that a webhook noted and whose task was never enqueued, since the ingress died between the two."""

from datetime import timedelta

import structlog

from backend.changes.tasks import ChangeTasks
from backend.runs.everywhere import Everywhere
from backend.tick.budget import Budget

_log = structlog.get_logger()


class LeftChanges:
    def __init__(self, everywhere: Everywhere, tasks: ChangeTasks, *, window_s: float) -> None:
        """The task of a change comes within its window of `window_s`; what is two windows old has none."""
        self._everywhere = everywhere
        self._tasks = tasks
        self._patience = timedelta(seconds=2 * window_s)

    def __call__(self, budget: Budget) -> int:
        """Enqueue a task for each connection with such changes; how many those are."""
        called: set[str] = set()
        for tenant_id, connection_id in self._everywhere.noted_changes(since=budget.at - self._patience):
            if budget.spent:
                break
            if connection_id not in called:
                called.add(connection_id)
                self._tasks.enqueue(tenant_id, connection_id)
                _log.info("changes_called_again", lane=connection_id)
        return len(called)
