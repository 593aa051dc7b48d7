"""What people do in the tab, as requests that fit what it shows now. `a` and `b` say where; any numbers do."""

from collections.abc import Sequence
from typing import Any

from tests.contract.sheets.book import Json
from tests.contract.tab.edits import (
    append_column,
    copy_row,
    delete_column,
    delete_rows,
    delete_tab,
    filter_out,
    insert_column,
    insert_rows,
    move_column,
    rename,
    sort,
    write,
)
from tests.faults.worlds.picture import Picture

MOVING_ROWS = ("sort", "insert rows", "delete a row", "duplicate a row")
MOVING_COLUMNS = ("insert a column", "append a column", "move a column", "delete a managed column")
MOVING_NOTHING = ("filter", "rename the tab", "rename a header")
WRITING = ("write beside", "write below")
TAKING = ("delete a row", "delete the system column")
"""What these took comes back when its order changes, or by a run that goes through everything."""
DAMAGING = ("overwrite a managed cell", "sort some columns", "clear a system cell", "delete the system column")
"""After these only a repair run promises every managed cell, and words that follow the rows that people made."""
RACES = (*MOVING_ROWS, *MOVING_COLUMNS, *MOVING_NOTHING, "delete the tab")
ACTS = tuple(dict.fromkeys((*RACES, *WRITING, *DAMAGING)))


def requests_of(act: str, seen: Picture, *, a: int, b: int, word: str) -> Sequence[Json]:  # noqa: C901, PLR0912 - one case an act
    """Nothing where the tab has no room for such an act."""
    rows, width = len(seen.rows), seen.grid_columns
    row = 1 + a % max(1, rows)
    column = b % width
    managed = sorted(seen.places.values())
    match act:
        case "sort":
            return [whole(sort(range(1, seen.grid_rows), range(width), by=column, descending=a % 2 == 0))]
        case "insert rows":
            return [insert_rows(1 + a % (rows + 1), 1 + b % 2)] if seen.grid_rows > 1 + a % (rows + 1) else []
        case "delete a row":
            return [delete_rows(row)] if seen.grid_rows > 2 else []
        case "duplicate a row":
            to = 1 + b % (rows + 1)
            if not rows or to >= seen.grid_rows:
                return []
            return [insert_rows(to), whole(copy_row(row + (to <= row), to=to, width=width))]
        case "insert a column":
            return [insert_column(column)]
        case "append a column":
            return [append_column()]
        case "move a column":
            to = a % (width + 1)
            return [move_column(column, to=to)] if to not in {column, column + 1} else []
        case "delete a managed column":
            return [delete_column(managed[a % len(managed)])] if len(managed) > 1 else []
        case "delete the system column":
            return [delete_column(seen.system)] if seen.system >= 0 else []
        case "delete the tab":
            return [delete_tab()]
        case "filter":
            return [filter_out(column, "#1001", "#1003", rows=seen.grid_rows, columns=width)]
        case "rename the tab":
            return [rename(f"Renamed {word}")]
        case "rename a header":
            return [write(0, column, word)] if column != seen.system else []
        case "write beside":
            own = seen.own_columns
            return [write(row, own[b % len(own)], word)] if own and rows else []
        case "write below":
            below = rows + 1 + a % 2
            missing = max(0, below + 1 - seen.grid_rows)
            grow = {"appendDimension": {"sheetId": 7, "dimension": "ROWS", "length": missing}}
            return [*([grow] if missing else []), write(below, column if column != seen.system else managed[0], word)]
        case "overwrite a managed cell":
            place = managed[b % len(managed)]
            return [write(row, place, "mistyped")] if rows and seen.identity(seen.rows[row - 1]) else []
        case "sort some columns":
            return [sort(range(1, seen.grid_rows), range(column, width), by=column, descending=a % 2 == 0)]
        case "clear a system cell":
            return [write(row, seen.system, None)] if rows and seen.system >= 0 else []
    raise AssertionError(act)


def whole(request: Json) -> Json:
    """Of all columns that there are by then: a run may have added some."""
    ((kind, told),) = request.items()
    return {kind: {name: _unbounded(part) for name, part in told.items()}}


def _unbounded(part: Any) -> Any:
    return {name: end for name, end in part.items() if name != "endColumnIndex"} if isinstance(part, dict) else part
