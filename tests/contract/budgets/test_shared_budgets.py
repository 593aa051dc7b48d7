"""Jobs that share Google's quotas through Firestore."""

import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from backend.budgets.model import Kind
from backend.budgets.repository import BudgetRepository
from backend.budgets.service import SharedBudget, project_quota, user_quota
from backend.clock import Clock
from infra.local.firestore.server import FirestoreServer
from jobs.sheets.budget import Budget
from tests.contract.firestore.conftest import client_of
from tests.fast_time import FastTime
from tests.unit.backend.budgets.crowd import busiest_minute

OF_A_USER, OF_ALL = 12, 20
MINUTES = 3
SPEED = 60.0


@pytest.fixture
def project(server: FirestoreServer) -> str:
    """One that nobody else has."""
    return f"test-{uuid.uuid4().hex[:8]}"


def shared(budgets: BudgetRepository, *, lane: str, user: str, clock: Clock, kind: Kind = Kind.WRITES) -> SharedBudget:
    return SharedBudget(
        budgets,
        user=user_quota(user, kind, calls_a_minute=OF_A_USER),
        project=project_quota(kind, calls_a_minute=OF_ALL),
        holder=lane,
        clock=clock,
    )


def test_jobs_at_the_same_time_stay_within_every_limit_and_share(server: FirestoreServer, project: str) -> None:
    """Five of three users, each with a client of its own, all wanting all they can get."""
    fast = FastTime(time.time(), SPEED)
    end = fast.now() + MINUTES * timedelta(minutes=1)
    lanes = {"a": "ann", "b": "ann", "c": "bea", "d": "bea", "e": "eva"}

    def work(lane: str) -> list[datetime]:
        with client_of(server.address, project=project) as client:
            budget = Budget(
                shared(BudgetRepository(client), lane=lane, user=lanes[lane], clock=fast.now), clock=fast.now
            )
            made = []
            while fast.now() < end:
                budget.take(pause=fast.pause)
                made.append(fast.now())
                fast.pause(0.5)
            return made

    with ThreadPoolExecutor(len(lanes)) as pool:
        made = dict(zip(lanes, pool.map(work, lanes), strict=True))
    for user in set(lanes.values()):
        assert busiest_minute([(0, at) for lane in lanes if lanes[lane] == user for at in made[lane]]) <= OF_A_USER
    assert busiest_minute([(0, at) for calls in made.values() for at in calls]) <= OF_ALL
    counts = Counter({lane: len(calls) for lane, calls in made.items()})
    assert counts.total() >= 2 * OF_ALL
    assert min(counts.values()) >= 4


class Told(Exception):
    """To wait."""


class Street:
    """Jobs at one instant. None of them waits: they say how long they were told to."""

    def __init__(self, budgets: BudgetRepository) -> None:
        self._budgets = budgets

    def job(self, lane: str, user: str, kind: Kind = Kind.WRITES) -> Budget:
        return Budget(shared(self._budgets, lane=lane, user=user, clock=_new_year, kind=kind), clock=_new_year)

    def wait_s(self, job: Budget, *, calls: int = 1) -> float:
        """Before the first of so many calls that is not free at once."""
        try:
            for _ in range(calls):
                job.take(pause=_tell)
        except Told as told:
            return float(told.args[0])
        return 0.0


def _new_year() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)


def _tell(seconds: float) -> None:
    raise Told(seconds)


@pytest.fixture
def street(server: FirestoreServer, project: str) -> Iterator[Street]:
    with client_of(server.address, project=project) as client:
        yield Street(BudgetRepository(client))


@pytest.mark.parametrize(("whole_project", "others"), [(False, ["ann"]), (True, ["ann", "bea"])])
def test_refusal_stops_all_whom_it_concerns_within_a_grant(
    street: Street, whole_project: bool, others: list[str]
) -> None:
    """They may have calls in hand; then they wait as long as Google told the one that was refused."""
    refused = street.job("a", "ann")
    jobs = {"ann": street.job("b", "ann"), "bea": street.job("c", "bea")}
    assert [street.wait_s(job) for job in jobs.values()] == [0, 0]
    refused.refuse(for_s=40.0, whole_project=whole_project)
    stopped = [user for user, job in jobs.items() if street.wait_s(job, calls=3) >= 40]
    assert stopped == others


def test_reads_and_writes_are_apart(street: Street) -> None:
    """A tab can be read while writes wait."""
    writer, reader = street.job("a", "ann"), street.job("a", "ann", Kind.READS)
    writer.refuse(for_s=40.0, whole_project=True)
    assert street.wait_s(reader) == 0
    assert street.wait_s(writer) >= 40


def test_next_worker_of_a_lane_does_not_use_what_the_dead_one_took(street: Street) -> None:
    """Nobody knows how much of it was used: it counts until the last of it would be a minute ago."""
    for _ in range(OF_A_USER):
        assert street.wait_s(street.job("a", "ann")) == 0
    assert street.wait_s(street.job("a", "ann")) > 60
