import time
from typing import Any

import grpc
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.protobuf.duration_pb2 import Duration

from tests.contract.worker import Worker, until

LOCATION = "projects/tabkeeper/locations/europe-west1"
ACCOUNT = "tasks@tabkeeper.iam.gserviceaccount.com"
AT_ONCE = {"min_backoff": Duration(nanos=1_000_000), "max_backoff": Duration(nanos=10_000_000)}
NEVER_AGAIN = {"min_backoff": Duration(seconds=3000)}


class Cloud:
    """A client of one running service, with shorthands for what the tests do again and again."""

    def __init__(self, address: str, worker: Worker) -> None:
        self._channel = grpc.insecure_channel(address)
        self.client: Any = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=self._channel))
        self.worker = worker

    def queue(self, queue_id: str, **settings: Any) -> str:
        name = f"{LOCATION}/queues/{queue_id}"
        self.client.create_queue(request={"parent": LOCATION, "queue": {"name": name, **settings}})
        return name

    def task(self, queue: str, path: str, **fields: Any) -> Any:
        http_request = {"url": self.worker.url + path, **fields.pop("http_request", {})}
        return self.client.create_task(request={"parent": queue, "task": {"http_request": http_request, **fields}})

    def barrier(self, queue: str) -> None:
        """Returns when the dispatcher has looked at all queues once more."""
        path = f"/barrier/{time.monotonic_ns()}"
        self.task(queue, path)
        self.worker.wait_for(path)

    def wait_until_gone(self, queue: str) -> None:
        until(lambda: not list(self.client.list_tasks(parent=queue)))

    def close(self) -> None:
        self._channel.close()
