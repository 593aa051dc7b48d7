"""What a task must be to be accepted, and what it is when little is said (reference of Task and HttpRequest)."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from google.cloud.tasks_v2.types import HttpMethod, HttpRequest, Task

from infra.local.tasks.errors import invalid_argument, unimplemented
from infra.local.tasks.instants import duration, epoch_s, seconds, timestamp
from infra.local.tasks.names import check_task, queue_of
from infra.local.tasks.queue_settings import complete_retry_config

MAX_TASK_BYTES = 1024 * 1024
MAX_URL_CHARACTERS = 2083
MAX_HEADERS_BYTES = 80 * 1024
MAX_SCHEDULE_AHEAD_S = 720 * 3600
DEFAULT_DEADLINE_S = 600.0
METHODS_WITH_BODY = frozenset({HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH})


@dataclass(frozen=True)
class DeadlineRange:
    """How long a dispatch may wait for its answer. Tests that wait for one start the service with a lower minimum."""

    min_s: float = 15.0
    max_s: float = 1800.0


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
    url = urlsplit(request.url)
    if url.scheme not in {"http", "https"} or not url.hostname or len(request.url) > MAX_URL_CHARACTERS:
        raise invalid_argument("HttpRequest.url must be a full URL that begins with http:// or https://.")
    if request.body and completed.http_method not in METHODS_WITH_BODY:
        raise invalid_argument("HttpRequest.body is only allowed for the methods POST, PUT and PATCH.")
    if sum(len(name) + len(value) for name, value in request.headers.items()) >= MAX_HEADERS_BYTES:
        raise invalid_argument("HttpRequest.headers must be less than 80KB.")
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
    if not deadlines.min_s <= asked_s <= deadlines.max_s:
        raise invalid_argument(
            f"The Task.dispatchDeadline must be between [{deadlines.min_s:g}s, {deadlines.max_s:g}s]."
        )
    return asked_s
