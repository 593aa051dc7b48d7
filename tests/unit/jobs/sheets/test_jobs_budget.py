"""The quota of one credential."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.sheets.budget import WINDOW_S, Budget
from tests.unit.jobs.properties import checked

GAPS_S = st.lists(st.integers(0, 300).map(lambda eighths: eighths / 8), max_size=80)


def calls(budget: Budget, gaps_s: list[float], *, start_s: float = 0.0) -> list[float]:
    """When the calls go out that somebody wants to make so long after each other."""
    now, made = start_s, []
    for gap_s in gaps_s:
        now += gap_s
        now += budget.wait_s(now)
        assert budget.wait_s(now) == 0
        budget.spend(now)
        made.append(now)
    return made


@given(gaps_s=GAPS_S, limit=st.sampled_from([1, 2, 7, 60]), start_s=st.sampled_from([0.0, 5.5, 1e6]))
@checked
def test_no_minute_holds_more_calls_than_the_quota(gaps_s: list[float], limit: int, start_s: float) -> None:
    """Whatever the pattern: not only by the clock's minutes, but in any sixty seconds."""
    made = calls(Budget(calls_a_minute=limit), gaps_s, start_s=start_s)
    for first in made:
        assert sum(first <= at < first + WINDOW_S for at in made) <= limit


@given(gaps_s=GAPS_S, limit=st.sampled_from([2, 7, 60]))
@checked
def test_nobody_waits_longer_than_the_quota_needs(gaps_s: list[float], limit: int) -> None:
    """A call that had to wait goes out in the instant at which the oldest call of the full minute leaves it."""
    made = calls(Budget(calls_a_minute=limit), gaps_s)
    wanted = [0.0, *made]
    for i, (before, at) in enumerate(pairwise(wanted)):
        if at > before + gaps_s[i]:
            assert at == made[i - limit] + WINDOW_S


def test_burst_goes_out_at_once() -> None:
    """And what is too much waits for the minute to end."""
    made = calls(Budget(calls_a_minute=60), [0.0] * 121, start_s=10.0)
    assert made == [10.0] * 60 + [70.0] * 60 + [130.0]


def test_refusal_holds_everyone_back() -> None:
    """Somebody else spends from the same quota."""
    budget = Budget(calls_a_minute=60)
    budget.refuse(100.0, retry_after_s=30.0)
    assert budget.wait_s(100.0) == 30.0
    assert budget.wait_s(129.0) == 1.0
    assert budget.wait_s(130.0) == 0.0


@pytest.mark.parametrize(("later_s", "free_at"), [(5.0, 130.0), (60.0, 161.0)])
def test_later_refusal_does_not_shorten_the_earlier(later_s: float, free_at: float) -> None:
    """The longest one holds."""
    budget = Budget(calls_a_minute=60)
    budget.refuse(100.0, retry_after_s=30.0)
    budget.refuse(101.0, retry_after_s=later_s)
    assert budget.wait_s(101.0) == free_at - 101.0


@given(gaps_s=GAPS_S, refused_s=st.integers(0, 100))
@checked
def test_quota_holds_after_a_refusal(gaps_s: list[float], refused_s: int) -> None:
    """Those who were held back do not come all at once."""
    budget = Budget(calls_a_minute=3)
    early = calls(budget, gaps_s[:5])
    now = early[-1] if early else 0.0
    budget.refuse(now, retry_after_s=float(refused_s))
    late = calls(budget, gaps_s[5:], start_s=now)
    made = early + late
    assert all(at >= now + refused_s for at in late)
    for first in made:
        assert sum(first <= at < first + WINDOW_S for at in made) <= 3
