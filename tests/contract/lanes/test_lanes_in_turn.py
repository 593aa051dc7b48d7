"""Many workers, many tenants, one Firestore: who may hold a lane, and who comes next."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from google.cloud import firestore

from backend.clock import utc_now
from backend.runs.lanes import LaneRepository, Lease
from backend.runs.model import Run, RunStatus, Trigger
from infra.local.firestore.server import FirestoreServer, start
from jobs.lane import Drained
from tests.contract.firestore.conftest import client_of
from tests.contract.lanes.street import Street, tenant_of


@pytest.fixture(scope="module")
def server() -> Iterator[FirestoreServer]:
    running = start()
    yield running
    running.stop()


@pytest.fixture
def db(server: FirestoreServer) -> Iterator[firestore.Client]:
    with client_of(server.address) as client:
        yield client


def test_cap_of_a_tenant_is_never_exceeded(db: firestore.Client) -> None:
    """Twelve workers want a lane each of one tenant in the same instant, and two get theirs."""
    street = Street(db, tenant_lanes=2)
    wanted = [f"big-{number}" for number in range(12)]
    for connection_id in wanted:
        street.lanes.announce(connection_id, tenant_id=tenant_of(connection_id), at=utc_now())
    with ThreadPoolExecutor(len(wanted)) as pool:
        leases = pool.map(
            lambda wish: street.lanes.take(wish, holder=f"worker of {wish}", at=utc_now(), lease_s=60), wanted
        )
    assert sum(lease is not None for lease in leases) == 2
    assert len(street.everywhere.held_lanes(at=utc_now())) == 2


def test_cap_counts_neither_dead_holders_nor_other_tenants(db: firestore.Client) -> None:
    """A lease that has ended holds up nobody."""
    street = Street(db, tenant_lanes=1)
    for connection_id in ("a-1", "a-2", "b-1"):
        street.lanes.announce(connection_id, tenant_id=tenant_of(connection_id), at=utc_now())
    long_ago = utc_now() - timedelta(hours=1)
    assert street.lanes.take("a-1", holder="dead", at=long_ago, lease_s=60)
    assert street.lanes.take("b-1", holder="of another tenant", at=utc_now(), lease_s=60)
    assert street.lanes.take("a-2", holder="alive", at=utc_now(), lease_s=60)
    assert street.lanes.take("a-1", holder="one too many", at=utc_now(), lease_s=60) is None


def test_few_workers_drain_all_lanes_in_turn(db: firestore.Client) -> None:
    """Three workers carry out what waits in 24 lanes; the small tenants come before the rest of the big one."""
    street = Street(db, tenant_lanes=2)
    runs = [street.put(f"big-{number}") for number in range(16)]
    runs += [street.put(f"small{number}-1") for number in range(8)]
    assert Drained.STOPPED not in street.work(["big-0", "big-1", "big-2"])
    assert {street.status(run) for run in runs} == {RunStatus.COMPLETED}
    assert max(street.most.values()) <= 2
    last_small = max(place for place, lane in enumerate(street.order) if lane.startswith("small"))
    assert sum(lane.startswith("big") for lane in street.order[:last_small]) < 12
    assert list(street.everywhere.waiting_lanes(at=utc_now())) == []


def test_reserved_lane_is_left_to_its_job(db: firestore.Client) -> None:
    """It counts as running, no second job is started for it, and the worker that was meant takes it."""
    street = Street(db, tenant_lanes=1)
    street.put("a-1")
    street.put("a-2")
    reservation = street.lanes.reserve("a-1", at=utc_now(), start_s=60)
    assert reservation is not None
    assert street.lanes.reserve("a-1", at=utc_now(), start_s=60) is None
    assert street.lanes.reserve("a-2", at=utc_now(), start_s=60) is None
    lease = street.lanes.take("a-1", holder="worker", at=utc_now(), lease_s=60)
    assert lease is not None
    assert lease.epoch == reservation.epoch + 1


def test_worker_ends_after_its_time(db: firestore.Client) -> None:
    """It finishes its lane, and what waits elsewhere is left to others."""
    street = Street(db, tenant_lanes=5, worker_s=0.0)
    first, second = street.put("a-1"), street.put("b-1")
    assert street.work(["a-1"]) == [Drained.EMPTY]
    assert (street.status(first), street.status(second)) == (RunStatus.COMPLETED, RunStatus.PENDING)


def test_run_written_just_before_the_lane_is_given_back_is_carried_out(db: firestore.Client) -> None:
    """Its lane was waiting already, and no longer is: only the holder's look afterwards finds it."""
    street = Street(db, tenant_lanes=5)
    first = street.put("a-1", name="first")
    late: list[Run] = []

    class Lanes(LaneRepository):
        def give_back(self, lease: Lease, *, drained: bool, rests_until: datetime | None = None) -> None:
            if not late:
                late.append(street.put("a-1", name="late"))
            super().give_back(lease, drained=drained, rests_until=rests_until)

    street.lanes = Lanes(db, tenant_lanes=5)
    assert street.work(["a-1"]) == [Drained.EMPTY]
    assert [street.status(run) for run in (first, *late)] == [RunStatus.COMPLETED] * 2


