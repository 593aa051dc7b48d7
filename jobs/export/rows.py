"""An order → the rows it should have in the tab, encoded, each with its identity and content hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum, auto

from backend.automations.model import Automation, Column, OnRemoved, RowMode
from backend.platforms.field import Catalogue, Level, Value
from backend.platforms.source import Line, Order
from jobs.export.filters import matcher
from jobs.sheets.cells import Cell, encode_text, encoder_for
from jobs.sheets.system_cell import SystemCell, hash64, key_hash

_ROW_BYTES = 32


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it should stand. `cells` are in the configuration's column order, without the system cell."""

    order_id: str
    line_id: str
    order_hash: int
    line_hash: int
    version: int
    content: int
    key: str
    cells: Sequence[Cell]
    system: Cell
    size_bytes: int
    marked: bool = False
    cut_cells: int = 0


class Presence(Enum):
    """Whether an order's rows belong into the tab."""

    WANTED = auto()
    IF_PRESENT = auto()  #: brought up to date where they stand, but not added
    ABSENT = auto()


@dataclass(frozen=True, slots=True)
class OrderRows:
    """All or, where it was split over batches, some rows of one order, in its line order.

    `line_hashes` names all rows of the whole order, so that a part never removes the rows of another part;
    `after` is the line hash of the row before the first of these, when that is in an earlier part.
    """

    order_id: str
    order_hash: int
    version: int
    rows: Sequence[Row]
    presence: Presence
    line_hashes: frozenset[int]
    after: int | None = None


class RowMaker:
    """Makes rows for one automation in a spreadsheet of one time zone."""

    def __init__(self, automation: Automation, catalogue: Catalogue, *, zone: tzinfo) -> None:
        configuration = automation.configuration
        self._columns: Sequence[Column] = configuration.columns
        self._encoders = [
            (column.key, catalogue[column.key].level is Level.LINE, encoder_for(column, zone))
            for column in configuration.columns
        ]
        self._key = key_column(configuration.columns, catalogue).key
        self._by_line = configuration.row_mode is RowMode.LINE
        self._on_removed = configuration.on_removed
        self._matches = matcher(configuration.filters)

    def order_rows(self, order: Order) -> OrderRows:
        presence = self._presence(order)
        marked = self._on_removed is OnRemoved.MARK and (order.removed or presence is Presence.IF_PRESENT)
        order_hash = hash64(order.id)
        rows: list[Row] = []
        if presence is not Presence.ABSENT:
            lines: Sequence[Line | None] = order.lines if self._by_line and order.lines else (None,)
            shared = [None if of_line else encode(order.values.get(key)) for key, of_line, encode in self._encoders]
            key = _text(order.values.get(self._key))
            for line in lines:
                cells = [
                    common or encode(line.values.get(name) if line else None)
                    for common, (name, _, encode) in zip(shared, self._encoders, strict=True)
                ]
                line_id = line.id if line else ""
                tokens = (order.id, line_id, "marked" if marked else "", *(cell.token for cell in cells))
                content = hash64("\x1f".join(tokens))
                system = encode_text(SystemCell(order.id, line_id, order.version, content, key_hash(key)).text())
                rows.append(
                    Row(
                        order_id=order.id,
                        line_id=line_id,
                        order_hash=order_hash,
                        line_hash=hash64(line_id),
                        version=order.version,
                        content=content,
                        key=key,
                        cells=[cell.cell for cell in cells],
                        system=system.cell,
                        size_bytes=_ROW_BYTES + system.size_bytes + sum(cell.size_bytes for cell in cells),
                        marked=marked,
                        cut_cells=sum(cell.cut for cell in cells),
                    )
                )
        return OrderRows(
            order_id=order.id,
            order_hash=order_hash,
            version=order.version,
            rows=rows,
            presence=presence,
            line_hashes=frozenset(row.line_hash for row in rows),
        )

    def _presence(self, order: Order) -> Presence:
        if not order.values:  # deleted at the source: there is nothing to write
            return Presence.ABSENT if self._on_removed is OnRemoved.DELETE else Presence.IF_PRESENT
        if self._matches(order):
            gone = order.removed and self._on_removed is OnRemoved.DELETE
            return Presence.ABSENT if gone else Presence.WANTED
        return Presence.ABSENT if self._on_removed is OnRemoved.DELETE else Presence.IF_PRESENT


def key_column(columns: Sequence[Column], catalogue: Catalogue) -> Column:
    """The visible key: the first column by which a person can tell the order. The configuration has one."""
    return next(column for column in columns if catalogue[column.key].identifies)


def _text(value: Value) -> str:
    return "" if value is None else str(value)
