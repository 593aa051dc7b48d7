"""SIGTERM, Ctrl-C and a closed terminal, in the process that starts the others."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(BaseException):
    """Not an Exception: nothing on the way up may take it for a failure."""


class Stopping:
    """Raises Stopped where the program looks (`check`), or wherever it is (`at_once`): never while a process is being
    started, which would be left behind. What is asked for a second time is ignored: everything ends already.
    """

    def __init__(self) -> None:
        self._asked = False
        self._at_once = False
        for number in _SIGNALS:
            signal.signal(number, self._ask)

    def check(self) -> None:
        if self._asked:
            raise Stopped

    @contextmanager
    def at_once(self) -> Iterator[None]:
        self._at_once = True
        try:
            self.check()
            yield
        finally:
            self._at_once = False

    def wait(self) -> NoReturn:
        with self.at_once():
            while True:
                signal.pause()

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True
        if self._at_once:
            self._at_once = False
            raise Stopped
