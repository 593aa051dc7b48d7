from collections.abc import Iterator

import pytest

from infra.local.http_target.limits import DeadlineRange
from infra.local.scheduler.server import start
from tests.contract.scheduler.cloud import Cloud
from tests.contract.still_clock import Clock
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
