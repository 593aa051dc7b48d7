"""What whoever operates Tabkeeper does by hand: `python -m backend.admin queues`."""

import argparse
import sys

from google.api_core.exceptions import AlreadyExists
from google.cloud.tasks_v2 import CloudTasksClient, Queue

from backend.clients import tasks_client
from backend.errors import ConfigurationError
from backend.runs.queues import QUEUES, queues_parent
from backend.settings import Settings

EX_CONFIG = 78
TIMEOUT_S = 20.0


def ensure_queues(tasks: CloudTasksClient, *, parent: str) -> None:
    """Create each queue, or bring an existing one to what is declared."""
    for queue in QUEUES:
        try:
            tasks.create_queue(parent=parent, queue=Queue(queue.body(parent)), timeout=TIMEOUT_S)
        except AlreadyExists:
            tasks.update_queue(queue=Queue(queue.body(parent)), timeout=TIMEOUT_S)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m backend.admin", description=__doc__)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("queues", help="create the Cloud Tasks queues, or bring them to what is declared")
    parser.parse_args()
    try:
        settings = Settings.from_environment()
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        return EX_CONFIG
    ensure_queues(tasks_client(settings.tasks_endpoint), parent=queues_parent(settings.project_id, settings.location))
    sys.stdout.write(f"queues: {', '.join(queue.name for queue in QUEUES)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
