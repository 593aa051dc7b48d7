"""Workers that go from lane to lane, in a stack of their own: few lanes at once, and all of them waiting for a turn."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from infra.local.demo.merchant import Merchant
from infra.local.stack import Stack
from tests.conftest import LANE_QUEUES
from tests.e2e.desk import Desk
from tests.e2e.executions import executions
from tests.faults.world import World, killed

INTERACTIVE, *_ = LANE_QUEUES
KILLER = [sys.executable, "-m", "tests.faults.killed_worker"]
LONG_LEASE = {"TABKEEPER_LEASE_S": "8"}
"""A worker that did not wait for it would have ended before."""
TENANTS, LANES_EACH = 10, 3


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Four lanes at once, two of a tenant. Runs wait until the test lets the queue go."""
    settings = {"TABKEEPER_MAX_LANES": "4", "TABKEEPER_TENANT_LANES": "2", "TABKEEPER_LINGER_S": "2"}
    with Stack(tmp_path_factory.mktemp("narrow"), quota="off", settings=settings) as stack:
        yield stack


@pytest.fixture
def tasks(narrow: Stack) -> Iterator[CloudTasksClient]:
    with grpc.insecure_channel(narrow.urls["tasks"]) as channel:
        client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
        client.pause_queue(name=INTERACTIVE)
        yield client


@pytest.fixture
def worlds(narrow: Stack, tmp_path: Path, tasks: CloudTasksClient) -> Iterator[list[World]]:
    """Two tenants, a run of each."""
    made = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        made.append(World(narrow, tmp_path / name))
        made[-1].open(orders=3)
    yield made
    tasks.purge_queue(name=INTERACTIVE)
    for world in made:
        world.close()


@pytest.mark.parametrize(("moment", "times"), [("after:give_back", 1), ("after:take_up", 2)])
def test_worker_killed_between_two_lanes_is_followed_by_its_next_attempt(
    worlds: list[World], moment: str, times: int
) -> None:
    """Cloud Run names the lane that it began with; the other one is found all the same, also with a dead holder."""
    first, second = worlds
    run_ids = [world.start_run() for world in worlds]
    assert killed(first.worker([*KILLER, moment, str(times)], **LONG_LEASE)), first.log()
    assert second.ann.run(run_ids[1])["status"] != "completed"
    assert first.work(CLOUD_RUN_TASK_ATTEMPT="1", **LONG_LEASE) == 0, first.log()
    for world, run_id in zip(worlds, run_ids, strict=True):
        assert world.ann.run(run_id)["status"] == "completed"
        assert world.tab_rows() == world.shop.rows()


def test_few_executions_drain_many_lanes(narrow: Stack, tmp_path: Path, tasks: CloudTasksClient) -> None:
    """Thirty connections of ten tenants; what has no place is not lost, and no further job is started for it."""
    before = len(executions(narrow))
    waiting: list[tuple[Desk, str]] = []
    for number in range(TENANTS):
        ann = Merchant(narrow, email=f"ann{number}@shop.example")
        ann.sign_in()
        for _ in range(LANES_EACH):
            desk = Desk(ann, tmp_path)
            desk.fill_shop(orders=1)
            waiting.append((desk, desk.start(desk.automate(on_change=False))))
    tasks.resume_queue(name=INTERACTIVE)
    ended = [desk.ended(run_id) for desk, run_id in waiting]
    assert Counter(run["status"] for run in ended) == {"completed": TENANTS * LANES_EACH}
    started = len(executions(narrow)) - before
    sys.stdout.write(f"{started} executions drained {len(ended)} lanes\n")
    assert started <= len(ended) / 2
    for desk, _ in waiting:
        desk.ann.close()
