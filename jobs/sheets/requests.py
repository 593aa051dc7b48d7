"""A plan → the requests of ONE spreadsheets.batchUpdate, and where to look afterwards whether it stands. Pure.

Google applies the requests in order. Cells of standing rows are written first, at the coordinates that were read; then
the structure changes from the bottom up, so that each coordinate is still true when its turn comes. New rows are
inserted, never written over what is there: a person who edits at the same moment can shift them, not lose by them.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import msgspec

from jobs.export.rows import Row
from jobs.sheets.cells import NOTHING, number_format
from jobs.sheets.layout import Layout, Request
from jobs.sheets.plan import Plan

HEADER_ROWS = 1
MAX_RANGES = 400
"""Looked at after a write. More than orders in a batch, so that rows far apart are not looked at with all between."""


def to_requests(plan: Plan, layout: Layout, *, grid_rows: int) -> list[Request]:
    """`grid_rows` is the number of the tab's rows, with its header and its blank ones.

    Below our last row there is always a spare one, so that a new row is inserted between rows, never at the edge of
    the grid, where it would have to be written over whatever came there meanwhile; and because Google refuses to
    delete all rows below the frozen ones, be that the header or more.
    """
    requests: list[Request] = []
    for first, rows in runs_of(plan.updates):
        requests += write_cells(layout, first, rows)
        requests += _strike(layout, first, [row.struck for row in rows])
    for position in sorted(plan.clears):
        requests += write_cells(layout, position, [None])
        requests += _strike(layout, position, [False])
    edge = grid_rows - HEADER_ROWS
    if max(plan.inserts, default=0) >= edge or edge - 1 in plan.deletes:
        requests.append({"appendDimension": {"sheetId": layout.sheet_id, "dimension": "ROWS", "length": 1}})
    for position in sorted(plan.inserts.keys() | plan.deletes, reverse=True):
        if position in plan.deletes:
            requests.append({"deleteDimension": {"range": _rows(layout, position, 1)}})
        if position in plan.inserts:
            rows = plan.inserts[position]
            insert = {"range": _rows(layout, position, len(rows)), "inheritFromBefore": position > 0}
            requests.append({"insertDimension": insert})
            requests += write_cells(layout, position, rows)
            requests += format_cells(layout, position, len(rows))
            requests += _strike(layout, position, [row.struck for row in rows])
    return requests


def size_bytes(requests: Sequence[Request]) -> int:
    """Of the requests in the body of a call."""
    return len(msgspec.json.encode(requests))


def touched(plan: Plan) -> list[int]:
    """The positions, after the write, of the rows that were written and of their neighbours."""
    places: set[int] = set()
    events = sorted(plan.updates.keys() | plan.inserts.keys() | plan.deletes | plan.clears)
    shift = 0
    for position in events:
        at = position + shift
        added = len(plan.inserts.get(position, ()))
        places.update(range(at - 1, at + added + 2))
        shift += added - (position in plan.deletes)
    return sorted(place for place in places if place >= 0)


def landed(plan: Plan) -> tuple[dict[int, Row], dict[int, Row]]:
    """Where the updated and the inserted rows stand after the write."""
    updated: dict[int, Row] = {}
    inserted: dict[int, Row] = {}
    shift = 0
    for position in sorted(plan.updates.keys() | plan.inserts.keys() | plan.deletes):
        rows = plan.inserts.get(position, ())
        inserted |= {position + shift + offset: row for offset, row in enumerate(rows)}
        shift += len(rows)
        if position in plan.updates:
            updated[position + shift] = plan.updates[position]
        shift -= position in plan.deletes
    return updated, inserted


def ranges(places: Sequence[int], *, length: int) -> list[tuple[int, int]]:
    """Few half-open ranges that cover the places within [0, length); gaps are closed as far as that takes."""
    inside = [place for place in places if place < length]
    gap = 8
    merged = _merge(inside, gap)
    while len(merged) > MAX_RANGES:
        gap *= 4
        merged = _merge(inside, gap)
    return merged


def _merge(places: Iterable[int], gap: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for place in places:
        if merged and place - merged[-1][1] <= gap:
            merged[-1] = (merged[-1][0], place + 1)
        else:
            merged.append((place, place + 1))
    return merged


def runs_of(updates: dict[int, Row]) -> list[tuple[int, list[Row]]]:
    """Rows at consecutive positions, together."""
    places = enumerate(sorted(updates))
    return [
        (run[0][1], [updates[position] for _, position in run])
        for run in (list(group) for _, group in groupby(places, key=lambda place: place[1] - place[0]))
    ]


def write_cells(layout: Layout, position: int, rows: Sequence[Row | None]) -> list[Request]:
    """Values only: formats, notes and validations of the cells stay as they are. None clears the managed cells."""
    return [
        {
            "updateCells": {
                "start": {
                    "sheetId": layout.sheet_id,
                    "rowIndex": position + HEADER_ROWS,
                    "columnIndex": first_column,
                },
                "rows": _rows_of_cells(rows, columns),
                "fields": "userEnteredValue",
            }
        }
        for first_column, columns in layout.segments()
    ]


def _rows_of_cells(rows: Sequence[Row | None], columns: Sequence[int]) -> msgspec.Raw:
    """RowData as JSON text, since that is what cells are."""
    return msgspec.Raw('[{"values":[' + ']},{"values":['.join([_cells(row, columns) for row in rows]) + "]}]")


def _cells(row: Row | None, columns: Sequence[int]) -> str:
    """Those of a segment; the system cell comes last, so that -1 stands for it here as well."""
    if row is None:
        return ",".join([NOTHING] * len(columns))
    cells = [*row.cells, row.system]
    return ",".join([cells[column] for column in columns])


def format_cells(layout: Layout, position: int, count: int) -> list[Request]:
    """New rows get their columns' number formats; one request for neighbours of one format."""
    formats = sorted(
        (place, wanted)
        for place, column in zip(layout.positions, layout.columns, strict=True)
        if (wanted := _format_items(number_format(column)))
    )
    runs: list[tuple[int, int, tuple[tuple[str, str], ...]]] = []
    for place, wanted in formats:
        if runs and runs[-1][1] == place and runs[-1][2] == wanted:
            runs[-1] = (runs[-1][0], place + 1, wanted)
        else:
            runs.append((place, place + 1, wanted))
    return [
        _repeat(layout, position, count, columns=(first, end), shown={"numberFormat": dict(wanted)})
        for first, end, wanted in runs
    ]


