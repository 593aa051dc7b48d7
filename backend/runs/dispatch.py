"""Dispatch: a Cloud Task that starts the Cloud Run job for a lane.

A task may come twice, late, or for a lane that was drained meanwhile. That does no harm: the lane's lease lets one
worker in, and the worker finds its runs by query.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

import httplib2
import structlog
from google.auth.exceptions import GoogleAuthError
from googleapiclient.errors import HttpError

from backend.clock import Clock
from backend.errors import RetriableError, TabkeeperError, UpstreamUnavailable
from backend.runs.everywhere import Everywhere
from backend.runs.lanes import LaneRepository
from backend.runs.model import Run
from backend.runs.queues import LANE_QUEUES
from backend.runs.repository import RunRepository
from backend.tasks import BackendTasks

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
    WAITS_ITS_TURN = "waits_its_turn"  #: as many lanes run as may; a worker takes it as soon as it comes free
    REFUSED = "refused"  #: Cloud Run will not start the job, however often it is asked; recorded as an error


class LaneTasks:
    """Enqueues lanes."""

    def __init__(self, tasks: BackendTasks) -> None:
        self._tasks = tasks

    def enqueue(self, run: Run, *, not_before: datetime | None = None, again: int | None = None) -> None:
        """Once an attempt; where a task came and no worker did, `again` numbers another one.

        Raises GoogleAPICallError or RetryError.
        """
        name = f"lane-{run.connection_id}-{run.id}-{run.attempt}"
        self._tasks.enqueue(
            LANE_QUEUES[run.trigger],
            name if again is None else f"{name}-{again}",
            path=f"/v1/internal/lanes/{run.connection_id}/dispatch",
            body={"tenant_id": run.tenant_id},
            at=not_before,
        )


class LaneStarter:
    """What a task does when it arrives.

    `max_lanes` is looked at before a job is started: tasks that arrive in the same instant may exceed it by as many as
    the backend answers at once. A tenant's own cap is never exceeded.
    """

    def __init__(
        self,
        runs: RunRepository,
        lanes: LaneRepository,
        *,
        everywhere: Everywhere,
        run_admin: Any,
        job: str,
        clock: Clock,
        max_lanes: int,
        start_s: float,
    ) -> None:
        self._runs = runs
        self._lanes = lanes
        self._everywhere = everywhere
        self._run_admin = run_admin
        self._job = job
        self._clock = clock
        self._max_lanes = max_lanes
        self._start_s = start_s

    def start(self, tenant_id: str, connection_id: str) -> Dispatched:
        """Raises RetriableError when Cloud Tasks shall come again."""
        now = self._clock()
        run = self._runs.next_in_lane(tenant_id, connection_id, at=now)
        if run is None:
            return Dispatched.NOTHING_WAITS
        self._lanes.announce(connection_id, tenant_id=tenant_id, at=now, person=run.is_for_a_person)
        lane = self._lanes.get(connection_id)
        if lane.held_by(now):
            raise LaneHeld
        free = len(self._everywhere.held_lanes(at=now)) < self._max_lanes
        reservation = self._lanes.reserve(connection_id, at=now, start_s=self._start_s) if free else None
        if reservation is None:
            self._lanes.excuse(lane)
            return Dispatched.WAITS_ITS_TURN
        try:
            self._start_job(connection_id)
        except TabkeeperError as error:
            self._lanes.give_back(reservation, drained=False)
            if error.retriable:
                raise
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
