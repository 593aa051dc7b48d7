"""A tick: what is due is started, what a crash left behind is taken up. Any number of them may go on at once."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import structlog

from backend.clock import Clock
from backend.errors import UpstreamUnavailable
from backend.tick.budget import Budget

TICK_S = 45.0
"""Less than the scheduler's deadline for an attempt."""
Part: TypeAlias = Callable[[Budget], int]
"""Works until it is done or its budget is spent, and tells how many things it did; the next tick does the rest."""
_log = structlog.get_logger()


class TickService:
    def __init__(self, parts: Mapping[str, Part], *, clock: Clock) -> None:
        self._parts = parts
        self._clock = clock

    def tick(self) -> dict[str, int]:
        """What each part did. The time is shared evenly; what one leaves over, the later ones have.

        A part that fails does not keep the others from their work. Raises UpstreamUnavailable afterwards.
        """
        at = self._clock()
        done: dict[str, int] = {}
        for position, (name, part) in enumerate(self._parts.items(), start=1):
            budget = Budget(at=at, seconds=TICK_S * position / len(self._parts), clock=self._clock)
            try:
                done[name] = part(budget)
            except Exception:  # noqa: BLE001 - the entry point of a part: its failure is recorded
                _log.exception("tick_part_failed", part=name)
        _log.info("ticked", **done)
        if failed := self._parts.keys() - done.keys():
            raise UpstreamUnavailable(detail=f"failed: {', '.join(sorted(failed))}")
        return done
