"""Runs that wait for a shop, or for Google, longer than a silent run is left to its worker."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from google.cloud import firestore

from backend.errors import LeaseLost, RunCancelled
from backend.runs.lanes import LaneRepository
from backend.runs.model import Run, Trigger, new_run
from backend.runs.repository import RunRepository
from backend.tick.sweep import Limits, Verdict, verdict
from infra.local.firestore.server import FirestoreServer, start
from jobs.pulse import Pulse
from tests.contract.firestore.conftest import client_of
from tests.contract.lanes.waiting import Waiting

LEASE_S = 1_000_000.0


@pytest.fixture(scope="module")
def server() -> Iterator[FirestoreServer]:
    running = start()
    yield running
    running.stop()


class Watched(Waiting):
    """Whenever it waits, it looks at what a sweep would do, and when the run was last heard of."""

    def __init__(self, db: firestore.Client, *, silent_s: float) -> None:
        super().__init__()
        self.runs = RunRepository(db)
        self._lanes = LaneRepository(db, tenant_lanes=1)
        self._limits = Limits(silent=timedelta(seconds=silent_s), given_up=timedelta(days=1))
        self.verdicts: set[Verdict] = set()
        self.beats: set[datetime | None] = set()
        self._lanes.announce("con_1", tenant_id="ten_1", at=self.now)
        lease = self._lanes.take("con_1", holder="worker/0", at=self.now, lease_s=LEASE_S)
        assert lease is not None
        self.run = self.runs.take_up(self.runs.create(self._new())[0], epoch=lease.epoch, at=self.now)
        self.pulse = Pulse(
            self.run, runs=self.runs, epoch=lease.epoch, stop=self, clock=lambda: self.now, silent_s=silent_s
        )

    def pause(self, seconds: float) -> None:
        super().pause(seconds)
        run = self.runs.get(self.run.tenant_id, self.run.id)
        self.verdicts.add(verdict(run, self._lanes.get("con_1"), at=self.now, limits=self._limits))
        self.beats.add(run.heartbeat_at)

    def _new(self) -> Run:
        names = {"tenant_id": "ten_1", "automation_id": "aut_1", "connection_id": "con_1"}
        return new_run(**names, trigger=Trigger.SCHEDULE, cause="schedule:now", at=self.now)


@pytest.fixture
def db(server: FirestoreServer) -> Iterator[firestore.Client]:
    with client_of(server.address) as client:
        yield client


@pytest.mark.parametrize("silent_s", [30.0, 1800.0])
def test_run_that_waits_is_not_taken_from_its_worker(db: firestore.Client, silent_s: float) -> None:
    """However long, in one wait or in many; it tells of itself once a minute, or as often as it must."""
    watched = Watched(db, silent_s=silent_s)
    watched.pulse.pause(3600.0)
    for _ in range(120):
        watched.pulse.pause(30.0)
    assert watched.verdicts == {Verdict.LEAVE}
    assert len(watched.beats) <= 7200 / min(60.0, silent_s / 3) + 1


def test_run_that_nobody_wants_stops_waiting(db: firestore.Client) -> None:
    """Its merchant cancels it while the shop prepares an export for hours."""
    watched = Watched(db, silent_s=1800.0)
    watched.runs.request_cancel("ten_1", watched.run.id, at=watched.now)
    began_at = watched.now
    with pytest.raises(RunCancelled):
        watched.pulse.pause(3600.0)
    assert watched.now - began_at <= timedelta(minutes=1)


def test_run_that_was_taken_over_stops_waiting(db: firestore.Client) -> None:
    """The worker learns it before its next write."""
    watched = Watched(db, silent_s=1800.0)
    watched.runs.take_up(watched.run, epoch=watched.run.lane_epoch + 1, at=watched.now)
    with pytest.raises(LeaseLost):
        watched.pulse.pause(3600.0)
