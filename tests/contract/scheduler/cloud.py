from typing import Any

import grpc
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import CloudSchedulerGrpcTransport

from tests.contract.worker import Delivery, Worker, until

LOCATION = "projects/tabkeeper/locations/europe-west1"
ACCOUNT = "scheduler@tabkeeper.iam.gserviceaccount.com"
EVERY_MINUTE = "* * * * *"
NEW_YEAR = "0 0 1 1 *"


class Cloud:
    """A client of one running service, with shorthands for what the tests do again and again."""

    def __init__(self, address: str, worker: Worker) -> None:
        self._channel = grpc.insecure_channel(address)
        self.client: Any = CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=self._channel))
        self.worker = worker

    def job(self, path: str, *, schedule: str = NEW_YEAR, **fields: Any) -> str:
        """Its id is the path; at New Year no test runs."""
        name = f"{LOCATION}/jobs/{path.strip('/')}"
        target = {"uri": self.worker.url + path, **fields.pop("http_target", {})}
        body = {"name": name, "schedule": schedule, "http_target": target, **fields}
        self.client.create_job(parent=LOCATION, job=body)
        return name

    def get(self, name: str) -> Any:
        return self.client.get_job(name=name)

    def run(self, path: str, **fields: Any) -> Delivery:
        """What reaches the worker when a new job is told to run."""
        self.client.run_job(name=self.job(path, **fields))
        return self.worker.wait_for(path)[0]

    def await_status(self, name: str) -> int:
        """The code of its last attempt, once that failed."""
        until(lambda: self.get(name).status.code != 0)
        return int(self.get(name).status.code)

    def barrier(self, path: str) -> None:
        """Returns when the dispatcher has looked at all schedules once more."""
        for turn in (1, 2):
            self.run(f"{path}-barrier-{turn}")

    def close(self) -> None:
        self._channel.close()
