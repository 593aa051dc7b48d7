"""From Shopify's JSON to an order, with the fields that are asked for and no others."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from backend.errors import InvalidInput, SourceBroken
from backend.platforms.shopify.document import LINES
from backend.platforms.shopify.gid import number_of
from backend.platforms.shopify.reading import LINE_READERS, ORDER_READERS, Node, instant
from backend.platforms.source import Checkpoint, Line, Order

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MALFORMED = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError)
_COUNTED = {"line_count", "item_quantity"}


class OrderShape:
    """Which fields of an order are asked for, and the orders that are made of them."""

    def __init__(self, fields: Collection[str], *, lines: bool = True) -> None:
        """Without `lines`, orders come without them unless one of the fields needs them."""
        unknown = {field: "Shopify has no such field." for field in fields if field not in _KNOWN}
        if unknown:
            raise InvalidInput(fields=unknown)
        self._order_readers = [(key, ORDER_READERS[key]) for key in fields if key in ORDER_READERS]
        self._line_readers = [(key, LINE_READERS[key]) for key in fields if key in LINE_READERS]
        self.with_lines = lines or bool(self._line_readers) or not _COUNTED.isdisjoint(fields)

        self.asked = frozenset(fields) | ({LINES} if self.with_lines else frozenset())
        """What the comments in the documents refer to."""

    def order(self, node: Node, lines: Sequence[Node] = (), *, checkpoint: Checkpoint) -> Order:
        """An order that the shop cancelled counts as removed. Raises SourceBroken, naming the field."""
        try:
            return Order(
                id=number_of(node["id"]),
                version=(instant(node["updatedAt"]) - _EPOCH) // timedelta(milliseconds=1),
                values={key: read(node, lines) for key, read in self._order_readers},
                lines=[
                    Line(number_of(line["id"]), {key: read(line, place) for key, read in self._line_readers})
                    for place, line in enumerate(lines, start=1)
                ],
                removed=node["cancelledAt"] is not None,
                checkpoint=checkpoint,
            )
        except _MALFORMED as error:
            raise SourceBroken(detail=self._what_is_wrong(node, lines)) from error

    def _what_is_wrong(self, node: Node, lines: Sequence[Node]) -> str:
        """Names what could not be read, without its content."""
        order = f"order {node.get('id')!r}"
        for key, read_order in [*_ALWAYS_OF_ORDER, *self._order_readers]:
            if not _can_read(read_order, node, lines):
                return f"{order}: {key} is missing or malformed"
        for place, line in enumerate(lines, start=1):
            for key, read_line in [*_ALWAYS_OF_LINE, *self._line_readers]:
                if not _can_read(read_line, line, place):
                    return f"{order}, line {place}: {key} is missing or malformed"
        return f"{order} is malformed"


_KNOWN = {*ORDER_READERS, *LINE_READERS}
_ALWAYS_OF_ORDER = [(key, ORDER_READERS[key]) for key in ("order_id", "updated_at", "cancelled_at")]
_ALWAYS_OF_LINE = [("line_id", LINE_READERS["line_id"])]


def _can_read(read: Any, *arguments: Any) -> bool:
    try:
        read(*arguments)
    except _MALFORMED:
        return False
    return True
