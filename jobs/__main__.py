"""The Cloud Run job's entry point: `python -m jobs lane <connection>`."""

import argparse
import sys

import structlog
from google.api_core.exceptions import GoogleAPIError

from backend import telemetry
from backend.errors import ConfigurationError, NotFound, RunInterrupted
from backend.settings import Settings
from jobs.app import Worker
from jobs.lane import Drained
from jobs.stop import Stop

EX_UNAVAILABLE = 69
EX_TEMPFAIL = 75
"""Cloud Run starts the task again, and the next attempt goes on from the checkpoint."""
EX_CONFIG = 78


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m jobs", description=__doc__)
    commands = parser.add_subparsers(required=True)
    lane = commands.add_parser("lane", help="drain the runs that wait for one connection, then those of others")
    lane.add_argument("connection", help="the connection's id")
    arguments = parser.parse_args()
    stop = Stop()
    stop.listen()
    try:
        settings = Settings.from_environment()
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        return EX_CONFIG
    telemetry.configure(level=settings.log_level, project_id=settings.project_id)
    try:
        drained = Worker(settings, stop=stop).shift().work(arguments.connection)
    except NotFound as error:
        sys.stderr.write(f"{error.message}\n")
        return EX_UNAVAILABLE
    except RunInterrupted:
        drained = Drained.STOPPED
    except GoogleAPIError as error:
        structlog.get_logger().error("worker_gave_up", detail=str(error))
        return EX_TEMPFAIL
    return EX_TEMPFAIL if drained is Drained.STOPPED else 0


if __name__ == "__main__":
    sys.exit(main())
