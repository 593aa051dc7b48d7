import itertools

from hypothesis import given
from hypothesis import strategies as st

from infra.local.http_target.retry import UNLIMITED, RetryPolicy


def policy(**settings: float) -> RetryPolicy:
    defaults = {
        "max_attempts": 100,
        "max_retry_duration_s": 0,
        "min_backoff_s": 0.1,
        "max_backoff_s": 3600,
        "max_doublings": 16,
    }
    return RetryPolicy(**{**defaults, **settings})  # type: ignore[arg-type]


def test_backoff_follows_the_documented_example() -> None:
    """The reference of RetryConfig spells this sequence out."""
    documented = policy(min_backoff_s=10, max_backoff_s=300, max_doublings=3)
    waits = [documented.backoff_s(failures) for failures in range(1, 9)]
    assert waits == [10, 20, 40, 80, 160, 240, 300, 300]


@given(
    min_backoff_s=st.floats(0.001, 100),
    max_backoff_s=st.floats(100, 10_000),
    max_doublings=st.integers(0, 16),
    failures=st.integers(1, 500),
)
def test_backoff_never_shrinks_and_stays_within_its_bounds(
    *, min_backoff_s: float, max_backoff_s: float, max_doublings: int, failures: int
) -> None:
    """Each wait is at least the one before, at least the minimum and at most the maximum."""
    bounded = policy(min_backoff_s=min_backoff_s, max_backoff_s=max_backoff_s, max_doublings=max_doublings)
    assert min_backoff_s <= bounded.backoff_s(failures) <= bounded.backoff_s(failures + 1) <= max_backoff_s


def test_both_limits_must_be_passed_where_both_are_set() -> None:
    """Attempts alone or time alone do not end a task that has both limits."""
    both = policy(max_attempts=3, max_retry_duration_s=60)
    cases = itertools.product((2, 3), (59, 60))
    assert [both.is_exhausted(attempts=attempts, age_s=age_s) for attempts, age_s in cases] == [
        False,
        False,
        False,
        True,
    ]


def test_unlimited_attempts_end_with_the_duration() -> None:
    """With max_attempts -1 only the time counts."""
    timed = policy(max_attempts=UNLIMITED, max_retry_duration_s=60)
    assert not timed.is_exhausted(attempts=1000, age_s=59)
    assert timed.is_exhausted(attempts=1, age_s=60)


def test_without_limits_a_task_is_retried_for_ever() -> None:
    """max_attempts -1 and no duration set no end."""
    assert not policy(max_attempts=UNLIMITED).is_exhausted(attempts=10_000, age_s=1e9)
