"""What whoever operates Tabkeeper does by hand: `python -m backend.admin queues`, `… tick-job`."""

import argparse
import sys
from collections.abc import Sequence

from google.api_core.exceptions import AlreadyExists, GoogleAPICallError, RetryError
from google.auth.exceptions import GoogleAuthError
from google.cloud.scheduler_v1 import CloudSchedulerClient, Job
from google.cloud.tasks_v2 import CloudTasksClient, Queue
from google.protobuf.field_mask_pb2 import FieldMask

from backend.clients import scheduler_client
from backend.errors import ConfigurationError
from backend.runs.queues import QUEUES, queues_parent
from backend.settings import Settings
from backend.tasks import tasks_client
from backend.tick_job import tick_job

EX_CONFIG = 78
TIMEOUT_S = 20.0


def ensure_queues(tasks: CloudTasksClient, *, parent: str) -> None:
    """Create each queue, or bring an existing one to what is declared."""
    for queue in QUEUES:
        try:
            tasks.create_queue(parent=parent, queue=Queue(queue.body(parent)), timeout=TIMEOUT_S)
        except AlreadyExists:
            tasks.update_queue(queue=Queue(queue.body(parent)), timeout=TIMEOUT_S)


def ensure_tick_job(scheduler: CloudSchedulerClient, job: Job, *, parent: str) -> Job:
    """Create the job, or bring an existing one to what is declared; it stays paused or enabled as it is."""
    try:
        return scheduler.create_job(parent=parent, job=job, timeout=TIMEOUT_S)
    except AlreadyExists:
        declared = [field.name for field, _value in Job.pb(job).ListFields() if field.name != "name"]
        return scheduler.update_job(job=job, update_mask=FieldMask(paths=declared), timeout=TIMEOUT_S)


def keep_queues(settings: Settings, _options: argparse.Namespace) -> str:
    parent = queues_parent(settings.project_id, settings.location)
    ensure_queues(tasks_client(settings.tasks_endpoint), parent=parent)
    return f"queues: {', '.join(queue.name for queue in QUEUES)}"


def keep_tick_job(settings: Settings, options: argparse.Namespace) -> str:
    scheduler = scheduler_client(settings.scheduler_endpoint)
    parent = queues_parent(settings.project_id, settings.location)
    declared = tick_job(
        parent=parent, public_url=settings.public_url, service_account=settings.scheduler_service_account
    )
    job = ensure_tick_job(scheduler, Job(declared), parent=parent)
    switch = {Job.State.PAUSED: scheduler.pause_job, Job.State.ENABLED: scheduler.resume_job}
    if options.wanted not in {None, job.state}:
        job = switch[options.wanted](name=job.name, timeout=TIMEOUT_S)
    return f"tick-job: {job.schedule} POST {job.http_target.uri}, {Job.State(job.state).name.lower()}"


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m backend.admin", description=__doc__)
    commands = parser.add_subparsers(required=True)
    queues = commands.add_parser("queues", help="create the Cloud Tasks queues, or bring them to what is declared")
    queues.set_defaults(keep=keep_queues)
    tick = commands.add_parser("tick-job", help="create the Cloud Scheduler job, or bring it to what is declared")
    tick.set_defaults(keep=keep_tick_job, wanted=None)
    state = tick.add_mutually_exclusive_group()
    for flag, wanted in (("--pause", Job.State.PAUSED), ("--resume", Job.State.ENABLED)):
        state.add_argument(flag, dest="wanted", action="store_const", const=wanted)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    try:
        told = options.keep(Settings.from_environment(), options)
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        return EX_CONFIG
    except (GoogleAPICallError, GoogleAuthError, RetryError) as error:
        sys.stderr.write(f"Google did not carry it out; it is safe to try again. {error}\n")
        return 1
    sys.stdout.write(f"{told}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
