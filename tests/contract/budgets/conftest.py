from collections.abc import Iterator

import pytest

from infra.local.firestore.server import FirestoreServer, start


@pytest.fixture(scope="package")
def server() -> Iterator[FirestoreServer]:
    running = start()
    yield running
    running.stop()
