"""Runs that failed in a way that passes: they rest, others of their lane go on, and nobody tries for ever."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import pytest
from google.cloud import firestore

from backend.automations.repository import AutomationRepository
from backend.connections.repository import ConnectionRepository
from backend.errors import RateLimited, RetriableError, UpstreamUnavailable
from backend.runs.lanes import LaneRepository
from backend.runs.model import Priority, Run, RunCheckpoint, RunStatus, Trigger
from backend.runs.repository import RunRepository
from infra.local.firestore.server import FirestoreServer, start
from jobs.hold import Hold
from jobs.lane import Drained, Lane
from tests.contract.firestore.conftest import client_of
from tests.contract.lanes.silence import outbox
from tests.contract.lanes.waiting import Waiting

TENANT, CONNECTION, AUTOMATION = "ten_1", "con_1", "aut_1"


@pytest.fixture(scope="module")
def server() -> Iterator[FirestoreServer]:
    running = start()
    yield running
    running.stop()


class Attempt:
    """One that fails with the error, or succeeds at once."""

    def __init__(self, run: Run, failure: RetriableError | None) -> None:
        self.run = run
        self._failure = failure

    def carry_out(self) -> None:
        if self._failure:
            raise self._failure

    def close(self) -> None:
        pass


class Street:
    """A lane of one automation. `failures` says what becomes of attempts at a run, by its id."""

    def __init__(self, db: firestore.Client) -> None:
        self.runs = RunRepository(db)
        self._db = db
        self._stop = Waiting()
        self.started: list[tuple[str, datetime]] = []
        lanes = LaneRepository(db, tenant_lanes=5)
        lanes.announce(CONNECTION, tenant_id=TENANT, at=self.now)
        self._lanes = lanes

    @property
    def now(self) -> datetime:
        return self._stop.now

    def put(self, name: str, *, priority: Priority = Priority.SCHEDULE) -> str:
        run = Run(
            id=name,
            tenant_id=TENANT,
            automation_id=AUTOMATION,
            connection_id=CONNECTION,
            trigger=Trigger.MANUAL,
            priority=priority,
            idempotency_key=name,
            created_at=self.now,
        )
        self.runs.create(run)
        return name

    def get(self, name: str) -> Run:
        return self.runs.get(TENANT, name)

    def drain(self, attempt: Callable[[Run], RetriableError | None]) -> Drained:
        def carry_out(run: Run, _hold: Hold) -> Attempt:
            self.started.append((run.id, self.now))
            return Attempt(run, attempt(run))

        return Lane(
            CONNECTION,
            holder="worker/0",
            lanes=self._lanes,
            runs=self.runs,
            automations=AutomationRepository(self._db),
            connections=ConnectionRepository(self._db),
            outbox=outbox(self._db),
            attempt=carry_out,
            stop=self._stop,
            clock=lambda: self._stop.now,
            lease_s=240.0,
            write_s=180.0,
            linger_s=0.0,
        ).drain()


@pytest.fixture
def street(server: FirestoreServer) -> Iterator[Street]:
    with client_of(server.address) as db:
        yield Street(db)


@pytest.mark.parametrize(
    ("failure", "least_s", "most_s"),
    [(UpstreamUnavailable(), 1.0, 3.0), (RateLimited(), 30.0, 61.0), (RateLimited(retry_after_s=500.0), 500.0, 501.0)],
)
def test_run_rests_before_it_goes_on(street: Street, failure: RetriableError, least_s: float, most_s: float) -> None:
    """Longer where a quota is used up, and as long as the other side said."""
    street.put("run_1")
    failures = iter([failure, None])
    assert street.drain(lambda _: next(failures)) is Drained.EMPTY
    assert street.get("run_1").status is RunStatus.COMPLETED
    (_, first), (_, second) = street.started
    assert least_s <= (second - first).total_seconds() <= most_s


def test_other_runs_of_the_lane_go_on_meanwhile(street: Street) -> None:
    """Also such as come while the first one rests, and such as are less urgent."""
    street.put("run_1", priority=Priority.MANUAL)
    street.put("run_2")
    failures: Mapping[str, list[RetriableError]] = {"run_1": [RateLimited(), RateLimited()]}

    def attempt(run: Run) -> RetriableError | None:
        if run.id == "run_2":
            street.put("run_3", priority=Priority.WEBHOOK)
        left = failures.get(run.id)
        return left.pop() if left else None

    assert street.drain(attempt) is Drained.EMPTY
    assert [name for name, _ in street.started] == ["run_1", "run_2", "run_3", "run_1", "run_1"]


def test_run_that_never_gets_anywhere_fails_within_the_hour(street: Street) -> None:
    """As one that may be tried again, with a sentence that says so; nothing of it stays in the lane."""
    street.put("run_1")
    began = street.now
    assert street.drain(lambda _: RateLimited()) is Drained.EMPTY
    run = street.get("run_1")
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    assert (run.error.code, run.error.retriable) == ("rate_limited", True)
    assert "start the run again" in run.error.message
    assert len(street.started) == 5
    assert street.now - began < timedelta(hours=1)


def test_run_that_gets_on_a_little_each_time_is_not_given_up(street: Street) -> None:
    """Each checkpoint that is reached is progress, however long the storm."""
    street.put("run_1")
    attempts = 0

    def attempt(run: Run) -> RetriableError | None:
        nonlocal attempts
        attempts += 1
        reached = run.model_copy(update={"checkpoint": RunCheckpoint(newest_ms=attempts)})
        street.runs.record_progress(reached, epoch=run.lane_epoch, at=street.now)
        return RateLimited() if attempts < 12 else None

    assert street.drain(attempt) is Drained.EMPTY
    assert street.get("run_1").status is RunStatus.COMPLETED
    assert street.get("run_1").attempt == 12
