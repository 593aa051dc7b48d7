"""Where an automation's columns stand in its tab, and what must change so that they all do. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from backend.automations.model import Column, OnRemoved
from backend.errors import ColumnGone, Protected
from jobs.sheets.cells import number_format
from jobs.sheets.workbook import COLUMN_KEY, SYSTEM, Tab

Request: TypeAlias = dict[str, Any]

SYSTEM_HEADER = "Tabkeeper"


@dataclass(frozen=True, slots=True)
class Layout:
    """`positions[i]` is the sheet column of the automation's i-th column."""

    sheet_id: int
    columns: Sequence[Column]
    positions: Sequence[int]
    system: int
    key: int
    """Which of `columns` is the visible key."""
    strikes: bool = False
    """Whether rows are struck through where their orders are removed, or some still are."""
    formula_columns: Sequence[int] = ()
    """Columns of people whose formulas new rows get."""

    @property
    def places(self) -> dict[str, int]:
        """The sheet columns by key."""
        keys = [column.key for column in self.columns]
        return {SYSTEM: self.system, **dict(zip(keys, self.positions, strict=True))}

    def segments(self) -> list[tuple[int, list[int]]]:
        """Runs of adjacent managed columns: the first sheet column and the indexes of the run's columns.

        The index -1 stands for the system column. Whatever lies between two runs is a person's.
        """
        places = sorted([(position, i) for i, position in enumerate(self.positions)] + [(self.system, -1)])
        runs: list[tuple[int, list[int]]] = []
        for position, column in places:
            if runs and runs[-1][0] + len(runs[-1][1]) == position:
                runs[-1][1].append(column)
            else:
                runs.append((position, [column]))
        return runs


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the automation asks of its tab."""

    automation_id: str
    columns: Sequence[Column]
    key: int
    laid_out: Mapping[str, Column]
    """The columns as an earlier run left them in the tab, by key."""
    on_removed: OnRemoved = OnRemoved.KEEP


def found_columns(tab: Tab, wanted: Wanted, header_row: Sequence[object]) -> dict[str, int]:
    """The managed columns by key: by their metadata, else by their header where exactly one free column has it."""
    found = tab.columns_of(wanted.automation_id)
    taken = set(found.values())
    for column in wanted.columns:
        if column.key in found:
            continue
        known = wanted.laid_out.get(column.key)
        headers = {column.header, known.header if known else column.header}
        places = [i for i, text in enumerate(header_row) if text in headers and i not in taken]
        if known and len(places) == 1:
            found[column.key] = places[0]
            taken.add(places[0])
    return found


def lay_out(tab: Tab, wanted: Wanted, found: Mapping[str, int]) -> tuple[Layout, list[Request]]:
    """The layout after the requests have been carried out; no requests when everything stands.

    A new column goes to the right of the one before it, but never between the key and the system column beside it.
    A column that an earlier run laid out and that is missing now was deleted by a person: ColumnGone.
    """
    gone = [column for column in wanted.columns if column.key in wanted.laid_out and column.key not in found]
    if gone:
        names = ", ".join(f"“{column.header}”" for column in gone)
        raise ColumnGone(
            f"The column {names} was deleted. Resume to have it added again, or remove it from the automation.",
            columns=[column.key for column in gone],
        )
    requests: list[Request] = []
    positions = dict(found)
    previous = -1
    for i, column in enumerate(wanted.columns):
        if column.key not in positions:
            requests += _insert_column(tab.sheet_id, positions, column.key, previous + 1)
            requests += _head(tab.sheet_id, positions[column.key], column.header)
            requests += _mark(tab.sheet_id, positions[column.key], f"{wanted.automation_id}:{column.key}")
            requests += _format_column(tab, positions[column.key], column)
        else:
            requests += _adjust_column(tab, wanted, column, positions[column.key])
        previous = positions[column.key]
        if i == wanted.key and SYSTEM not in positions:
            requests += _insert_column(tab.sheet_id, positions, SYSTEM, previous + 1)
            requests += system_column(tab.sheet_id, positions[SYSTEM], wanted.automation_id)
        if positions.get(SYSTEM) == previous + 1:
            previous += 1
    for key in found.keys() - {column.key for column in wanted.columns} - {SYSTEM}:
        requests += _release(f"{wanted.automation_id}:{key}")
    return _layout(tab.sheet_id, wanted, positions), requests


def new_tab(sheet_id: int, title: str, wanted: Wanted) -> tuple[Layout, list[Request]]:
    """A tab of exactly the managed columns, a frozen header row and one spare row, below which nothing is."""
    layout, headers = blank_layout(sheet_id, wanted)
    add = {
        "addSheet": {
            "properties": {
                "sheetId": sheet_id,
                "title": title,
                "gridProperties": {
                    "rowCount": 2,
                    "columnCount": len(wanted.columns) + 1,
                    "frozenRowCount": 1,
                },
            }
        }
    }
    return layout, [add, *headers]


def blank_layout(sheet_id: int, wanted: Wanted) -> tuple[Layout, list[Request]]:
    """The layout of an empty tab that has at least as many columns as are needed, from column A on."""
    positions = {column.key: i + (i > wanted.key) for i, column in enumerate(wanted.columns)}
    positions[SYSTEM] = wanted.key + 1
    layout = _layout(sheet_id, wanted, positions)
    requests: list[Request] = []
    for column in wanted.columns:
        requests += _head(sheet_id, positions[column.key], column.header)
        requests += _mark(sheet_id, positions[column.key], f"{wanted.automation_id}:{column.key}")
    requests += system_column(sheet_id, layout.system, wanted.automation_id)
    return layout, requests


def append_columns(sheet_id: int, count: int) -> Request:
    return {"appendDimension": {"sheetId": sheet_id, "dimension": "COLUMNS", "length": count}}


def freeze_header(sheet_id: int) -> Request:
    return {
        "updateSheetProperties": {
            "properties": {"sheetId": sheet_id, "gridProperties": {"frozenRowCount": 1}},
            "fields": "gridProperties.frozenRowCount",
        }
    }


def system_column(sheet_id: int, position: int, automation_id: str) -> list[Request]:
    hide = {
        "updateDimensionProperties": {
            "range": _column_range(sheet_id, position),
            "properties": {"hiddenByUser": True},
            "fields": "hiddenByUser",
        }
    }
    return [
        *_head(sheet_id, position, SYSTEM_HEADER),
        *_mark(sheet_id, position, f"{automation_id}:{SYSTEM}"),
        hide,
    ]


def ensure_writable(tab: Tab, managed: Collection[int]) -> None:
    """Raises Protected where one of the columns is.

    They are counted as they stand in the tab now: those that are yet to be inserted cannot be protected.
    """
    if any(is_protected(tab, column) for column in managed):
        raise Protected


def is_protected(tab: Tab, column: int) -> bool:
    """Whether a range that the account may not edit covers the column below the header."""
    return any(
        protection.covers_column(column) and (protection.end_row is None or protection.end_row > 1)
        for protection in tab.protections
    )


def _layout(sheet_id: int, wanted: Wanted, positions: Mapping[str, int]) -> Layout:
    return Layout(
        sheet_id=sheet_id,
        columns=wanted.columns,
        positions=[positions[column.key] for column in wanted.columns],
        system=positions[SYSTEM],
        key=wanted.key,
        strikes=wanted.on_removed is OnRemoved.MARK,
    )


def _insert_column(sheet_id: int, positions: dict[str, int], key: str, position: int) -> list[Request]:
    for known, place in positions.items():
        if place >= position:
            positions[known] = place + 1
    positions[key] = position
    return [
        {
            "insertDimension": {
                "range": _column_range(sheet_id, position),
                "inheritFromBefore": position > 0,
            }
        }
    ]


def _head(sheet_id: int, position: int, header: str) -> list[Request]:
    cell = {
        "userEnteredValue": {"stringValue": header},
        "userEnteredFormat": {"textFormat": {"bold": True}},
    }
    return [
        {
            "updateCells": {
                "start": {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": position},
                "rows": [{"values": [cell]}],
                "fields": "userEnteredValue,userEnteredFormat.textFormat.bold",
            }
        }
    ]


def _mark(sheet_id: int, position: int, value: str) -> list[Request]:
    return [
        {
            "createDeveloperMetadata": {
                "developerMetadata": {
                    "metadataKey": COLUMN_KEY,
                    "metadataValue": value,
                    "location": {"dimensionRange": _column_range(sheet_id, position)},
                    "visibility": "DOCUMENT",
                }
            }
        }
    ]


def _release(value: str) -> list[Request]:
    """The column's cells stay; from now on they are the person's."""
    lookup = {"metadataKey": COLUMN_KEY, "metadataValue": value}
    return [{"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}]


def _adjust_column(tab: Tab, wanted: Wanted, column: Column, position: int) -> list[Request]:
    """A header that the automation changed is written; one that a person changed is theirs."""
    requests: list[Request] = []
    known = wanted.laid_out.get(column.key)
    if known and known.header != column.header:
        requests += _head(tab.sheet_id, position, column.header)
    if known and (known.type, known.format) != (column.type, column.format):
        requests += _format_column(tab, position, column)
    if f"{wanted.automation_id}:{column.key}" not in tab.marked_columns:
        requests += _mark(tab.sheet_id, position, f"{wanted.automation_id}:{column.key}")
    return requests


def _format_column(tab: Tab, position: int, column: Column) -> list[Request]:
    wanted = number_format(column)
    return [
        {
            "repeatCell": {
                "range": {
                    "sheetId": tab.sheet_id,
                    "startRowIndex": 1,
                    "endRowIndex": tab.row_count,
                    "startColumnIndex": position,
                    "endColumnIndex": position + 1,
                },
                "cell": {"userEnteredFormat": {"numberFormat": wanted}} if wanted else {},
                "fields": "userEnteredFormat.numberFormat",
            }
        }
    ]


def _column_range(sheet_id: int, position: int) -> Request:
    return {"sheetId": sheet_id, "dimension": "COLUMNS", "startIndex": position, "endIndex": position + 1}
