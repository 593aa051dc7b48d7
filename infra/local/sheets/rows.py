"""One row of a tab: its values, their formats, what else hangs on its cells, and its own height.

A row is never changed: a change makes a new one. So rows, like the tuples of formats inside them, may be shared.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from infra.local.sheets.errors import Json


@dataclass(frozen=True, slots=True)
class Formula:
    """What was typed, with its leading `=`. Its value is computed when it is read."""

    text: str


Scalar = str | int | float | bool
Value = Scalar | Formula | None
Format = Json
"""A CellFormat as entered. Never changed in place: rows share them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell taken out of its row, to be put elsewhere."""

    value: Value = None
    format: Format | None = None
    extras: Json | None = None
    """note, dataValidation, textFormatRuns, hyperlink."""

    @property
    def blank(self) -> bool:
        return self.value is None and not self.format and not self.extras


BLANK = Cell()
NOTHING: dict[Any, Any] = {}
"""Shared by the many rows without extras and properties of their own."""


@dataclass(frozen=True, slots=True)
class Row:
    """The lists may be shorter than the tab is wide: what is missing is blank."""

    values: tuple[Value, ...] = ()
    formats: tuple[Format | None, ...] = ()
    extras: dict[int, Json] = field(default_factory=lambda: NOTHING)
    """By column."""
    properties: Json = field(default_factory=lambda: NOTHING)
    """hiddenByUser, pixelSize."""

    def value(self, column: int) -> Value:
        return self.values[column] if column < len(self.values) else None

    def format(self, column: int) -> Format | None:
        return self.formats[column] if column < len(self.formats) else None

    def cell(self, column: int) -> Cell:
        return Cell(self.value(column), self.format(column), self.extras.get(column))

    def cells(self, left: int, right: int) -> list[Cell]:
        return [self.cell(column) for column in range(left, right)]

    @property
    def width(self) -> int:
        """Columns up to the last one that holds anything."""
        width = max(len(self.values), max(self.extras, default=-1) + 1)
        while width > 0 and self.value(width - 1) is None and width - 1 not in self.extras:
            width -= 1
        formatted = len(self.formats)
        while formatted > width and not self.formats[formatted - 1]:
            formatted -= 1
        return max(width, formatted)

    def with_values(self, left: int, values: Sequence[Value]) -> "Row":
        merged: tuple[Value, ...] = replaced(self.values, left, values)
        return Row(merged, self.formats, self.extras, self.properties)

    def with_formats(self, formats: tuple[Format | None, ...]) -> "Row":
        return Row(self.values, formats, self.extras, self.properties)

    def with_extras(self, extras: dict[int, Json]) -> "Row":
        return Row(self.values, self.formats, extras, self.properties)

    def with_properties(self, properties: Json) -> "Row":
        return Row(self.values, self.formats, self.extras, properties)

    def with_cells(self, left: int, cells: Sequence[Cell]) -> "Row":
        row = self.with_values(left, [cell.value for cell in cells])
        if self.formats or any(cell.format for cell in cells):
            row = row.with_formats(replaced(self.formats, left, [cell.format for cell in cells]))
        if self.extras or any(cell.extras for cell in cells):
            kept = {column: extra for column, extra in self.extras.items() if not left <= column < left + len(cells)}
            new = {left + index: cell.extras for index, cell in enumerate(cells) if cell.extras}
            row = row.with_extras(kept | new)
        return row

    def with_columns_spliced(self, at: int, *, removed: int, inserted: Sequence[Cell]) -> "Row":
        """Columns taken out and put in at `at`; what stood to the right moves along."""
        shift = len(inserted) - removed
        extras = {
            column if column < at else column + shift: extra
            for column, extra in self.extras.items()
            if not at <= column < at + removed
        }
        extras |= {at + index: cell.extras for index, cell in enumerate(inserted) if cell.extras}
        return Row(
            spliced(self.values, at, removed, [cell.value for cell in inserted]),
            spliced(self.formats, at, removed, [cell.format for cell in inserted]),
            extras or NOTHING,
            self.properties,
        )

    def with_part(self, other: "Row", left: int, right: int) -> "Row":
        """The columns from `left` up to `right` as they are in another row."""
        extras = {column: extra for column, extra in self.extras.items() if not left <= column < right}
        extras |= {column: extra for column, extra in other.extras.items() if left <= column < right}
        return Row(
            patched(self.values, other.values, left, right),
            patched(self.formats, other.formats, left, right),
            extras or NOTHING,
            self.properties,
        )


EMPTY = Row()
Item = TypeVar("Item")


def replaced(items: tuple[Item | None, ...], left: int, new: Sequence[Item | None]) -> tuple[Item | None, ...]:
    """`new` in the place of what stood from `left` on; a gap before it is filled with None."""
    if len(items) <= left:
        return (*items, *(None,) * (left - len(items)), *new)
    return (*items[:left], *new, *items[left + len(new) :])


def spliced(
    items: tuple[Item | None, ...], at: int, removed: int, new: Sequence[Item | None]
) -> tuple[Item | None, ...]:
    if len(items) <= at and all(item is None for item in new):
        return items
    return (*items[:at], *(None,) * (at - len(items)), *new, *items[at + removed :])


def patched(
    items: tuple[Item | None, ...], source: tuple[Item | None, ...], left: int, right: int
) -> tuple[Item | None, ...]:
    """`items` with `source`'s part from `left` up to `right`; shared where it is all there is."""
    if left == 0 and len(items) <= right and len(source) <= right:
        return source
    part = source[left:right]
    return replaced(items, left, (*part, *(None,) * (right - left - len(part))))


def sharing_formats(change: Callable[[Row], Row]) -> Callable[[Row], Row]:
    """The same change over many rows, after which rows with equal formats share one tuple of them again."""
    known: dict[tuple[int, ...], tuple[Format | None, ...]] = {}

    def changed(row: Row) -> Row:
        new = change(row)
        return new.with_formats(known.setdefault(tuple(map(id, new.formats)), new.formats))

    return changed


class FormatChange:
    """One change of formats over many rows, whose equal tuples stay shared."""

    def __init__(self, left: int, right: int, change: Callable[[Format | None], Format | None]) -> None:
        self._left = left
        self._right = right
        self._change = change
        self._formats: dict[int, tuple[Format | None, Format | None]] = {}
        self._tuples: dict[int, tuple[tuple[Format | None, ...], tuple[Format | None, ...]]] = {}

    def apply(self, row: Row) -> Row:
        known = self._tuples.get(id(row.formats))
        if known is None:
            columns = range(self._left, self._right)
            formats = replaced(row.formats, self._left, [self._changed(row.format(column)) for column in columns])
            known = self._tuples[id(row.formats)] = (row.formats, formats)
        return row.with_formats(known[1])

    def _changed(self, format_: Format | None) -> Format | None:
        known = self._formats.get(id(format_))
        if known is None:
            known = self._formats[id(format_)] = (format_, self._change(format_))
        return known[1]
