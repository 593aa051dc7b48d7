"""How every local service starts, says where it is, and stops.

A service is started in its own process with `python -m infra.local.<name> --port 0 --state DIR`. When it answers, it
prints one line of JSON on stdout, `{"service": "<name>", "address": "127.0.0.1:<port>"}`, and stays until SIGTERM or
SIGINT, after which everything it acknowledged is on disk and the exit code is 0.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from typing import Protocol

LOOPBACK = "127.0.0.1"


class Service(Protocol):
    """A running service."""

    @property
    def address(self) -> str:
        """`host:port`, without a scheme."""

    def stop(self) -> None:
        """Refuse new work, finish what is in hand, close the state. May be called twice."""


def argument_parser(name: str, *, summary: str) -> argparse.ArgumentParser:
    """The flags that all services share; a service adds its own before parsing."""
    parser = argparse.ArgumentParser(prog=f"python -m infra.local.{name}", description=summary)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 picks a free one")
    parser.add_argument("--state", type=Path, default=None, help="folder for the state; none keeps it in memory")
    return parser


def run_until_terminated(name: str, service: Service) -> None:
    """Announce the service and block until SIGTERM or SIGINT; then stop it."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    sys.stdout.write(json.dumps({"service": name, "address": service.address}) + "\n")
    sys.stdout.flush()
    stopping.wait()
    service.stop()
