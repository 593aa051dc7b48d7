"""A person moved columns between our reading and our writing, so that cells landed in columns that are not ours. Pure.

Sheets has no write on condition, and cells are addressed by coordinates only; so this is seen after the write, and put
right by another one. The rows are where the batch put them. What a person had in the cells that were written by mistake
is lost; what was written there is taken away again.
"""

from collections.abc import Mapping
from dataclasses import replace

from jobs.sheets import requests as wire
from jobs.sheets.layout import Layout, Request
from jobs.sheets.plan import Plan
from jobs.sheets.workbook import SYSTEM


def to_requests(plan: Plan, layout: Layout, columns: Mapping[str, int]) -> list[Request]:
    """`layout` is where the plan was written, `columns` are where the managed columns were by then, by key."""
    strays = sorted({*layout.positions, layout.system} - set(columns.values()))
    pasted = sorted(set(layout.formula_columns) - set(columns.values()))
    actual = _moved(layout, columns)
    requests = [
        _empty(layout, first, len(run), column, "userEnteredValue")
        for first, run in wire.runs_of(wire.landed(plan)[1])
        for column in pasted
    ]
    for rows, fields in zip(wire.landed(plan), ("", ",userEnteredFormat.numberFormat"), strict=True):
        for first, run in wire.runs_of(rows):
            requests += [_empty(layout, first, len(run), column, f"userEnteredValue{fields}") for column in strays]
            if actual:
                requests += wire.write_cells(actual, first, run)
                requests += wire.format_cells(actual, first, len(run)) if fields else []
    return requests


def _moved(layout: Layout, columns: Mapping[str, int]) -> Layout | None:
    """None where a column was deleted: the tab has no place for the rows until its merchant has seen to it."""
    keys = [column.key for column in layout.columns]
    if not columns.keys() >= {SYSTEM, *keys}:
        return None
    return replace(layout, positions=[columns[key] for key in keys], system=columns[SYSTEM])


def _empty(layout: Layout, first: int, count: int, column: int, fields: str) -> Request:
    area = {
        "sheetId": layout.sheet_id,
        "startRowIndex": first + wire.HEADER_ROWS,
        "endRowIndex": first + wire.HEADER_ROWS + count,
        "startColumnIndex": column,
        "endColumnIndex": column + 1,
    }
    return {"updateCells": {"range": area, "fields": fields}}
