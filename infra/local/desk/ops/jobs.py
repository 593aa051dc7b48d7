"""The jobs of Cloud Scheduler: what they are at, and their valves."""

from typing import Any

import grpc
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import CloudSchedulerGrpcTransport

CALL: dict[str, Any] = {"timeout": 5.0, "retry": None}


class Jobs:
    def __init__(self, channel: grpc.Channel, *, parent: str) -> None:
        self._client: Any = CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel))
        self._parent = parent

    def state(self) -> list[dict[str, Any]]:
        return [
            {
                "name": job.name.rpartition("/")[2],
                "description": job.description,
                "schedule": job.schedule,
                "paused": job.state == job.State.PAUSED,
                "last_at": job.last_attempt_time or None,
                "next_at": job.schedule_time or None,
                "problem": job.status.message or (f"code {job.status.code}" if job.status.code else ""),
            }
            for job in self._client.list_jobs(parent=self._parent, **CALL)
        ]

    def pause(self, name: str) -> None:
        self._client.pause_job(name=self._name(name), **CALL)

    def resume(self, name: str) -> None:
        self._client.resume_job(name=self._name(name), **CALL)

    def run(self, name: str) -> None:
        self._client.run_job(name=self._name(name), **CALL)

    def _name(self, name: str) -> str:
        return f"{self._parent}/jobs/{name}"
