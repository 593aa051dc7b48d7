"""What a job may call: from the grant in hand, else it asks for another and waits as told."""

import random
from typing import Protocol

from backend.budgets.model import Grant, Use, Wait
from backend.clock import Clock
from backend.platforms.source import Pause
from jobs.sheets.failures import QuotaExceeded

FIRST_CALLS = 2
"""So much is asked for at first, and twice what was used of the last grant then: a short run leaves little unused."""
PATIENCE_S = 300.0
"""Longer than that nobody waits for one call; the run rests instead."""


class Shared(Protocol):
    """What all jobs with the credential take from; see backend.budgets.service."""

    @property
    def largest_grant(self) -> int: ...

    def ask(self, calls: int, *, used: Use | None) -> Grant | Wait: ...

    def close(self, *, for_s: float, whole_project: bool) -> None: ...


class Budget:
    """Of reads or of writes. A batch counts as one call."""

    def __init__(self, shared: Shared, *, clock: Clock) -> None:
        self._shared = shared
        self._clock = clock
        self._used: Use | None = None
        self._closed = False

    def take(self, *, pause: Pause) -> None:
        """One call, to be made at once. Raises QuotaExceeded when there is none for a long time."""
        used = self._used
        if used is None or self._closed or used.left == 0 or self._clock() >= used.grant.void_at:
            used = self._next(pause)
        self._used = used.call(self._clock())

    def refuse(self, *, for_s: float, whole_project: bool) -> None:
        """Google said no: neither this job nor any other that shares the quota calls before that time is over."""
        self._closed = True
        self._shared.close(for_s=for_s, whole_project=whole_project)

    def _next(self, pause: Pause) -> Use:
        used, self._used, self._closed = self._used, None, False
        calls = min(self._shared.largest_grant, max(FIRST_CALLS, 2 * len(used.made) if used else 0))
        waited_s = 0.0
        while True:
            answer = self._shared.ask(calls, used=used)
            if isinstance(answer, Grant):
                used = Use(answer)
                if self._clock() < answer.void_at:
                    return used
                continue  # it took too long to come
            if waited_s + answer.wait_s > PATIENCE_S:
                raise QuotaExceeded(retry_after_s=answer.wait_s, detail=f"no call was free for {waited_s:.0f} s")
            wait_s = answer.wait_s + min(1.0, answer.wait_s / 10) * random.random()  # noqa: S311 - jitter
            pause(wait_s)
            waited_s += wait_s
