"""The "table" that values.append looks for: the block of filled cells that it adds below."""

from infra.local.sheets.areas import Area
from infra.local.sheets.grid import Grid


def find_table(grid: Grid, area: Area) -> Area | None:
    """The block of touching filled cells around the last filled cell of `area`; None if the area is empty."""
    last = last_filled(grid, area)
    if last is None:
        return None
    top, left = last
    bottom, right = last
    while True:
        before = top, bottom, left, right
        while top > 0 and any(filled(grid, top - 1, column) for column in range(max(left - 1, 0), right + 2)):
            top -= 1
        while any(filled(grid, bottom + 1, column) for column in range(max(left - 1, 0), right + 2)):
            bottom += 1
        while left > 0 and any(filled(grid, row, left - 1) for row in range(max(top - 1, 0), bottom + 2)):
            left -= 1
        while any(filled(grid, row, right + 1) for row in range(max(top - 1, 0), bottom + 2)):
            right += 1
        if before == (top, bottom, left, right):
            return Area(area.sheet_id, top, left, bottom + 1, right + 1)


def last_filled(grid: Grid, area: Area) -> tuple[int, int] | None:
    for row in range(min(area.bottom, grid.stored_rows) - 1, area.top - 1, -1):
        values = grid.row(row).values
        for column in range(min(area.right, len(values)) - 1, area.left - 1, -1):
            if values[column] is not None:
                return row, column
    return None


def filled(grid: Grid, row: int, column: int) -> bool:
    return row >= 0 and column >= 0 and grid.row(row).value(column) is not None
