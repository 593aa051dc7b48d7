"""What a task must be to be accepted, and what it is when little is said (reference of Task and HttpRequest)."""

import secrets
from datetime import UTC, datetime

from google.cloud.tasks_v2.types import HttpMethod, HttpRequest, Task

from infra.local.http_target.limits import DeadlineRange, check_target
from infra.local.instants import duration, epoch_s, seconds, timestamp
from infra.local.rpc_error import invalid_argument, unimplemented
from infra.local.tasks.names import check_task, queue_of
from infra.local.tasks.queue_settings import complete_retry_config

MAX_TASK_BYTES = 1024 * 1024
MAX_SCHEDULE_AHEAD_S = 720 * 3600
DEFAULT_DEADLINE_S = 600.0


def complete_task(task: Task, *, queue_name: str, now_s: float, deadlines: DeadlineRange) -> Task:
    """The task as it is stored: named, scheduled, counters at zero; raises for what the real service refuses."""
    accepted = Task(task)
    accepted.name = task.name or f"{queue_name}/tasks/{secrets.randbelow(10**19):019d}"
    check_task(accepted.name)
    if queue_of(accepted.name) != queue_name:
        raise invalid_argument(f"The queue name from request ('{queue_name}') must be the same as in the task's name.")
    if "app_engine_http_request" in task:
        raise unimplemented("this local Cloud Tasks dispatches HTTP targets only")
    if "http_request" not in task:
        raise invalid_argument("Task.message_type is required: one of http_request, app_engine_http_request.")
    accepted.http_request = _complete_request(task.http_request)
    accepted.schedule_time = timestamp(_schedule_s(task, now_s=now_s))
    accepted.dispatch_deadline = duration(_deadline_s(task, deadlines))
    if "retry_config" in task:
        accepted.retry_config = complete_retry_config(task.retry_config)
    accepted.create_time = timestamp(int(now_s))
    accepted.dispatch_count = accepted.response_count = 0
    del accepted.first_attempt, accepted.last_attempt
    if len(Task.serialize(accepted)) > MAX_TASK_BYTES:
        raise invalid_argument(f"Task size too large: the limit is {MAX_TASK_BYTES} bytes.")
    return accepted


def _complete_request(request: HttpRequest) -> HttpRequest:
    completed = HttpRequest(request)
    completed.http_method = HttpMethod(request.http_method or HttpMethod.POST)
    method = HttpMethod(completed.http_method).name
    check_target("HttpRequest", url=request.url, method=method, headers=request.headers, body=request.body)
    return completed


def _schedule_s(task: Task, *, now_s: float) -> float:
    """Now, when none or a past one is asked for."""
    asked_s = epoch_s(task.schedule_time) if "schedule_time" in task else now_s
    if asked_s > now_s + MAX_SCHEDULE_AHEAD_S:
        when = datetime.fromtimestamp(asked_s, UTC).isoformat()
        raise invalid_argument(
            f"The Task.scheduleTime, {when}, is too far in the future."
            " Schedule time must be no more than 720h in the future."
        )
    return max(asked_s, now_s)


def _deadline_s(task: Task, deadlines: DeadlineRange) -> float:
    if "dispatch_deadline" not in task:
        return DEFAULT_DEADLINE_S
    asked_s = seconds(task.dispatch_deadline)
    deadlines.check(asked_s, field="Task.dispatchDeadline")
    return asked_s
