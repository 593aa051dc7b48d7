"""Where the time goes."""

import time

import pytest

from jobs.stopwatch import Stopwatch


def work() -> None:
    sum(range(20_000))


def work_in_vain() -> None:
    work()
    raise ZeroDivisionError


def test_inner_activity_is_not_counted_twice() -> None:
    """All activities together take no longer than the clock says."""
    stopwatch = Stopwatch()
    started = time.monotonic()
    with stopwatch("outer"):
        work()
        with stopwatch("inner"):
            for _ in range(10):
                work()
            with stopwatch("innermost"):
                work()
    passed = time.monotonic() - started
    assert stopwatch.seconds.keys() == {"outer", "inner", "innermost"}
    assert all(seconds > 0 for seconds in stopwatch.seconds.values())
    assert sum(stopwatch.seconds.values()) <= passed


def test_activity_adds_up() -> None:
    """Each time it is taken up again."""
    stopwatch = Stopwatch()
    known = [0.0]
    for _ in range(3):
        with stopwatch("plan"):
            work()
        known.append(stopwatch.seconds["plan"])
    assert known == sorted(set(known))


def test_activity_within_itself_is_counted_once() -> None:
    """As when a batch that is too large is written in halves."""
    stopwatch = Stopwatch()
    started = time.monotonic()
    with stopwatch("write"), stopwatch("write"):
        work()
    assert 0 < stopwatch.seconds["write"] <= time.monotonic() - started


def test_failed_activity_took_its_time_too() -> None:
    """And what surrounds it goes on being measured rightly."""
    stopwatch = Stopwatch()
    started = time.monotonic()
    with stopwatch("run"):
        with pytest.raises(ZeroDivisionError), stopwatch("write"):
            work_in_vain()
        with stopwatch("read"):
            work()
    assert stopwatch.seconds.keys() == {"run", "write", "read"}
    assert sum(stopwatch.seconds.values()) <= time.monotonic() - started
