"""Resource names and the characters each part may have (reference of Task.name and Queue.name)."""

import re

from infra.local.rpc_error import invalid_argument

PROJECT_ID, LOCATION_ID, QUEUE_ID, TASK_ID = (
    "[A-Za-z0-9:.-]+",
    "[A-Za-z0-9-]+",
    "[A-Za-z0-9-]{1,100}",
    "[A-Za-z0-9_-]{1,500}",
)
LOCATION = f"projects/{PROJECT_ID}/locations/{LOCATION_ID}"
QUEUE = f"{LOCATION}/queues/{QUEUE_ID}"
TASK = f"{QUEUE}/tasks/{TASK_ID}"


def check_location(name: str) -> None:
    _check(LOCATION, name, 'Location name must be formatted: "projects/<PROJECT_ID>/locations/<LOCATION_ID>"')


def check_queue(name: str) -> None:
    _check(
        QUEUE, name, 'Queue name must be formatted: "projects/<PROJECT_ID>/locations/<LOCATION_ID>/queues/<QUEUE_ID>"'
    )


def check_task(name: str) -> None:
    form = "projects/<PROJECT_ID>/locations/<LOCATION_ID>/queues/<QUEUE_ID>/tasks/<TASK_ID>"
    _check(TASK, name, f'Task name must be formatted: "{form}"')


def queue_of(task_name: str) -> str:
    return task_name.partition("/tasks/")[0]


def last_part(name: str) -> str:
    return name.rpartition("/")[2]


def _check(pattern: str, name: str, message: str) -> None:
    if not re.fullmatch(pattern, name):
        raise invalid_argument(message)
