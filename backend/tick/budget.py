from datetime import datetime, timedelta

from backend.clock import Clock


class Budget:
    """The time that a part of a tick may take; `at` is the tick's instant."""

    def __init__(self, *, at: datetime, seconds: float, clock: Clock) -> None:
        self.at = at
        self._until = at + timedelta(seconds=seconds)
        self._clock = clock

    @property
    def spent(self) -> bool:
        return self._clock() >= self._until
