import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from google.cloud import firestore

from backend.database import Database
from infra.local.firestore.server import FirestoreServer, start


@contextmanager
def client_of(address: str, *, project: str | None = None) -> Iterator[firestore.Client]:
    """A client as the product makes it. Its own project keeps a test's documents apart from all others."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FIRESTORE_EMULATOR_HOST", address)
        client = Database(project=project or f"test-{uuid.uuid4().hex[:8]}")
    try:
        yield client
    finally:
        client.close()  # type: ignore[no-untyped-call]


class ServerProcess:
    """`python -m infra.local.firestore` over a folder of state, to be stopped in any way."""

    def __init__(self, state: Path, *flags: str) -> None:
        command = [sys.executable, "-m", "infra.local.firestore", "--state", str(state), *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ)
        assert self.process.stdout is not None
        self.address: str = json.loads(self.process.stdout.readline())["address"]

    def end(self, signal_number: int) -> int:
        self.process.send_signal(signal_number)
        code = self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirestoreServer]:
    running = start(state=tmp_path_factory.mktemp("firestore"))
    yield running
    running.stop()


@pytest.fixture
def client(server: FirestoreServer) -> Iterator[firestore.Client]:
    with client_of(server.address) as client:
        yield client
