"""Cloud Tasks: its client, and the one form that our tasks have, a call of the backend that it signs."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import grpc
from google.api_core.exceptions import AlreadyExists
from google.cloud.tasks_v2 import CloudTasksClient, HttpMethod, Task
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from backend.runs.queues import Queue

DEADLINE_S = 30


def tasks_client(endpoint: str | None) -> CloudTasksClient:
    """`endpoint` is the host:port of a local Cloud Tasks; None is Google's."""
    if endpoint is None:
        return CloudTasksClient()
    return CloudTasksClient(transport=CloudTasksGrpcTransport(channel=grpc.insecure_channel(endpoint)))


class BackendTasks:
    def __init__(
        self, client: CloudTasksClient, *, parent: str, public_url: str, service_account: str, timeout_s: float
    ) -> None:
        self._client = client
        self._parent = parent
        self._public_url = public_url.rstrip("/")
        self._service_account = service_account
        self._timeout_s = timeout_s

    def enqueue(
        self, queue: Queue, name: str, *, path: str, body: Mapping[str, Any], at: datetime | None = None
    ) -> None:
        """Once a name: Cloud Tasks remembers it for about an hour. Not before `at`; at once when None.

        Raises GoogleAPICallError or RetryError.
        """
        parent = f"{self._parent}/queues/{queue.name}"
        task = {
            "name": f"{parent}/tasks/{name}",
            "schedule_time": at,
            "dispatch_deadline": {"seconds": DEADLINE_S},
            "http_request": {
                "http_method": HttpMethod.POST,
                "url": self._public_url + path,
                "headers": {"Content-Type": "application/json"},
                "body": json.dumps(body).encode(),
                "oidc_token": {"service_account_email": self._service_account, "audience": self._public_url},
            },
        }
        try:
            self._client.create_task(parent=parent, task=Task(task), timeout=self._timeout_s)
        except AlreadyExists:
            return
