"""The order of results: what a query says and what it implies, and where its cursors stand in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.local.firestore import fields, filters
from infra.local.firestore.fields import FieldPath
from infra.local.firestore.values import Key, name_key, sort_key
from infra.local.firestore.wire import Cursor, Document, StructuredQuery

RowKey = tuple[Key, ...]


@dataclass(frozen=True)
class Order:
    path: FieldPath
    descending: bool


@dataclass(frozen=True)
class Bound:
    """A cursor: a prefix of a row's key, and whether it stands before or after the rows that share it."""

    keys: RowKey
    before: bool


def orders(query: StructuredQuery, tree: filters.Filter, *, aggregated: Sequence[FieldPath] = ()) -> tuple[Order, ...]:
    """The explicit orders; then inequality fields by name, fields summed or averaged, and the document's name.

    The implied ones take the direction of the last explicit order.
    """
    explicit = [
        Order(fields.parse(order.field.field_path), order.direction == StructuredQuery.DESCENDING)
        for order in query.order_by
    ]
    descending = explicit[-1].descending if explicit else False
    known = {order.path for order in explicit}
    unequal = filters.unequal_paths(tree)
    implied = sorted(unequal - known - {fields.NAME})
    implied += sorted(set(aggregated) - known - unequal)
    if fields.NAME not in known:
        implied.append(fields.NAME)
    return (*explicit, *(Order(path, descending) for path in implied))


def bound(cursor: Cursor) -> Bound:
    return Bound(tuple(sort_key(value) for value in cursor.values), cursor.before)


def row_key(document: Document, by: Sequence[Order]) -> RowKey | None:
    """None when the document lacks a field it would be ordered by, and so is no result."""
    keys = []
    for order in by:
        if order.path == fields.NAME:
            keys.append(name_key(document.name))
            continue
        value = fields.get(document, order.path)
        if value is None:
            return None
        keys.append(sort_key(value))
    return tuple(keys)


def sort(rows: list[tuple[RowKey, Document]], by: Sequence[Order]) -> None:
    """In place. Sorts are stable, so mixed directions sort from the last order to the first."""
    directions = {order.descending for order in by}
    if len(directions) == 1:
        rows.sort(key=lambda row: row[0], reverse=directions.pop())
        return
    for place in range(len(by) - 1, -1, -1):
        rows.sort(key=lambda row, place=place: row[0][place], reverse=by[place].descending)  # type: ignore[misc]


def compare(key: RowKey, edge: Bound, by: Sequence[Order]) -> int:
    """Negative, zero, positive: the row comes before, shares, comes after the bound's values."""
    for mine, theirs, order in zip(key, edge.keys, by, strict=False):
        if mine != theirs:
            return 1 if (mine > theirs) != order.descending else -1
    return 0
