"""What an attempt is, and what its beginning and its end make of a job (reference of Job.schedule and RetryConfig)."""

from dataclasses import replace
from datetime import UTC, datetime

import grpc
from google.cloud.scheduler_v1.types import HttpMethod, Job
from google.rpc.status_pb2 import Status

from infra.local.http_target.call import Call, Outcome, own_headers
from infra.local.instants import seconds, timestamp
from infra.local.resource_name import last_part
from infra.local.scheduler.new_job import retry_policy
from infra.local.scheduler.store import Execution, StoredJob, scheduled

STATUS_OF_HTTP = {
    400: grpc.StatusCode.INVALID_ARGUMENT,
    401: grpc.StatusCode.UNAUTHENTICATED,
    403: grpc.StatusCode.PERMISSION_DENIED,
    404: grpc.StatusCode.NOT_FOUND,
    409: grpc.StatusCode.ABORTED,
    429: grpc.StatusCode.RESOURCE_EXHAUSTED,
    500: grpc.StatusCode.INTERNAL,
    501: grpc.StatusCode.UNIMPLEMENTED,
    503: grpc.StatusCode.UNAVAILABLE,
    504: grpc.StatusCode.DEADLINE_EXCEEDED,
}
"""google/rpc/code.proto"""


def is_due(stored: StoredJob, *, now_s: float) -> bool:
    """An execution is late while the one before it goes on."""
    return stored.is_enabled and stored.in_flight == 0 and stored.schedule_s <= now_s


def begun(stored: StoredJob, *, now_s: float) -> tuple[StoredJob, Execution]:
    """The next attempt of what is due."""
    execution = stored.retrying or Execution(stored.schedule_s, first_attempt_s=now_s, attempts=0)
    return _attempted(stored, execution, now_s=now_s)


def forced(stored: StoredJob, *, now_s: float) -> tuple[StoredJob, Execution]:
    """RunJob: at once, even while another attempt waits for its answer; takes the place of one that waits for its
    retry.
    """
    return _attempted(stored, Execution(now_s, first_attempt_s=now_s, attempts=0), now_s=now_s)


def ended(stored: StoredJob, execution: Execution, outcome: Outcome, *, now_s: float) -> StoredJob:
    """Retried until it succeeds, the policy ends or the schedule's next instant comes."""
    job = Job(stored.job)
    job.status = Status(code=_code(outcome).value[0])
    left = replace(stored, job=job, in_flight=stored.in_flight - 1)
    policy = retry_policy(job.retry_config)
    exhausted = policy.is_exhausted(attempts=execution.attempts, age_s=now_s - execution.first_attempt_s)
    retry_s = now_s + policy.backoff_s(execution.attempts)
    if outcome.is_success or exhausted or retry_s >= stored.schedule_s or not stored.is_enabled:
        return left
    job.schedule_time = timestamp(retry_s)
    return replace(left, retrying=execution)


def call(job: Job, execution: Execution) -> Call:
    """The target's own headers and those that Cloud Scheduler adds (reference of HttpTarget.headers)."""
    target = job.http_target
    headers = own_headers(target.headers, replaced=["x-cloudscheduler"])
    headers["User-Agent"] = "Google-Cloud-Scheduler"
    headers["X-CloudScheduler"] = "true"
    headers["X-CloudScheduler-JobName"] = last_part(job.name)
    headers["X-CloudScheduler-ScheduleTime"] = _zulu(execution.scheduled_s)
    if target.body and "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = "application/octet-stream"
    return Call(
        target=target,
        method=HttpMethod(target.http_method).name,
        url=target.uri,
        deadline_s=seconds(job.attempt_deadline),
        headers=headers,
        body=target.body,
    )


def _zulu(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).isoformat().replace("+00:00", "Z")


def _attempted(stored: StoredJob, execution: Execution, *, now_s: float) -> tuple[StoredJob, Execution]:
    job = scheduled(stored.job, after_s=now_s)
    job.last_attempt_time = timestamp(now_s)
    attempt = replace(execution, attempts=execution.attempts + 1)
    return replace(stored, job=job, in_flight=stored.in_flight + 1, retrying=None), attempt


def _code(outcome: Outcome) -> grpc.StatusCode:
    if outcome.is_success:
        return grpc.StatusCode.OK
    if outcome.timed_out:
        return grpc.StatusCode.DEADLINE_EXCEEDED
    if outcome.http_status is None:
        return grpc.StatusCode.UNAVAILABLE
    return STATUS_OF_HTTP.get(outcome.http_status, grpc.StatusCode.UNKNOWN)
