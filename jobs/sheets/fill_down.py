"""New rows get the formulas of people's formula columns, their relative references following. Pure.

Google copies them (copyPaste), in the same batchUpdate and after everything else of it, when every row stands where it
is to stay. A new row's own cells are empty until then: nothing of a person is written over.
"""

from jobs.sheets import requests as wire
from jobs.sheets.index import TabIndex
from jobs.sheets.layout import Layout, Request
from jobs.sheets.plan import Plan
from jobs.sheets.workbook import column_runs

REQUEST_BYTES = 400
"""Upper bound of one request."""


def to_requests(plan: Plan, layout: Layout, index: TabIndex) -> list[Request]:
    """`index` is the tab as the plan leaves it.

    The formula comes from the nearest row of ours above, which has it or, as a new one, got it right before; for new
    rows at the top from the nearest below. A row that was adopted in this run was not ours when formulas were looked
    for, and gives none.
    """
    if not layout.formula_columns:
        return []
    _, inserted = wire.landed(plan)
    adopted = {position for places in index.orphans.values() for position in places}
    without = adopted | inserted.keys()
    requests: list[Request] = []
    for first, rows in wire.runs_of(inserted):
        end = first + len(rows)
        above = (place for place in index.ours(range(first - 1, -1, -1)) if place not in adopted)
        below = (place for place in index.ours(range(end, len(index))) if place not in without)
        source = next(above, None)
        if source is None:
            source = next(below, None)
        if source is None:  # of the rows that had the formula none is left
            return []
        requests += [_copy(layout, source, (first, end), columns) for columns in column_runs(layout.formula_columns)]
    return requests


def size_bytes(plan: Plan, layout: Layout) -> int:
    """Upper bound of what `to_requests` adds to the body."""
    return REQUEST_BYTES * len(plan.inserts) * len(column_runs(layout.formula_columns))


def _copy(layout: Layout, source: int, rows: tuple[int, int], columns: tuple[int, int]) -> Request:
    return {
        "copyPaste": {
            "source": _area(layout, (source, source + 1), columns),
            "destination": _area(layout, rows, columns),
            "pasteType": "PASTE_FORMULA",
        }
    }


def _area(layout: Layout, rows: tuple[int, int], columns: tuple[int, int]) -> Request:
    return {
        "sheetId": layout.sheet_id,
        "startRowIndex": rows[0] + wire.HEADER_ROWS,
        "endRowIndex": rows[1] + wire.HEADER_ROWS,
        "startColumnIndex": columns[0],
        "endColumnIndex": columns[1],
    }
