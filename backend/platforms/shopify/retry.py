"""When to call again, as a decision: it knows no clock and waits for nothing itself."""

import random

from backend.errors import RateLimited, RetriableError

MAX_FAILURES = 5
MAX_REFUSALS = 60
FIRST_BACKOFF_S = 0.5
MAX_TOLD_WAIT_S = 60.0
"""A shop that asks for more patience than that is left in peace: others may have the worker meanwhile."""
MAX_BACKOFF_S = 20.0


class Retry:
    """Of one call. Being told to slow down is no failure, but it does not go on for ever either."""

    def __init__(self, *, max_failures: int = MAX_FAILURES) -> None:
        self._failures_left = max_failures
        self._refusals_left = MAX_REFUSALS
        self._backoff_s = FIRST_BACKOFF_S

    def wait_s(self, error: RetriableError) -> float | None:
        """None: give up."""
        if isinstance(error, RateLimited):
            self._refusals_left -= 1
            if self._refusals_left < 0 or error.retry_after_s > MAX_TOLD_WAIT_S:
                return None
            return error.retry_after_s + random.uniform(0.05, 0.25)  # noqa: S311 - jitter
        self._failures_left -= 1
        if self._failures_left < 0:
            return None
        wait_s = self._backoff_s * random.uniform(0.5, 1.0)  # noqa: S311 - jitter
        self._backoff_s = min(MAX_BACKOFF_S, self._backoff_s * 2)
        return wait_s
