import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local.http_target.limits import DeadlineRange
from infra.local.tasks.server import start
from tests.contract.service_process import ServiceProcess
from tests.contract.still_clock import Clock
from tests.contract.tasks.cloud import Cloud
from tests.contract.worker import Worker


@pytest.fixture(scope="package")
def cloud(worker: Worker, identity: str) -> Iterator[Cloud]:
    service = start(identity=identity, deadlines=DeadlineRange(min_s=0.1))
    cloud = Cloud(service.address, worker)
    yield cloud
    cloud.close()
    service.stop()


@pytest.fixture
def still_cloud(worker: Worker, identity: str, clock: Clock) -> Iterator[Cloud]:
    """A service whose time only tests move."""
    service = start(identity=identity, clock=clock)
    cloud = Cloud(service.address, worker)
    yield cloud
    cloud.close()
    service.stop()


StartProcess = Callable[[], ServiceProcess]


@pytest.fixture
def start_process(tmp_path: Path, identity: str) -> Iterator[StartProcess]:
    """Starts the service on one and the same state, as often as a test likes."""
    started: list[ServiceProcess] = []

    def start_next() -> ServiceProcess:
        started.append(ServiceProcess("tasks", tmp_path, identity=identity))
        return started[-1]

    yield start_next
    for process in started:
        process.end(signal.SIGTERM)
