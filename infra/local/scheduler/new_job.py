"""What a job must be to be accepted, and what it is when little is said (references of Job and RetryConfig)."""

import secrets
from typing import Any

from google.cloud.scheduler_v1.types import HttpMethod, Job, RetryConfig
from google.protobuf.field_mask_pb2 import FieldMask

from infra.local.http_target.limits import DeadlineRange, check_target
from infra.local.http_target.retry import RetryPolicy
from infra.local.instants import duration, seconds, timestamp
from infra.local.resource_name import LOCATION, LOCATION_FORM, check_name
from infra.local.rpc_error import invalid_argument, unimplemented
from infra.local.scheduler.store import scheduled

JOB = f"{LOCATION}/jobs/[A-Za-z0-9_-]{{1,500}}"
JOB_FORM = f"{LOCATION_FORM}/jobs/<JOB_ID>"
OUTPUT_ONLY = FieldMask(paths=["name", "user_update_time", "state", "status", "schedule_time", "last_attempt_time"])
MAX_JOB_BYTES = 1024 * 1024
MAX_DESCRIPTION_CHARACTERS = 500
MAX_RETRIES = 5
DEFAULT_DEADLINE_S = 180.0
DEFAULT_MIN_BACKOFF_S, DEFAULT_MAX_BACKOFF_S, DEFAULT_DOUBLINGS = 5.0, 3600.0, 5


def check_job_name(name: str) -> None:
    check_name(JOB, name, what="Job", form=JOB_FORM)


def created(asked: Job, *, parent: str, now_s: float, deadlines: DeadlineRange) -> Job:
    job = Job(name=asked.name or f"{parent}/jobs/{secrets.randbelow(10**19):019d}", state=Job.State.ENABLED)
    check_job_name(job.name)
    if not job.name.startswith(f"{parent}/jobs/"):
        raise invalid_argument("Job.name must lie under the parent of the request.")
    return updated(job, asked, mask=FieldMask(), now_s=now_s, deadlines=deadlines)


def updated(job: Job, asked: Job, *, mask: FieldMask, now_s: float, deadlines: DeadlineRange) -> Job:
    """The job with those fields of `asked` that the mask names, all without one; what is output only stays. Its next
    instant is counted anew.
    """
    wanted = Job(asked if not mask.paths else job)
    _merge(mask, asked, wanted)
    _merge(OUTPUT_ONLY, job, wanted)
    wanted.user_update_time = timestamp(now_s)
    return scheduled(_complete(wanted, deadlines), after_s=now_s)


def retry_policy(config: RetryConfig) -> RetryPolicy:
    """Of a config that is complete."""
    return RetryPolicy(
        max_attempts=1 + config.retry_count,
        max_retry_duration_s=seconds(config.max_retry_duration),
        min_backoff_s=seconds(config.min_backoff_duration),
        max_backoff_s=seconds(config.max_backoff_duration),
        max_doublings=config.max_doublings,
    )


def _merge(mask: FieldMask, source: Job, into: Job) -> None:
    descriptor: Any = Job.pb(source).DESCRIPTOR
    for path in mask.paths:
        if not FieldMask(paths=[path]).IsValidForDescriptor(descriptor):
            raise invalid_argument(f"Invalid mask for Job: {path}")
    mask.MergeMessage(Job.pb(source), Job.pb(into), True, True)


def _complete(job: Job, deadlines: DeadlineRange) -> Job:
    job.time_zone = job.time_zone or "Etc/UTC"
    if "pubsub_target" in job or "app_engine_http_target" in job:
        raise unimplemented("this local Cloud Scheduler calls HTTP targets only")
    if "http_target" not in job:
        raise invalid_argument("Job.target is required: one of http_target, pubsub_target, app_engine_http_target.")
    target = job.http_target
    target.http_method = HttpMethod(target.http_method or HttpMethod.POST)
    method = HttpMethod(target.http_method).name
    check_target("HttpTarget", url=target.uri, method=method, headers=target.headers, body=target.body)
    if "attempt_deadline" not in job:
        job.attempt_deadline = duration(DEFAULT_DEADLINE_S)
    deadlines.check(seconds(job.attempt_deadline), field="Job.attemptDeadline")
    job.retry_config = _complete_retry_config(job.retry_config)
    if len(job.description) > MAX_DESCRIPTION_CHARACTERS:
        raise invalid_argument(f"Job.description must not exceed {MAX_DESCRIPTION_CHARACTERS} characters.")
    if len(Job.serialize(job)) > MAX_JOB_BYTES:
        raise invalid_argument(f"Job size too large: the limit is {MAX_JOB_BYTES} bytes.")
    return job


def _complete_retry_config(config: RetryConfig) -> RetryConfig:
    completed = RetryConfig(config)
    if not 0 <= config.retry_count <= MAX_RETRIES:
        raise invalid_argument(f"RetryConfig.retryCount must be between 0 and {MAX_RETRIES}.")
    if "max_retry_duration" not in config:
        completed.max_retry_duration = duration(0)
    if "min_backoff_duration" not in config:
        completed.min_backoff_duration = duration(DEFAULT_MIN_BACKOFF_S)
    if "max_backoff_duration" not in config:
        completed.max_backoff_duration = duration(DEFAULT_MAX_BACKOFF_S)
    completed.max_doublings = config.max_doublings or DEFAULT_DOUBLINGS
    if seconds(completed.min_backoff_duration) > seconds(completed.max_backoff_duration):
        raise invalid_argument("RetryConfig.minBackoffDuration must not be greater than maxBackoffDuration.")
    return completed
