"""One dispatch of a task: what is sent, and what its answer makes of the task."""

from dataclasses import replace

import grpc
from google.cloud.tasks_v2.types import Attempt, HttpMethod, Task

from infra.local.http_target.call import Call, Outcome, own_headers
from infra.local.http_target.retry import RetryPolicy
from infra.local.instants import epoch_s, seconds, timestamp
from infra.local.resource_name import last_part
from infra.local.tasks.names import queue_of
from infra.local.tasks.store import StoredTask


def call(stored: StoredTask) -> Call:
    request = stored.task.http_request
    return Call(
        target=request,
        method=HttpMethod(request.http_method).name,
        url=request.url,
        deadline_s=seconds(stored.task.dispatch_deadline),
        headers=_headers(stored),
        body=request.body,
    )


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


def _headers(stored: StoredTask) -> dict[str, str]:
    """The task's own headers and those Cloud Tasks adds (its guide "Create HTTP target tasks", request headers)."""
    task = stored.task
    sent = own_headers(task.http_request.headers, replaced=["x-cloudtasks-"])
    sent["User-Agent"] = "Google-Cloud-Tasks"
    sent["X-CloudTasks-QueueName"] = last_part(queue_of(task.name))
    sent["X-CloudTasks-TaskName"] = last_part(task.name)
    sent["X-CloudTasks-TaskRetryCount"] = str(task.dispatch_count - 1)
    sent["X-CloudTasks-TaskExecutionCount"] = str(stored.executions)
    sent["X-CloudTasks-TaskETA"] = f"{stored.schedule_s:.6f}"
    if stored.previous_response is not None:
        sent["X-CloudTasks-TaskPreviousResponse"] = str(stored.previous_response)
    return sent


def _failure(outcome: Outcome) -> tuple[grpc.StatusCode, str]:
    if outcome.timed_out:
        return grpc.StatusCode.DEADLINE_EXCEEDED, "no answer before the dispatch deadline"
    if outcome.http_status is None:
        return grpc.StatusCode.UNAVAILABLE, outcome.reason
    return grpc.StatusCode.UNKNOWN, f"HTTP status code {outcome.http_status}"
