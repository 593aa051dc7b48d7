import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local.http_target.limits import DeadlineRange
from infra.local.identity.server import start as start_identity
from infra.local.tasks.server import start
from tests.contract.tasks.cloud import Cloud
from tests.contract.tasks.worker import Worker, running_worker


@pytest.fixture(scope="package")
def worker() -> Iterator[Worker]:
    with running_worker() as worker:
        yield worker


@pytest.fixture(scope="package")
def identity() -> Iterator[str]:
    service = start_identity()
    yield f"http://{service.address}"
    service.stop()


@pytest.fixture(scope="package")
def cloud(worker: Worker, identity: str) -> Iterator[Cloud]:
    service = start(identity=identity, deadlines=DeadlineRange(min_s=0.1))
    cloud = Cloud(service.address, worker)
    yield cloud
    cloud.close()
    service.stop()


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def still_cloud(worker: Worker, identity: str, clock: Clock) -> Iterator[Cloud]:
    """A service whose time only tests move."""
    service = start(identity=identity, clock=clock)
    cloud = Cloud(service.address, worker)
    yield cloud
    cloud.close()
    service.stop()


class ServiceProcess:
    """The service as its own process, to be killed."""

    def __init__(self, state: Path, *, identity: str) -> None:
        command = [sys.executable, "-m", "infra.local.tasks", "--state", str(state), "--identity", identity]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.address = json.loads(self._process.stdout.readline())["address"]

    def end(self, number: signal.Signals) -> int:
        if self._process.returncode is None:
            self._process.send_signal(number)
            self._process.communicate()
        return self._process.returncode


StartProcess = Callable[[], ServiceProcess]


@pytest.fixture
def start_process(tmp_path: Path, identity: str) -> Iterator[StartProcess]:
    """Starts the service on one and the same state, as often as a test likes."""
    started: list[ServiceProcess] = []

    def start_next() -> ServiceProcess:
        started.append(ServiceProcess(tmp_path, identity=identity))
        return started[-1]

    yield start_next
    for process in started:
        process.end(signal.SIGTERM)
