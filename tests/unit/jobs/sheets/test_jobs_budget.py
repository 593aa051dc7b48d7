"""What one job calls, from grants of a ledger that is all its own."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.budgets.model import GRACE, SPENDING
from jobs.sheets.budget import PATIENCE_S, Budget
from jobs.sheets.failures import QuotaExceeded
from tests.own_budget import OwnBudget
from tests.unit.jobs.properties import checked

MINUTE = timedelta(seconds=60)
GAPS_S = st.lists(st.integers(0, 300).map(lambda eighths: eighths / 8), max_size=80)


class Job:
    """Calls in a time of its own; `made` says when."""

    def __init__(self, *, limit: int) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.shared = OwnBudget(lambda: self.now, calls_a_minute=limit)
        self.budget = Budget(self.shared, clock=lambda: self.now)
        self.made: list[datetime] = []
        self.waited_s = 0.0

    def pause(self, seconds: float) -> None:
        self.waited_s += seconds
        self.now += timedelta(seconds=seconds)

    def call(self, *, times: int = 1) -> None:
        for _ in range(times):
            self.budget.take(pause=self.pause)
            self.made.append(self.now)

    def granted(self) -> int:
        return sum(each.calls for each in self.shared.ledger.taken)


@given(gaps_s=GAPS_S, limit=st.sampled_from([1, 2, 7, 60]))
@checked
def test_no_minute_holds_more_calls_than_the_quota(gaps_s: list[float], limit: int) -> None:
    """Whatever the pattern: not only by the clock's minutes, but in any sixty seconds."""
    job = Job(limit=limit)
    for gap_s in gaps_s:
        job.now += timedelta(seconds=gap_s)
        job.call()
    for first in job.made:
        assert sum(first <= at < first + MINUTE for at in job.made) <= limit


def test_burst_goes_out_at_once() -> None:
    """And what is too much waits for the minute to end, with a little more by chance."""
    job = Job(limit=60)
    job.call(times=60)
    assert job.waited_s == 0
    job.call(times=60)
    assert 60 < job.waited_s < 63


def test_short_run_leaves_little_unused() -> None:
    """Grants grow with what is used of them, and shrink with it."""
    job = Job(limit=60)
    job.shared.largest_grant = 5
    job.call()
    assert job.granted() == 2
    job.call(times=20)
    assert job.granted() <= 26
    job.now += SPENDING
    job.call()
    job.now += SPENDING
    job.call()
    assert job.granted() <= 21 + 2 + 2


def test_void_grant_is_not_used() -> None:
    """Its calls would come when the ledger no longer counts them."""
    job = Job(limit=60)
    job.call()
    job.now += SPENDING
    job.call()
    assert [each.calls for each in job.shared.ledger.taken] == [1, 2]


def test_refusal_holds_back_at_once() -> None:
    """Also the calls in hand."""
    job = Job(limit=60)
    job.call()
    job.budget.refuse(for_s=30.0, whole_project=False)
    job.call()
    assert 30 <= job.waited_s <= 31


def test_closing_that_is_too_long_is_not_waited_for() -> None:
    """The run rests until the quota opens again, and the worker does other things meanwhile."""
    job = Job(limit=60)
    job.budget.refuse(for_s=PATIENCE_S + 1, whole_project=False)
    with pytest.raises(QuotaExceeded) as told:
        job.call()
    assert (told.value.retry_after_s, job.waited_s) == (PATIENCE_S + 1, 0)


def test_patience_ends() -> None:
    """A job that others keep from calling gives its turn up as one that may go on later."""
    job = Job(limit=60)

    def pause(seconds: float) -> None:
        job.pause(seconds)
        job.budget.refuse(for_s=60.0, whole_project=False)

    job.budget.refuse(for_s=60.0, whole_project=False)
    with pytest.raises(QuotaExceeded):
        job.budget.take(pause=pause)
    assert PATIENCE_S - 2 * 61 <= job.waited_s <= PATIENCE_S + 5
    job.now += MINUTE + GRACE
    job.call()
