"""The queues of Cloud Tasks: what they are at, and their valves."""

from typing import Any

import grpc
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

CALL: dict[str, Any] = {"timeout": 5.0, "retry": None}
MOST_TASKS = 1000


class Queues:
    def __init__(self, channel: grpc.Channel, *, parent: str) -> None:
        self._client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
        self._parent = parent

    def state(self) -> list[dict[str, Any]]:
        return [
            {
                "name": queue.name.rpartition("/")[2],
                "paused": queue.state == queue.State.PAUSED,
                "dispatches_per_s": queue.rate_limits.max_dispatches_per_second,
                "max_concurrent": queue.rate_limits.max_concurrent_dispatches,
                **self._tasks(queue.name),
            }
            for queue in self._client.list_queues(parent=self._parent, **CALL)
        ]

    def pause(self, name: str) -> None:
        self._client.pause_queue(name=f"{self._parent}/queues/{name}", **CALL)

    def resume(self, name: str) -> None:
        self._client.resume_queue(name=f"{self._parent}/queues/{name}", **CALL)

    def _tasks(self, queue: str) -> dict[str, Any]:
        """How many there are, and how many of them were tried already."""
        page = self._client.list_tasks(request={"parent": queue, "page_size": MOST_TASKS}, **CALL)
        tasks = next(iter(page.pages)).tasks
        return {"tasks": len(tasks), "tried": sum(task.dispatch_count > 0 for task in tasks)}