def _strike(layout: Layout, position: int, struck: Sequence[bool]) -> list[Request]:
    """Of the rows from `position` on, which are to be struck through and which not."""
    if not layout.strikes:
        return []
    requests: list[Request] = []
    offset = 0
    for through, group in groupby(struck):
        count = len(list(group))
        shown = {"textFormat": {"strikethrough": through}}
        requests += [
            _repeat(layout, position + offset, count, columns=(first, first + len(columns)), shown=shown)
            for first, columns in layout.segments()
        ]
        offset += count
    return requests


def _repeat(
    layout: Layout, position: int, count: int, *, columns: tuple[int, int], shown: dict[str, dict[str, Any]]
) -> Request:
    """Give the cells one property of a CellFormat, whole or (of a text format) the one that is named, and no other."""
    ((name, wanted),) = shown.items()
    field = name if name == "numberFormat" else f"{name}.{next(iter(wanted))}"
    return {
        "repeatCell": {
            "range": {
                "sheetId": layout.sheet_id,
                "startRowIndex": position + HEADER_ROWS,
                "endRowIndex": position + HEADER_ROWS + count,
                "startColumnIndex": columns[0],
                "endColumnIndex": columns[1],
            },
            "cell": {"userEnteredFormat": shown},
            "fields": f"userEnteredFormat.{field}",
        }
    }


def _format_items(wanted: dict[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple(wanted.items()) if wanted else ()


def _rows(layout: Layout, position: int, count: int) -> Request:
    first = position + HEADER_ROWS
    return {"sheetId": layout.sheet_id, "dimension": "ROWS", "startIndex": first, "endIndex": first + count}
