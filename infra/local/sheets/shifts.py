"""Where things go when rows or columns are inserted, deleted or moved."""

from dataclasses import dataclass
from typing import Literal

from infra.local.sheets.errors import Json

Dimension = Literal["ROWS", "COLUMNS"]
BOUNDS = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}


@dataclass(frozen=True)
class Splice:
    """`removed` lines taken out at `at`, then `inserted` put in there."""

    sheet_id: int
    dimension: Dimension
    at: int
    removed: int = 0
    inserted: int = 0

    def interval(self, start: int, end: int | None) -> tuple[int, int | None] | None:
        """The half-open interval afterwards, None if nothing of it is left; an `end` of None is the edge of the tab."""
        start = self._cut(start)
        end = None if end is None else self._cut(end)
        if end is not None and start >= end:
            return None
        if self.inserted:
            start += self.inserted if start >= self.at else 0
            if end is not None:
                end += self.inserted if end > self.at else 0
        return start, end

    def _cut(self, position: int) -> int:
        return position - min(max(position - self.at, 0), self.removed)


@dataclass(frozen=True)
class Move:
    """Lines `start` up to `end` put before line `to`, counted as before the move."""

    sheet_id: int
    dimension: Dimension
    start: int
    end: int
    to: int

    @property
    def destination(self) -> int:
        """Where the first moved line stands afterwards."""
        return self.to - (self.end - self.start) if self.to >= self.end else self.to

    def interval(self, start: int, end: int | None) -> tuple[int, int | None] | None:
        """What lies within the moved lines goes along; what does not closes behind them and opens before them."""
        if end is not None and self.start <= start and end <= self.end:
            offset = self.destination - self.start
            return start + offset, end + offset
        size = self.end - self.start
        taken = Splice(self.sheet_id, self.dimension, self.start, removed=size).interval(start, end)
        if taken is None:
            return None
        return Splice(self.sheet_id, self.dimension, self.destination, inserted=size).interval(*taken)


Shift = Splice | Move


def shifted_range(grid_range: Json, shift: Shift) -> Json | None:
    """A GridRange afterwards, None if it is gone."""
    if grid_range.get("sheetId", 0) != shift.sheet_id:
        return grid_range
    start_key, end_key = BOUNDS[shift.dimension]
    if start_key not in grid_range and end_key not in grid_range:
        return grid_range
    interval = shift.interval(grid_range.get(start_key, 0), grid_range.get(end_key))
    if interval is None:
        return None
    start, end = interval
    bounds = {start_key: start} if end is None else {start_key: start, end_key: end}
    if start == 0 and start_key not in grid_range:
        del bounds[start_key]
    return {**{key: value for key, value in grid_range.items() if key not in {start_key, end_key}}, **bounds}


def shifted_lines(dimension_range: Json, shift: Shift) -> Json | None:
    """A DimensionRange afterwards, None if it is gone."""
    if dimension_range.get("sheetId", 0) != shift.sheet_id or dimension_range["dimension"] != shift.dimension:
        return dimension_range
    interval = shift.interval(dimension_range.get("startIndex", 0), dimension_range.get("endIndex"))
    if interval is None:
        return None
    start, end = interval
    moved = {**dimension_range, "startIndex": start}
    return moved if end is None else {**moved, "endIndex": end}
