"""Dispatch: a Cloud Task that starts the Cloud Run job for a lane.

A task may come twice, late, or for a lane that was drained meanwhile. That does no harm: the lane's lease lets one
worker in, and the worker finds its runs by query.
"""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import httplib2
import structlog
from google.api_core.exceptions import AlreadyExists
from google.auth.exceptions import GoogleAuthError
from google.cloud.tasks_v2 import CloudTasksClient, HttpMethod, Task
from googleapiclient.errors import HttpError

from backend.clock import Clock
from backend.errors import RetriableError, TabkeeperError, UpstreamUnavailable
from backend.runs.lanes import LaneRepository
from backend.runs.model import Run
from backend.runs.queues import INTERACTIVE
from backend.runs.repository import RunRepository

DISPATCH_DEADLINE_S = 30
_RETRIABLE_STATUSES = frozenset({408, 409, 429, 500, 502, 503, 504})
_log = structlog.get_logger()


class LaneHeld(RetriableError):
    """A worker is at this lane; Cloud Tasks asks again, in case that worker is dead."""

    code = "lane_held"
    retry_after_s: ClassVar[float] = 1.0
    """Short: the queue's own back-off decides."""


class Dispatched(StrEnum):
    STARTED = "started"
    NOTHING_WAITS = "nothing_waits"
    REFUSED = "refused"  #: Cloud Run will not start the job, however often it is asked; recorded as an error


class LaneTasks:
    """Enqueues lanes."""

    def __init__(
        self,
        tasks: CloudTasksClient,
        *,
        parent: str,
        public_url: str,
        service_account: str,
        timeout_s: float,
    ) -> None:
        self._tasks = tasks
        self._queue = f"{parent}/queues/{INTERACTIVE.name}"
        self._public_url = public_url.rstrip("/")
        self._service_account = service_account
        self._timeout_s = timeout_s

    def enqueue(self, run: Run, *, not_before: datetime | None = None, again: int | None = None) -> None:
        """Once an attempt: a task of the same name is remembered by Cloud Tasks for about an hour.

        Where a task came and no worker did, `again` numbers another one.
        """
        name = f"lane-{run.connection_id}-{run.id}-{run.attempt}"
        task = {
            "name": f"{self._queue}/tasks/{name}" if again is None else f"{self._queue}/tasks/{name}-{again}",
            "schedule_time": not_before,
            "dispatch_deadline": {"seconds": DISPATCH_DEADLINE_S},
            "http_request": {
                "http_method": HttpMethod.POST,
                "url": f"{self._public_url}/v1/internal/lanes/{run.connection_id}/dispatch",
                "headers": {"Content-Type": "application/json"},
                "body": json.dumps({"tenant_id": run.tenant_id}).encode(),
                "oidc_token": {"service_account_email": self._service_account, "audience": self._public_url},
            },
        }
        try:
            self._tasks.create_task(parent=self._queue, task=Task(task), timeout=self._timeout_s)
        except AlreadyExists:
            return


class LaneStarter:
    """What a task does when it arrives."""

    def __init__(self, runs: RunRepository, lanes: LaneRepository, *, run_admin: Any, job: str, clock: Clock) -> None:
        self._runs = runs
        self._lanes = lanes
        self._run_admin = run_admin
        self._job = job
        self._clock = clock

    def start(self, tenant_id: str, connection_id: str) -> Dispatched:
        """Raises RetriableError when Cloud Tasks shall come again."""
        if self._runs.next_in_lane(tenant_id, connection_id, at=self._clock()) is None:
            return Dispatched.NOTHING_WAITS
        if self._lanes.is_held(connection_id, at=self._clock()):
            raise LaneHeld
        try:
            self._start_job(connection_id)
        except RetriableError:
            raise
        except TabkeeperError as error:
            _log.error("lane_not_started", lane=connection_id, detail=error.detail)
            return Dispatched.REFUSED
        _log.info("lane_started", lane=connection_id)
        return Dispatched.STARTED

    def _start_job(self, connection_id: str) -> None:
        body = {"overrides": {"containerOverrides": [{"args": ["lane", connection_id]}]}}
        request = self._run_admin.projects().locations().jobs().run(name=self._job, body=body)
        try:
            request.execute(num_retries=0)
        except HttpError as error:
            detail = f"Cloud Run answered {error.status_code}: {error.reason}"
            if error.status_code in _RETRIABLE_STATUSES:
                raise UpstreamUnavailable("Cloud Run did not take the job.", detail=detail) from error
            raise TabkeeperError(detail=detail) from error
        except (OSError, httplib2.HttpLib2Error, GoogleAuthError) as error:
            raise UpstreamUnavailable("Cloud Run did not answer.", detail=type(error).__name__) from error
