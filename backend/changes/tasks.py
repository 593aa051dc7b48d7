"""The task that turns a window's changes of one connection into runs."""

from backend.changes.model import window_end, window_of
from backend.clock import Clock
from backend.runs.queues import WEBHOOK
from backend.tasks import BackendTasks


class ChangeTasks:
    def __init__(self, tasks: BackendTasks, *, window_s: float, clock: Clock) -> None:
        self._tasks = tasks
        self._window_s = window_s
        self._clock = clock

    def enqueue(self, tenant_id: str, connection_id: str) -> None:
        """At the end of the present window, once for all that call meanwhile. Call it when the changes are written:
        a window that was read before may have ended since, and its task with it.
        """
        window = window_of(self._clock(), window_s=self._window_s)
        self._tasks.enqueue(
            WEBHOOK,
            f"changes-{connection_id}-{window}",
            path=f"/v1/internal/connections/{connection_id}/changes",
            body={"tenant_id": tenant_id},
            at=window_end(window, window_s=self._window_s),
        )
