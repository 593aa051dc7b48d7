"""Names of queues and tasks, and the characters each part may have."""

from infra.local.resource_name import LOCATION, LOCATION_FORM, check_name

QUEUE = f"{LOCATION}/queues/[A-Za-z0-9-]{{1,100}}"
QUEUE_FORM = f"{LOCATION_FORM}/queues/<QUEUE_ID>"
TASK = f"{QUEUE}/tasks/[A-Za-z0-9_-]{{1,500}}"
TASK_FORM = f"{QUEUE_FORM}/tasks/<TASK_ID>"


def check_queue(name: str) -> None:
    check_name(QUEUE, name, what="Queue", form=QUEUE_FORM)


def check_task(name: str) -> None:
    check_name(TASK, name, what="Task", form=TASK_FORM)


def queue_of(task_name: str) -> str:
    return task_name.partition("/tasks/")[0]
