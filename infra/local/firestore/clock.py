"""The time of commits: the wall clock in microseconds, made strictly increasing."""

import time
from collections.abc import Callable


def wall_us() -> int:
    return time.time_ns() // 1000


class CommitClock:
    """Not safe by itself: the store asks it under its lock."""

    def __init__(self, wall: Callable[[], int] = wall_us) -> None:
        self._wall = wall
        self.last_us = 0

    def next_us(self) -> int:
        """A time for a commit, later than any before."""
        self.last_us = max(self.last_us + 1, self._wall())
        return self.last_us

    def read_us(self) -> int:
        """Now, for a read: no commit to come will be at or before it."""
        self.last_us = max(self.last_us, self._wall())
        return self.last_us

    def advance(self, instant_us: int) -> None:
        self.last_us = max(self.last_us, instant_us)
