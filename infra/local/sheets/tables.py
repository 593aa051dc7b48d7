"""The "table" that values.append looks for: the block of filled cells that it adds below."""

from infra.local.sheets.areas import Area
from infra.local.sheets.grid import Grid


def find_table(grid: Grid, area: Area) -> Area | None:
    """The block of touching filled cells around the last filled cell of `area`; None if the area is empty."""
    last = last_filled(grid, area)
    if last is None:
        return None
    top = bottom = last[0]
    left = right = last[1]
    while True:
        rows = range(max(top - 1, 0), min(bottom + 2, grid.row_count))
        columns = range(max(left - 1, 0), min(right + 2, grid.column_count))
        above = any(filled(grid, top - 1, column) for column in columns) and top > 0
        under = any(filled(grid, bottom + 1, column) for column in columns)
        before = any(filled(grid, row, left - 1) for row in rows) and left > 0
        after = any(filled(grid, row, right + 1) for row in rows)
        if not (above or under or before or after):
            return Area(area.sheet_id, top, left, bottom + 1, right + 1)
        top, bottom, left, right = top - above, bottom + under, left - before, right + after


def last_filled(grid: Grid, area: Area) -> tuple[int, int] | None:
    for row in range(min(area.bottom, grid.stored_rows) - 1, area.top - 1, -1):
        values = grid.row(row).values
        for column in range(min(area.right, len(values)) - 1, area.left - 1, -1):
            if values[column] is not None:
                return row, column
    return None


def filled(grid: Grid, row: int, column: int) -> bool:
    return row >= 0 and column >= 0 and grid.row(row).value(column) is not None
