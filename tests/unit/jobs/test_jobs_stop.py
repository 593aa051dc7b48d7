"""Being told to stop."""

import signal
from collections.abc import Iterator

import pytest

from backend.errors import RunInterrupted
from jobs.stop import Stop


@pytest.fixture
def handlers_restored() -> Iterator[None]:
    known = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in known.items():
        signal.signal(number, handler)


def test_nobody_is_stopped_unasked() -> None:
    """Checks and pauses pass, also one of less than no time."""
    stop = Stop()
    stop.check()
    stop.pause(0)
    stop.pause(-1)
    assert not stop.asked


def test_check_and_pause_raise_once_asked() -> None:
    """At once, however long the pause, and every time."""
    stop = Stop()
    stop.ask()
    for _ in range(2):
        with pytest.raises(RunInterrupted):
            stop.check()
        with pytest.raises(RunInterrupted):
            stop.pause(3_600)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_asks(number: signal.Signals, handlers_restored: None) -> None:
    """It interrupts nothing: the batch in hand is finished first."""
    stop = Stop()
    stop.listen()
    signal.raise_signal(number)
    assert stop.asked