def test_no_run_is_left_in_a_lane_that_does_not_wait(db: firestore.Client) -> None:
    """Many runs are written beside workers that find their lane empty again and again."""
    street = Street(db, tenant_lanes=5)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(lambda: [street.put("a-1", name=f"run-{number}") for number in range(30)])
        while not writing.done():
            if list(street.everywhere.waiting_lanes(at=utc_now())):
                street.work(["a-1"])
        runs = writing.result()
    while list(street.everywhere.waiting_lanes(at=utc_now())):
        street.work(["a-1"])
    assert {street.status(run) for run in runs} == {RunStatus.COMPLETED}


def test_lane_of_a_stopped_worker_waits_on(db: firestore.Client) -> None:
    """In its place, and free at once."""
    street = Street(db, tenant_lanes=5)
    run = street.put("a-1")
    street.stop.ask()
    assert street.work(["a-1"]) == [Drained.STOPPED]
    (waiting,) = street.everywhere.waiting_lanes(at=utc_now())
    assert (waiting.waiting_since, waiting.holder) == (run.created_at, None)


def test_lane_in_which_runs_rest_does_not_wait_before_their_time(db: firestore.Client) -> None:
    """Unless another run comes."""
    street = Street(db, tenant_lanes=5)
    street.put("a-1")
    lease = street.lanes.take("a-1", holder="worker", at=utc_now(), lease_s=60)
    assert lease is not None
    later = utc_now() + timedelta(minutes=5)
    street.lanes.give_back(lease, drained=True, rests_until=later)
    assert list(street.everywhere.waiting_lanes(at=utc_now())) == []
    assert len(list(street.everywhere.waiting_lanes(at=later))) == 1
    street.put("a-1", name="another")
    assert len(list(street.everywhere.waiting_lanes(at=utc_now()))) == 1


def test_worker_whose_run_rests_goes_where_it_is_wanted(db: firestore.Client) -> None:
    """It does not sit out the quota of one shop while another one waits."""
    street = Street(db, tenant_lanes=1)
    street.refused.add("a-1")
    resting, other = street.put("a-1"), street.put("b-1")
    assert street.work(["a-1"]) == [Drained.EMPTY]
    assert (street.status(resting), street.status(other)) == (RunStatus.PENDING, RunStatus.COMPLETED)
    assert street.everywhere.held_lanes(at=utc_now()) == []


def test_lane_in_which_a_person_waits_goes_first(db: firestore.Client) -> None:
    """Before lanes of schedules that wait longer, of tenants that have none running; once it is drained, no longer."""
    street = Street(db, tenant_lanes=5)
    for number in range(5):
        street.put(f"tenant{number}-1")
    street.put("last-1")
    street.put("last-1", name="wanted", trigger=Trigger.MANUAL)
    street.work(["tenant0-1"])
    assert street.order[:3] == ["tenant0-1", "last-1", "last-1"]
    assert list(street.everywhere.waiting_lanes(at=utc_now(), person=True)) == []
