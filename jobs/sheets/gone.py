"""Orders that were deleted at the shop: nothing is known of them any more but their rows in the tab."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from jobs.export.rows import ROW_BYTES, OrderRows, Presence, Row
from jobs.sheets.cells import encode_shown, encode_text, key_text
from jobs.sheets.index import Entry, TabIndex
from jobs.sheets.plan import standing_rows
from jobs.sheets.system_cell import hash64, key_hash, parse, restruck

ReadRows: TypeAlias = Callable[[Sequence[int]], Mapping[int, Sequence[object]]]
"""At these positions, what stands in the system cell and in the managed cells: unformatted, '' where empty."""


def with_rows(orders: Sequence[OrderRows], index: TabIndex, read: ReadRows, *, key: int) -> list[OrderRows] | None:
    """The orders; one that is gone with its rows as they stand, where one of them is to be struck through or no longer.

    `key` is which of the columns is the visible key. Nothing is read unless a row is to change. None when the tab is no
    longer what the index says.
    """
    changing = {place: order for order in orders for place in _changing(index, order)}
    shown = read(sorted(changing)) if changing else {}
    rows: dict[int, list[Row]] = {}
    for position, order in changing.items():
        row = _row(index[position], shown[position], key=key, struck=order.struck)
        if row is None:
            return None
        rows.setdefault(order.order_hash, []).append(row)
    return [order if order.rows else _with(order, rows.get(order.order_hash, [])) for order in orders]


def _changing(index: TabIndex, order: OrderRows) -> Sequence[int]:
    """All rows of the order that stand, if one of them is to change."""
    if order.rows or order.presence is Presence.ABSENT:
        return []
    standing = [*standing_rows(index, order).values()]
    return standing if any(index[position].struck != order.struck for position in standing) else []


def _with(order: OrderRows, rows: Sequence[Row]) -> OrderRows:
    return replace(order, rows=rows, line_hashes=frozenset(row.line_hash for row in rows))


def _row(entry: Entry, shown: Sequence[object], *, key: int, struck: bool) -> Row | None:
    """Of its earlier version, so that the order is taken up again as it was if the shop comes to show it again."""
    text, *values = shown
    cell = parse(text)
    if cell is None or (hash64(cell.order_id), hash64(cell.line_id)) != (entry.order, entry.line):
        return None
    name = key_text(values[key])
    content = restruck(cell.content, struck=struck)
    system = encode_text(cell._replace(content=content, key=key_hash(name)).text())
    cells = [encode_shown(value) for value in values]
    return Row(
        order_id=cell.order_id,
        line_id=cell.line_id,
        order_hash=entry.order,
        line_hash=entry.line,
        version=cell.version,
        content=content,
        key=name,
        cells=cells,
        system=system,
        size_bytes=ROW_BYTES + len(system) + sum(map(len, cells)),
    )
