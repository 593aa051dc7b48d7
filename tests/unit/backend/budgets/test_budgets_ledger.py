"""A ledger of calls: what may be taken from it, by whom, and when."""

import math
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.budgets.model import SPENDING, Grant, Ledger, Quota, Use, Wait, take
from tests.unit.backend.budgets.crowd import MINUTE, START, Crowd, Habit, busiest_minute
from tests.unit.jobs.properties import checked_briefly

LIMITS = st.sampled_from([1, 2, 7, 30])
HABITS = st.lists(
    st.builds(Habit, st.integers(1, 8), st.sampled_from([0.0, 0.1, 0.9, 4.0, 20.0]), st.integers(0, 1)),
    min_size=1,
    max_size=6,
)


@given(limit=LIMITS, more=st.integers(0, 8), habits=HABITS, deaths=st.sets(st.integers(0, 5)))
@checked_briefly
def test_no_minute_holds_more_calls_than_the_limits(
    limit: int, more: int, habits: list[Habit], deaths: set[int]
) -> None:
    """Of each user and of all together, however slowly they call, and though some die with a grant in hand."""
    crowd = Crowd(habits, limit=limit, project_limit=limit + more)
    crowd.go(minutes=2.5)
    for each in deaths:
        crowd.kill(each)
    crowd.go(minutes=2.5)
    assert busiest_minute(crowd.as_user(0)) <= limit
    assert busiest_minute(crowd.as_user(1)) <= limit
    assert busiest_minute(crowd.calls) <= limit + more


@given(limit=LIMITS, calls=st.integers(1, 8))
@checked_briefly
def test_lone_holder_may_use_it_all(limit: int, calls: int) -> None:
    """In the first instant, and again as soon as the minute is over."""
    crowd = Crowd([Habit(calls)], limit=limit)
    crowd.go(minutes=2)
    assert [at for _, at in crowd.calls].count(START) == limit
    assert len(crowd.calls) == 2 * limit


@given(holders=st.integers(2, 5), calls=st.integers(2, 5), seconds=st.sampled_from([0.05, 0.5, 1.0]))
@checked_briefly
def test_quota_is_shared_evenly_by_those_who_want_it(holders: int, calls: int, seconds: float) -> None:
    """Also when the first of them is a minute ahead and has taken all there was."""
    crowd = Crowd([Habit(calls, seconds)] * holders, limit=20)
    crowd.go(minutes=1, only=[0])
    crowd.go(minutes=1)
    crowd.calls.clear()
    crowd.go(minutes=4)
    share = 4 * 20 / holders
    assert all(0.75 * share <= crowd.made_by(each) <= 1.25 * share for each in range(holders))
    assert len(crowd.calls) >= 0.9 * 4 * 20


@given(limit=st.sampled_from([1, 4, 9]), holders=st.integers(2, 20))
@checked_briefly
def test_nobody_starves(limit: int, holders: int) -> None:
    """Where there are more jobs than calls in a minute, each has its turn."""
    crowd = Crowd([Habit(5, 0.5)] * holders, limit=limit)
    crowd.go(minutes=1.5 * (math.ceil(holders / limit) + 1))
    assert all(crowd.made_by(each) for each in range(holders))


def test_slow_holder_leaves_the_rest_to_others() -> None:
    """Fair is not equal: what one does not want, the other has."""
    crowd = Crowd([Habit(5, 0.9), Habit(1, 14.0)], limit=60)
    crowd.go(minutes=2)
    crowd.calls.clear()
    crowd.go(minutes=5)
    assert crowd.made_by(1) >= 15
    assert len(crowd.calls) >= 0.9 * 5 * 60


def test_closed_ledger_gives_nothing_until_it_opens() -> None:
    """The longest closing holds."""
    ledger = Ledger().closed(START + MINUTE).closed(START + MINUTE / 2)
    (ledger,), answer = take([(Quota("q", 5), ledger)], holder="a", calls=1, used=None, now=START)
    assert answer == Wait(60.0)
    _, answer = take([(Quota("q", 5), ledger)], holder="a", calls=1, used=None, now=START + MINUTE)
    assert answer == Grant(1, START + MINUTE)


def test_first_come_is_first_served_when_it_opens() -> None:
    """A place in the queue is kept by asking again, and lost by not doing so."""
    books = [(Quota("q", 1), Ledger().closed(START + MINUTE))]
    for holder in ("a", "b"):
        (ledger,), _ = take(books, holder=holder, calls=1, used=None, now=START + timedelta(seconds=holder == "b"))
        books = [(Quota("q", 1), ledger)]
    assert isinstance(take(books, holder="b", calls=1, used=None, now=START + MINUTE)[1], Wait)
    assert isinstance(take(books, holder="a", calls=1, used=None, now=START + MINUTE)[1], Grant)
    assert isinstance(take(books, holder="b", calls=1, used=None, now=START + 2 * MINUTE)[1], Grant)


def test_what_was_not_used_is_free_again() -> None:
    """As soon as its holder says so; it may say so twice, and to a ledger that has forgotten the grant."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    ledger = Ledger().granted("a", Grant(5, now))
    used = Use(Grant(5, now)).call(now).call(now)
    for _ in range(2):
        ledger = ledger.settled("a", used)
        assert ledger.available("b", limit=5) == 3
    assert Ledger().settled("a", used) == Ledger()


def test_grant_of_a_dead_holder_counts_as_if_it_were_used_at_the_last_moment() -> None:
    """Nobody knows how many calls it made, and when."""
    ledger = Ledger().granted("a", Grant(5, START))
    assert ledger.as_of(START + SPENDING + MINUTE).available("b", limit=5) == 0
    assert ledger.as_of(START + SPENDING + MINUTE + timedelta(seconds=1)).available("b", limit=5) == 5
