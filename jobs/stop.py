"""SIGTERM: the run finishes its batch, checkpoints and goes back to pending."""

import signal
import threading

from backend.errors import RunInterrupted


class Stop:
    """Set by SIGTERM or SIGINT. Cloud Run sends SIGTERM some ten seconds before it kills."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def listen(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.ask())

    def ask(self) -> None:
        self._asked.set()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def check(self) -> None:
        """Raises RunInterrupted when asked to stop."""
        if self.asked:
            raise RunInterrupted

    def pause(self, seconds: float) -> None:
        """Waits; raises RunInterrupted as soon as asked to stop."""
        self._asked.wait(max(0.0, seconds))
        self.check()
