"""The quota of one credential: at most so many calls in any minute, reads and writes apart."""

from collections import deque

WINDOW_S = 60.0


class Budget:
    """Tells how long to wait before the next call; knows no clock of its own. A batch counts as one call.

    A 429 means that somebody else spends from the same quota: then everyone holds back for the time told.
    """

    def __init__(self, *, calls_a_minute: int) -> None:
        self._calls: deque[float] = deque(maxlen=calls_a_minute)
        self._closed_until = 0.0

    def wait_s(self, now: float) -> float:
        """Seconds until a call fits."""
        full = len(self._calls) == self._calls.maxlen
        free_at = self._calls[0] + WINDOW_S if full else 0.0
        return max(0.0, free_at - now, self._closed_until - now)

    def spend(self, now: float) -> None:
        self._calls.append(now)

    def refuse(self, now: float, *, retry_after_s: float) -> None:
        """The other side said no: nothing more before `retry_after_s` has passed."""
        self._closed_until = max(self._closed_until, now + retry_after_s)
