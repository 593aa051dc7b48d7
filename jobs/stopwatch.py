"""Where a run's time goes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up seconds by activity: `with stopwatch("write"): …`. An inner activity's time is its own only."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._open: list[float] = []

    @contextmanager
    def __call__(self, activity: str) -> Iterator[None]:
        started = time.monotonic()
        self._open.append(0.0)
        try:
            yield
        finally:
            total = time.monotonic() - started
            inner = self._open.pop()
            if self._open:
                self._open[-1] += total
            self.seconds[activity] = self.seconds.get(activity, 0.0) + total - inner
