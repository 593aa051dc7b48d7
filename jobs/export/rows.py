"""An order → the rows it should have in the tab, encoded, each with its identity and content hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum, auto
from typing import NamedTuple

from backend.automations.matching import wanted
from backend.automations.model import Automation, Column, OnRemoved, RowMode
from backend.platforms.field import Catalogue, Level
from backend.platforms.source import Line, Order
from jobs.sheets.cells import MAX_TEXT_CHARS, NOTHING, Cell, content, encode_text, encoder_for, key_text, was_cut
from jobs.sheets.system_cell import STRUCK, SystemCell, content_hash, hash64, key_hash

ROW_BYTES = 32
"""Of a row's size, kept for what surrounds its cells in a request."""
_NO_LINE = Line(id="", values={})
"""Stands for the order itself where it has one row."""


class Row(NamedTuple):
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

    @property
    def cut_columns(self) -> list[int]:
        """Those of the configuration's columns whose text did not fit into a cell."""
        if self.size_bytes <= MAX_TEXT_CHARS:
            return []
        return [column for column, cell in enumerate(self.cells) if was_cut(cell)]

    @property
    def struck(self) -> bool:
        return bool(self.content & STRUCK)


class Presence(Enum):
    """Whether an order's rows belong into the tab."""

    WANTED = auto()
    IF_PRESENT = auto()  #: brought up to date where they stand, but not added
    ABSENT = auto()


@dataclass(frozen=True, slots=True)
class OrderRows:
    """All or, where it was split over batches, some rows of one order, in its line order.

    `line_hashes` names all rows of the whole order, so that a part never removes the rows of another part;
    `after` is the line hash of the row before the first of these, when that is in an earlier part. An order that was
    deleted at the source comes without rows: those in the tab stay, but for whether they are `struck` through.
    """

    order_id: str
    order_hash: int
    version: int
    rows: Sequence[Row]
    presence: Presence
    line_hashes: frozenset[int]
    after: int | None = None
    struck: bool = False


class RowMaker:
    """Makes rows for one automation in a spreadsheet of one time zone."""

    def __init__(self, automation: Automation, catalogue: Catalogue, *, zone: tzinfo) -> None:
        configuration = automation.configuration
        self._columns: Sequence[Column] = configuration.columns
        self._encoders = [
            (column.key, catalogue[column.key].level is Level.LINE, encoder_for(column.type, zone))
            for column in configuration.columns
        ]
        self._key = configuration.columns.index(key_column(configuration.columns, catalogue))
        self._by_line = configuration.row_mode is RowMode.LINE
        self._on_removed = configuration.on_removed
        self._wanted = wanted(configuration, catalogue)

    def order_rows(self, order: Order) -> OrderRows:
        presence = self._presence(order)
        struck = self._on_removed is OnRemoved.MARK and (order.removed or presence is Presence.IF_PRESENT)
        order_hash = hash64(order.id)
        rows = [] if presence is Presence.ABSENT or not order.values else self._rows(order, order_hash, struck=struck)
        return OrderRows(
            order_id=order.id,
            order_hash=order_hash,
            version=order.version,
            rows=rows,
            presence=presence,
            line_hashes=frozenset(row.line_hash for row in rows),
            struck=struck,
        )

    def _rows(self, order: Order, order_hash: int, *, struck: bool) -> list[Row]:
        """What the rows of an order have in common is encoded once."""
        values = order.values
        shared = [None if of_line else encode(values.get(key)) for key, of_line, encode in self._encoders]
        key = key_text(content(shared[self._key] or NOTHING))
        shown_key = key_hash(key)
        lines: Sequence[Line] = order.lines if self._by_line and order.lines else (_NO_LINE,)
        rows: list[Row] = []
        for line in lines:
            line_values = line.values
            cells = [
                common or encode(line_values.get(name))
                for common, (name, _, encode) in zip(shared, self._encoders, strict=True)
            ]
            shown = ",".join(cells)
            hashed = content_hash(f"{order.id}\x1f{line.id}\x1f{shown}", struck=struck)
            system = encode_text(SystemCell(order.id, line.id, order.version, hashed, shown_key).text())
            rows.append(
                Row(
                    order_id=order.id,
                    line_id=line.id,
                    order_hash=order_hash,
                    line_hash=hash64(line.id),
                    version=order.version,
                    content=hashed,
                    key=key,
                    cells=cells,
                    system=system,
                    size_bytes=ROW_BYTES + len(system) + len(shown),
                )
            )
        return rows

    def _presence(self, order: Order) -> Presence:
        """One without values was deleted at the source: there is nothing to write."""
        if order.values and self._wanted(order):
            return Presence.WANTED
        return Presence.ABSENT if self._on_removed is OnRemoved.DELETE else Presence.IF_PRESENT


def key_column(columns: Sequence[Column], catalogue: Catalogue) -> Column:
    """The visible key: the first column by which a person can tell the order. The configuration has one."""
    return next(column for column in columns if catalogue[column.key].identifies)
