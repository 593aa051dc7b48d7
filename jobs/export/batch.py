"""Batches: consecutive orders up to three caps, all of them, always."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from backend.platforms.source import Checkpoint
from jobs.export.rows import OrderRows, Row

MAX_ORDERS = 300
MAX_ROWS = 1_200
MAX_BYTES = 1_200_000
"""Of a request's whole body. Google recommends at most 2 MB."""
OVERHEAD_BYTES = 20_000
"""Kept free in a batch for what surrounds the rows in a request; a plan that needs more is split (jobs.sheets.tab)."""


@dataclass(frozen=True, slots=True)
class Batch:
    """`checkpoint` is the one after the last order that is complete with this batch; None when none is.

    No other batch follows the `last` one.
    """

    orders: Sequence[OrderRows]
    checkpoint: Checkpoint | None
    complete_orders: int
    last: bool = False

    @property
    def rows(self) -> int:
        return sum(len(order.rows) for order in self.orders)

    @property
    def newest_ms(self) -> int:
        """The latest change among its orders."""
        return max((order.version for order in self.orders), default=0)

    @property
    def size_bytes(self) -> int:
        return sum(row.size_bytes for order in self.orders for row in order.rows)


def batches(
    orders: Iterable[tuple[OrderRows, Checkpoint]],
    *,
    max_orders: int = MAX_ORDERS,
    max_rows: int = MAX_ROWS,
    max_bytes: int = MAX_BYTES - OVERHEAD_BYTES,
) -> Iterator[Batch]:
    """An order that exceeds a cap by itself is split over batches of its own; its parts keep its identity.

    An order that comes again begins a new batch, so that it meets what it wrote the first time: a plan sees the tab
    as it is before the batch.

    A single row larger than `max_bytes` still becomes a batch: cells are at most 50,000 characters, which callers
    bound by the number of columns.
    """
    held: list[OrderRows] = []
    rows = size = 0
    names: set[int] = set()
    checkpoint: Checkpoint | None = None
    for order, after in orders:
        order_bytes = sum(row.size_bytes for row in order.rows)
        full = len(held) == max_orders or rows + len(order.rows) > max_rows or size + order_bytes > max_bytes
        if held and (full or order.order_hash in names):
            yield Batch(held, checkpoint, len(held))
            held, rows, size = [], 0, 0
            names.clear()
        if len(order.rows) > max_rows or order_bytes > max_bytes:
            *parts, last = split(order, max_rows=max_rows, max_bytes=max_bytes)
            yield from (Batch([part], None, 0) for part in parts)
            order = last  # noqa: PLW2901 - what is left of the order goes on like any other
            order_bytes = sum(row.size_bytes for row in order.rows)
        held.append(order)
        names.add(order.order_hash)
        rows += len(order.rows)
        size += order_bytes
        checkpoint = after
    if held:
        yield Batch(held, checkpoint, len(held), last=True)


def split(order: OrderRows, *, max_rows: int, max_bytes: int) -> Iterator[OrderRows]:
    """The order in parts that keep to the caps. Each names all lines, so none removes another's rows."""
    part: list[Row] = []
    size = 0
    after = order.after
    for row in order.rows:
        if part and (len(part) == max_rows or size + row.size_bytes > max_bytes):
            yield replace(order, rows=part, after=after)
            after = part[-1].line_hash
            part, size = [], 0
        part.append(row)
        size += row.size_bytes
    yield replace(order, rows=part, after=after)


def halves(orders: Sequence[OrderRows]) -> tuple[Sequence[OrderRows], Sequence[OrderRows]] | None:
    """The same rows in two parts, at the boundary of an order where there is one; None for a single row."""
    if len(orders) > 1:
        middle = len(orders) // 2
        return orders[:middle], orders[middle:]
    (order,) = orders
    if len(order.rows) < 2:
        return None
    first, *rest = split(order, max_rows=(len(order.rows) + 1) // 2, max_bytes=MAX_BYTES)
    return [first], rest
