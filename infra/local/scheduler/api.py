"""google.cloud.scheduler.v1.CloudScheduler, method by method."""

import time
from collections.abc import Callable
from dataclasses import replace

from google.cloud.scheduler_v1.types import (
    CreateJobRequest,
    DeleteJobRequest,
    GetJobRequest,
    Job,
    ListJobsRequest,
    ListJobsResponse,
    PauseJobRequest,
    ResumeJobRequest,
    RunJobRequest,
    UpdateJobRequest,
)
from google.protobuf.empty_pb2 import Empty

from infra.local.http_target.limits import DeadlineRange
from infra.local.resource_name import check_location
from infra.local.rpc_error import already_exists, failed_precondition, not_found
from infra.local.scheduler.dispatcher import Dispatcher
from infra.local.scheduler.new_job import check_job_name, created, updated
from infra.local.scheduler.store import Jobs, Store, StoredJob, scheduled

MAX_PAGE = 500
ENABLED, PAUSED = Job.State(Job.State.ENABLED), Job.State(Job.State.PAUSED)


class CloudScheduler:
    def __init__(
        self,
        *,
        store: Store,
        dispatcher: Dispatcher,
        deadlines: DeadlineRange,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._dispatcher = dispatcher
        self._deadlines = deadlines
        self._clock = clock

    def CreateJob(self, request: CreateJobRequest) -> Job:
        check_location(request.parent)
        job = created(request.job, parent=request.parent, now_s=self._clock(), deadlines=self._deadlines)
        with self._store.transaction() as jobs:
            if job.name in jobs:
                raise already_exists(f"Job [{job.name}] already exists.")
            jobs[job.name] = StoredJob(job)
        self._dispatcher.wake()
        return job

    def GetJob(self, request: GetJobRequest) -> Job:
        with self._store.transaction() as jobs:
            return _existing(jobs, request.name).job

    def ListJobs(self, request: ListJobsRequest) -> ListJobsResponse:
        check_location(request.parent)
        limit = min(request.page_size or MAX_PAGE, MAX_PAGE)
        with self._store.transaction() as jobs:
            names = [name for name in jobs if name.startswith(f"{request.parent}/jobs/") and name > request.page_token]
            page = [jobs[name].job for name in names[:limit]]
        return ListJobsResponse(jobs=page, next_page_token=page[-1].name if len(names) > limit else "")

    def UpdateJob(self, request: UpdateJobRequest) -> Job:
        """The state stays, and so does a paused job."""
        with self._store.transaction() as jobs:
            stored = _existing(jobs, request.job.name)
            job = updated(
                stored.job, request.job, mask=request.update_mask, now_s=self._clock(), deadlines=self._deadlines
            )
            jobs[job.name] = replace(stored, job=job, retrying=None)
        self._dispatcher.wake()
        return job

    def DeleteJob(self, request: DeleteJobRequest) -> Empty:
        with self._store.transaction() as jobs:
            _existing(jobs, request.name)
            del jobs[request.name]
        return Empty()

    def PauseJob(self, request: PauseJobRequest) -> Job:
        return self._switch(request.name, ENABLED, PAUSED, method="PauseJob")

    def ResumeJob(self, request: ResumeJobRequest) -> Job:
        return self._switch(request.name, PAUSED, ENABLED, method="ResumeJob")

    def RunJob(self, request: RunJobRequest) -> Job:
        with self._store.transaction() as jobs:
            stored = _existing(jobs, request.name)
            _check_state(stored.job, ENABLED, method="RunJob")
            started = self._dispatcher.run_now(jobs, request.name)
        self._dispatcher.wake()
        return started.job

    def _switch(self, name: str, before: Job.State, after: Job.State, *, method: str) -> Job:
        """What was missed while a job was paused is not made up for."""
        with self._store.transaction() as jobs:
            stored = _existing(jobs, name)
            _check_state(stored.job, before, method=method)
            job = scheduled(stored.job, after_s=self._clock())
            job.state = after
            jobs[name] = replace(stored, job=job, retrying=None)
        self._dispatcher.wake()
        return job


def _existing(jobs: Jobs, name: str) -> StoredJob:
    check_job_name(name)
    if name not in jobs:
        raise not_found("Job not found.")
    return jobs[name]


def _check_state(job: Job, state: Job.State, *, method: str) -> None:
    if job.state != state:
        raise failed_precondition(f"Job.state must be {state.name} for {method}.")
