"""Which columns of people are a formula all the way."""

from itertools import islice

from jobs.sheets.api import SheetsApi
from jobs.sheets.index import TabIndex
from jobs.sheets.layout import Layout, is_protected
from jobs.sheets.requests import HEADER_ROWS
from jobs.sheets.shown import MAX_AREAS
from jobs.sheets.workbook import Tab, column_runs

CHUNK_CELLS = 200_000
"""Read in one call: bounds the memory that one answer takes."""


def formula_columns(api: SheetsApi, tab: Tab, layout: Layout, index: TabIndex) -> list[int]:
    """Those that no automation fills, that the account may edit, and in which every row of ours holds a formula.

    Read chunk by chunk from the first to the last row of ours; no cell is kept.
    """
    managed = {*tab.marked_columns.values(), *layout.positions, layout.system}
    columns = [place for place in range(tab.column_count) if place not in managed and not is_protected(tab, place)]
    alone = len(list(islice(index.ours(range(index.end)), 2))) == 1
    first = 0
    while columns and first < index.end:
        end = min(first + max(1, CHUNK_CELLS // len(columns)), index.end)
        ours = [position - first for position in index.ours(range(first, end))]
        cells = _read(api, tab, columns, rows=(first + HEADER_ROWS, end + HEADER_ROWS)) if ours else {}
        columns = [
            column
            for column in columns
            if all(row < len(cells[column]) and _is_formula(cells[column][row], alone=alone) for row in ours)
        ]
        first = end
    return columns if index.end else []


def _read(api: SheetsApi, tab: Tab, columns: list[int], *, rows: tuple[int, int]) -> dict[int, list[object]]:
    """The cells of each column, top to bottom."""
    areas = column_runs(columns)
    cells: dict[int, list[object]] = {column: [] for column in columns}
    for i in range(0, len(areas), MAX_AREAS):
        asked = areas[i : i + MAX_AREAS]
        found = api.columns([tab.area(rows, area) for area in asked], formulas=True)
        for (first, _), values in zip(asked, found, strict=True):
            cells |= {first + right: column for right, column in enumerate(values)}
    return cells


def _is_formula(value: object, *, alone: bool) -> bool:
    """In an only row of ours an ARRAYFORMULA fills the rows to come by itself, as long as nothing stands there."""
    return isinstance(value, str) and value.startswith("=") and not (alone and "ARRAYFORMULA(" in value.upper())
