"""A shop's sales, one row a day of its time zone: a source whose orders are days.

Whichever day changed, all of them are added up anew from the orders as they are now: one pass, whose sums are held by
day. It begins anew wherever it is broken off, since nothing was written of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from backend.errors import SourceBroken
from backend.platforms.sales_day import SalesDay
from backend.platforms.source import Checkpoint, Order, Pause, Source

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Pass:
    """`first` is the first day all of whose orders the shop shows us; days before it are not told."""

    sums: Mapping[date, SalesDay]
    first: date
    version: int
    currency: str

    def days(self) -> Iterator[date]:
        """From the first that has an order to the last, also those without any."""
        known = [day for day in self.sums if day >= self.first]
        if known:
            first, last = min(known), max(known)
            yield from (first + number * _DAY for number in range((last - first).days + 1))

    def order(self, day: date) -> Order:
        """The pass is its version: a day whose newest order was deleted has changed, too."""
        name = day.isoformat()
        return Order(
            id=name,
            version=self.version,
            values=self.sums.get(day, SalesDay()).values(day, currency=self.currency),
            checkpoint={"day": name},
        )


def newest_days(orders: Sequence[Order], *, zone: tzinfo, currency: str, more: bool) -> list[Order]:
    """What the newest orders of a shop come to, the newest day first; for a look.

    Where there are `more` orders, the first of these days is not whole, and is left out unless it is the only one.
    """
    sums = _added_up(orders, zone)
    first = min(sums, default=date.min) + _DAY * (more and len(sums) > 1)
    told = _Pass(sums, first=first, version=0, currency=currency)
    return [told.order(day) for day in reversed(list(told.days()))]


def _added_up(orders: Iterable[Order], zone: tzinfo) -> dict[date, SalesDay]:
    sums: dict[date, SalesDay] = {}
    for order in orders:
        ordered_at = order.values["processed_at"]
        if not isinstance(ordered_at, datetime):
            raise SourceBroken(detail=f"order {order.id!r} does not say when it was placed")
        if not order.values["test"]:
            sums.setdefault(_local_day(ordered_at, zone), SalesDay()).add(order)
    return sums


def _local_day(instant: datetime, zone: tzinfo) -> date:
    return instant.astimezone(zone).date()


class DailySales:
    """Conforms to backend.platforms.source.Source. For one thread."""

    def __init__(
        self, orders: Source, *, zone: tzinfo, currency: str, clock: Callable[[], datetime], pause: Pause
    ) -> None:
        """`orders` come with the fields that `fields_of_orders` names."""
        self._orders = orders
        self._zone = zone
        self._currency = currency
        self._clock = clock
        self._pause = pause
        self._ahead: _Pass | None = None
        """One that was made for counting, and that nothing has been told of."""
        self._told: _Pass | None = None

    def count(self, *, since: datetime | None) -> int:
        """Exactly, by a pass that the next call of `orders` goes by."""
        del since
        self._ahead = self._ahead or self._pass()
        return sum(1 for _ in self._ahead.days())

    def orders(self, *, since: datetime | None, resume: Checkpoint | None) -> Iterator[Order]:
        """All days, whatever changed `since`."""
        del since
        self._told, self._ahead = self._ahead or self._pass(), None
        told = str(resume["day"]) if resume else ""
        for day in self._told.days():
            if day.isoformat() > told:
                yield self._told.order(day)

    def named(self, ids: Sequence[str]) -> Iterator[Order]:
        """A day without an order, or no longer with one, comes with zeros; one of which we do not see all does not."""
        self._told = self._told or self._pass()
        for name in ids:
            try:
                day = date.fromisoformat(name)
            except ValueError:  # a row of another tab that somebody pasted
                yield Order(id=name, version=self._told.version, values={}, removed=True)
                continue
            if day >= self._told.first:
                yield self._told.order(day)

    def tells_gone(self) -> bool:
        """No day is ever gone."""
        return True

    def shown_for(self) -> timedelta | None:
        return self._orders.shown_for()

    def close(self) -> None:
        self._orders.close()

    def _pass(self) -> _Pass:
        began_at = self._clock()
        shown_for = self._orders.shown_for()
        return _Pass(
            _added_up(self._each_once(), self._zone),
            first=date.min if shown_for is None else _local_day(began_at - shown_for, self._zone) + _DAY,
            version=(began_at - _EPOCH) // timedelta(milliseconds=1),
            currency=self._currency,
        )

    def _each_once(self) -> Iterator[Order]:
        """One that comes again, since it changed meanwhile, counts as it came first: the next pass brings it."""
        seen: set[str] = set()
        for order in self._orders.orders(since=None, resume=None):
            self._pause(0)
            if order.id not in seen:
                yield order
            seen.add(order.id)
