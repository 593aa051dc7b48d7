"""What stands in the managed cells of some rows, read where they are now."""

from collections.abc import Sequence

from jobs.sheets.api import SheetsApi
from jobs.sheets.requests import HEADER_ROWS, ranges
from jobs.sheets.workbook import Tab, column_runs

MAX_AREAS = 60
"""In one call: their names travel in its address, which has to stay short."""


def shown_cells(
    api: SheetsApi, tab: Tab, places: Sequence[int | None], positions: Sequence[int]
) -> dict[int, list[object]]:
    """By position, the unformatted values of the columns at `places`, '' where empty; None is a column not made yet."""
    columns = column_runs(sorted(place for place in places if place is not None))
    runs = ranges(sorted(positions), length=max(positions, default=-1) + 1)
    areas = [(rows, run) for rows in runs for run in columns]
    found: dict[tuple[int, int], object] = {}
    for i in range(0, len(areas), MAX_AREAS):
        asked = areas[i : i + MAX_AREAS]
        names = [tab.area((first + HEADER_ROWS, end + HEADER_ROWS), run) for (first, end), run in asked]
        for ((first, _), run), rows in zip(asked, api.rows(names), strict=True):
            for down, row in enumerate(rows):
                found |= {(first + down, run[0] + right): value for right, value in enumerate(row)}
    return {
        position: [found.get((position, place), "") if place is not None else "" for place in places]
        for position in positions
    }
