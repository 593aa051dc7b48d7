"""One dispatch of a task: what is sent, and what its answer makes of the task."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import grpc
from google.cloud.tasks_v2.types import Attempt, Task

from infra.local.tasks.instants import epoch_s, timestamp
from infra.local.tasks.names import last_part, queue_of
from infra.local.tasks.retry import RetryPolicy
from infra.local.tasks.store import StoredTask

REPLACED_HEADERS = ("host", "content-length", "user-agent", "x-google-", "x-appengine-", "x-cloudtasks-")


@dataclass(frozen=True)
class Outcome:
    """`http_status` is None when no answer came: `reason` says why."""

    http_status: int | None
    reason: str = ""
    timed_out: bool = False
    retry_after_s: float = 0.0

    @property
    def is_success(self) -> bool:
        return self.http_status is not None and 200 <= self.http_status < 300


def headers(stored: StoredTask, *, authorization: str | None) -> dict[str, str]:
    """The task's own headers and those Cloud Tasks adds (its guide "Create HTTP target tasks", request headers)."""
    task = stored.task
    sent = _own_headers(task.http_request.headers)
    sent["User-Agent"] = "Google-Cloud-Tasks"
    sent["X-CloudTasks-QueueName"] = last_part(queue_of(task.name))
    sent["X-CloudTasks-TaskName"] = last_part(task.name)
    sent["X-CloudTasks-TaskRetryCount"] = str(task.dispatch_count - 1)
    sent["X-CloudTasks-TaskExecutionCount"] = str(stored.executions)
    sent["X-CloudTasks-TaskETA"] = f"{stored.schedule_s:.6f}"
    if stored.previous_response is not None:
        sent["X-CloudTasks-TaskPreviousResponse"] = str(stored.previous_response)
    if authorization is not None:
        sent["Authorization"] = authorization
    return sent


def dispatched(stored: StoredTask, *, now_s: float) -> StoredTask:
    """The task as it is while one more attempt waits for its answer."""
    task = Task(stored.task)
    task.dispatch_count += 1
    task.last_attempt = Attempt(schedule_time=timestamp(stored.schedule_s), dispatch_time=timestamp(now_s))
    if task.dispatch_count == 1:
        task.first_attempt = Attempt(dispatch_time=timestamp(now_s))
    return replace(stored, task=task, in_flight=stored.in_flight + 1)


def answered(stored: StoredTask, *, outcome: Outcome, policy: RetryPolicy, now_s: float) -> StoredTask | None:
    """The task as it waits for its next attempt; None when there will be none."""
    if outcome.is_success:
        return None
    task = Task(stored.task)
    age_s = now_s - epoch_s(task.first_attempt.dispatch_time)
    if policy.is_exhausted(attempts=task.dispatch_count, age_s=age_s):
        return None
    wait_s = max(policy.backoff_s(task.dispatch_count), outcome.retry_after_s)
    task.schedule_time = timestamp(now_s + wait_s)
    code, reason = _failure(outcome)
    task.last_attempt.response_status.code = code.value[0]
    task.last_attempt.response_status.message = f"{code.name}({code.value[0]}): {reason}"
    if outcome.http_status is not None:
        task.response_count += 1
        task.last_attempt.response_time = timestamp(now_s)
    executed = outcome.http_status is not None and outcome.http_status < 500
    return StoredTask(
        task=task,
        in_flight=stored.in_flight - 1,
        executions=stored.executions + executed,
        previous_response=outcome.http_status,
    )


def _own_headers(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if not name.lower().startswith(REPLACED_HEADERS)}


def _failure(outcome: Outcome) -> tuple[grpc.StatusCode, str]:
    if outcome.timed_out:
        return grpc.StatusCode.DEADLINE_EXCEEDED, "no answer before the dispatch deadline"
    if outcome.http_status is None:
        return grpc.StatusCode.UNAVAILABLE, outcome.reason
    return grpc.StatusCode.UNKNOWN, f"HTTP status code {outcome.http_status}"
