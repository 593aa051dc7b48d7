from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from infra.local.stack import LOCATION, PROJECT, Stack
from tests.faults.world import World

SETTINGS = {"TABKEEPER_LEASE_S": "5", "TABKEEPER_SHEETS_TIMEOUT_S": "4"}


@pytest.fixture(scope="session")
def faulty_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Short leases, no quota; nothing starts a worker but the tests."""
    with Stack(tmp_path_factory.mktemp("faults"), quota="off", settings=SETTINGS) as stack:
        with grpc.insecure_channel(stack.urls["tasks"]) as channel:
            tasks = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
            tasks.pause_queue(name=f"projects/{PROJECT}/locations/{LOCATION}/queues/interactive")
        yield stack


@pytest.fixture
def world(faulty_stack: Stack, tmp_path: Path) -> Iterator[World]:
    made = World(faulty_stack, tmp_path)
    yield made
    made.close()
