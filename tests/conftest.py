"""One stack for all tests that need everything: started when the first of them asks, and stopped with the session."""

import uuid
from collections.abc import Iterator

import grpc
import pytest
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from infra.local.demo.merchant import Merchant
from infra.local.stack import LOCATION, PROJECT, Stack

LANE_QUEUES = [
    f"projects/{PROJECT}/locations/{LOCATION}/queues/{name}" for name in ("interactive", "webhook", "scheduled")
]
LINGERING = {"TABKEEPER_LINGER_S": "2", "TABKEEPER_WORKER_S": "0"}
"""A worker that a test has started is there for its next run as well, and leaves what other tests left waiting."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Every local service and the backend, in processes of their own; without Google's quotas."""
    with Stack(tmp_path_factory.mktemp("stack"), quota="off", settings=LINGERING) as stack:
        yield stack


@pytest.fixture
def merchant(stack: Stack) -> Iterator[Merchant]:
    """Signed in; nobody has met her before."""
    someone = Merchant(stack, email=f"{uuid.uuid4().hex[:12]}@shop.example")
    someone.sign_in()
    yield someone
    someone.close()


@pytest.fixture(scope="session")
def tasks(stack: Stack) -> Iterator[CloudTasksClient]:
    with grpc.insecure_channel(stack.urls["tasks"]) as channel:
        yield CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))


@pytest.fixture
def paused_queues(tasks: CloudTasksClient) -> Iterator[None]:
    """No worker starts by itself during the test, nor after it for what the test has left waiting."""
    for queue in LANE_QUEUES:
        tasks.pause_queue(name=queue)
    yield
    for queue in LANE_QUEUES:
        tasks.purge_queue(name=queue)
        tasks.resume_queue(name=queue)
