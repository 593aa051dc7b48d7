"""The small interface behind which every platform stands: a stream of orders that can be taken up again anywhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from backend.platforms.field import Value

Checkpoint: TypeAlias = Mapping[str, str | int]
"""Where a stream can be taken up again: small, JSON, opaque to all but the source that made it."""

Pause: TypeAlias = Callable[[float], None]
"""Waits that many seconds, or raises LifecycleSignal when the run is told to stop meanwhile."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order. `id` is stable and unique within its order."""

    id: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it is now, whole: all its lines, in the platform's order."""

    id: str
    """Stable and unique within the shop; text, since platforms' ids do not fit a double."""
    version: int
    """When it last changed, in milliseconds since 1970. A larger one is newer; equal ones may differ."""
    values: Mapping[str, Value]
    lines: Sequence[Line] = ()
    removed: bool = False
    """Cancelled or deleted at the source: the automation's `on_removed` decides about its rows."""
    checkpoint: Checkpoint = field(default_factory=dict)
    """Resuming from here yields what comes after this order, and may repeat some of what came before."""


class Source(Protocol):
    """The orders of one shop.

    Outside failures arrive as errors of backend.errors: RetriableError after the source's own bounded retries,
    NeedsAttention when the merchant must act, SourceBroken when the platform breaks its word (a page token that
    repeats, a line without its order).
    """

    def count(self, *, since: datetime | None) -> int:
        """About how many orders `orders` will yield; for progress and for choosing the way."""

    def orders(self, *, since: datetime | None, resume: Checkpoint | None) -> Iterator[Order]:
        """Every order changed at or after `since` (all when None), each at least once, memory bounded by a page.

        Small sets are paged by the time of change; large ones come as a bulk export where the platform has one.
        """

    def named(self, ids: Sequence[str]) -> Iterator[Order]:
        """These orders as they are now; one that no longer exists comes as `removed` with no values.

        Where the platform does not tell whether an order is gone or only hidden from us, it does not come at all.
        """

    def tells_gone(self) -> bool:
        """Whether the platform tells orders that no longer exist from those that it only hides from us."""

    def shown_for(self) -> timedelta | None:
        """How long after it was made the platform shows us an order at least; None where that is for ever.

        With room to spare, so that it holds for orders that are read in the hours after the question.
        """

    def close(self) -> None:
        """Give back connections; may be called twice."""
