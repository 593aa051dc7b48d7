"""Signals in the process that starts the others."""

import signal
from collections.abc import Iterator

import pytest

from infra.local.stopping import Stopped, Stopping


@pytest.fixture
def stopping() -> Iterator[Stopping]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield Stopping()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signal_is_raised_where_the_program_looks(stopping: Stopping, number: signal.Signals) -> None:
    """Not before: a process may just be starting."""
    stopping.check()
    signal.raise_signal(number)
    with pytest.raises(Stopped):
        stopping.check()


def test_signal_is_raised_at_once_where_that_is_safe(stopping: Stopping) -> None:
    """However long the program would have gone on."""
    with pytest.raises(Stopped), stopping.at_once():
        signal.raise_signal(signal.SIGTERM)


def test_earlier_signal_is_raised_on_entry(stopping: Stopping) -> None:
    """One that came while a process was being started is not forgotten."""
    signal.raise_signal(signal.SIGTERM)
    with pytest.raises(Stopped), stopping.at_once():
        pytest.fail("went on")


def test_second_signal_does_not_disturb_the_ending(stopping: Stopping) -> None:
    """Impatience leaves nothing half stopped."""
    with pytest.raises(Stopped), stopping.at_once():
        signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGINT)
