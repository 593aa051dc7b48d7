from collections.abc import Iterator

import pytest

from infra.local.firestore.server import start as start_firestore
from infra.local.tasks.server import start as start_tasks
from tests.contract.firestore.conftest import client_of
from tests.contract.notifications.desk import Desk
from tests.contract.worker import Worker, running_worker


@pytest.fixture(scope="package")
def addresses(identity: str) -> Iterator[tuple[str, str]]:
    """Firestore's and Cloud Tasks'."""
    firestore, tasks = start_firestore(), start_tasks(identity=identity)
    yield firestore.address, tasks.address
    tasks.stop()
    firestore.stop()


@pytest.fixture
def receiver() -> Iterator[Worker]:
    """A tenant's own program."""
    with running_worker() as receiver:
        yield receiver


@pytest.fixture
def desk(addresses: tuple[str, str], receiver: Worker) -> Iterator[Desk]:
    firestore, tasks = addresses
    with client_of(firestore) as db:
        yield Desk(db, tasks_address=tasks, receiver=receiver)
