from collections.abc import Iterator

import pytest

from infra.local.identity.server import start as start_identity
from tests.contract.still_clock import Clock
from tests.contract.worker import Worker, running_worker


@pytest.fixture(scope="package")
def worker() -> Iterator[Worker]:
    with running_worker() as worker:
        yield worker


@pytest.fixture(scope="package")
def identity() -> Iterator[str]:
    service = start_identity()
    yield f"http://{service.address}"
    service.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()
