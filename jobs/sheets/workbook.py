"""A spreadsheet's structure, as one spreadsheets.get without cell contents tells it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MAX_CELLS = 10_000_000
COLUMN_KEY = "tabkeeper.column"
"""Developer metadata on a managed column: `<automation>:<column key>`. It moves with its column and dies with it."""
SYSTEM = "~system"
"""In the place of a column key: the hidden system column."""
FIELDS = (
    "properties(title,timeZone,locale),"
    "sheets(properties(sheetId,title,index,sheetType,gridProperties(rowCount,columnCount,frozenRowCount)),"
    "protectedRanges(range,warningOnly,requestingUserCanEdit),"
    "data(columnMetadata(developerMetadata(metadataKey,metadataValue))))"
)


@dataclass(frozen=True, slots=True)
class Protection:
    """A range that the linked account may not edit; half-open, None is unbounded."""

    first_row: int
    end_row: int | None
    first_column: int
    end_column: int | None

    def covers_column(self, column: int) -> bool:
        return self.first_column <= column and (self.end_column is None or column < self.end_column)


@dataclass(frozen=True, slots=True)
class Tab:
    sheet_id: int
    title: str
    row_count: int
    column_count: int
    marked_columns: Mapping[str, int]
    """Where the columns of any automation stand, by their metadata `<automation>:<column key>`."""
    protections: Sequence[Protection] = ()

    def columns_of(self, automation_id: str) -> dict[str, int]:
        return columns_of(automation_id, self.marked_columns)

    def area(self, rows: tuple[int, int], columns: tuple[int, int]) -> str:
        """A1 notation of half-open rows and columns, 0-based."""
        first, last = column_letters(columns[0]), column_letters(columns[1] - 1)
        return f"{quoted(self.title)}!{first}{rows[0] + 1}:{last}{rows[1]}"

    def range(self, first_row: int, end_row: int | None, column: int) -> str:
        """A1 notation of rows [first_row, end_row) of one column, 0-based; None is the end of the grid."""
        letters = column_letters(column)
        return f"{quoted(self.title)}!{letters}{first_row + 1}:{letters}{end_row or ''}"


@dataclass(frozen=True, slots=True)
class Workbook:
    title: str
    zone: ZoneInfo
    tabs: Sequence[Tab]
    other_cells: int = 0
    """Cells of sheets that are no grid of ours to read, such as connected ones."""

    def cells_beside(self, sheet_id: int) -> int:
        """Those of all other tabs; Google counts blank ones too."""
        others = [tab for tab in self.tabs if tab.sheet_id != sheet_id]
        return self.other_cells + sum(tab.row_count * tab.column_count for tab in others)

    def tab(self, sheet_id: int) -> Tab | None:
        return next((tab for tab in self.tabs if tab.sheet_id == sheet_id), None)

    def free_title(self, wanted: str) -> str:
        """The title, or the first of `title (2)`, `title (3)`, … that no tab has; Sheets compares without case."""
        taken = {tab.title.casefold() for tab in self.tabs}
        title, number = wanted, 1
        while title.casefold() in taken:
            number += 1
            title = f"{wanted[:90]} ({number})"
        return title


def parse_workbook(answer: Mapping[str, Any]) -> Workbook:
    properties = answer.get("properties", {})
    return Workbook(
        title=properties.get("title", ""),
        zone=_zone(properties.get("timeZone")),
        tabs=[_tab(sheet) for sheet in answer.get("sheets", []) if "gridProperties" in sheet["properties"]],
    )


def _tab(sheet: Mapping[str, Any]) -> Tab:
    properties = sheet["properties"]
    grid = properties["gridProperties"]
    return Tab(
        sheet_id=properties.get("sheetId", 0),
        title=properties["title"],
        row_count=grid.get("rowCount", 0),
        column_count=grid.get("columnCount", 0),
        marked_columns=marked_columns(
            (grid.get("startColumn", 0), grid.get("columnMetadata", [])) for grid in sheet.get("data", [])
        ),
        protections=[
            _protection(protected.get("range", {}))
            for protected in sheet.get("protectedRanges", [])
            if not protected.get("warningOnly") and not protected.get("requestingUserCanEdit")
        ],
    )


def columns_of(automation_id: str, marked: Mapping[str, int]) -> dict[str, int]:
    """The columns of one automation by key."""
    prefix = f"{automation_id}:"
    return {value.removeprefix(prefix): column for value, column in marked.items() if value.startswith(prefix)}


def marked_columns(grids: Iterable[tuple[int, Sequence[Mapping[str, Any]]]]) -> dict[str, int]:
    """`grids` are ranges: their first column, and the DimensionProperties of each."""
    return {
        entry["metadataValue"]: start + offset
        for start, columns in grids
        for offset, column in enumerate(columns)
        for entry in column.get("developerMetadata", [])
        if entry.get("metadataKey") == COLUMN_KEY and "metadataValue" in entry
    }


def _protection(bounds: Mapping[str, Any]) -> Protection:
    return Protection(
        first_row=bounds.get("startRowIndex", 0),
        end_row=bounds.get("endRowIndex"),
        first_column=bounds.get("startColumnIndex", 0),
        end_column=bounds.get("endColumnIndex"),
    )


def _zone(name: str | None) -> ZoneInfo:
    """A spreadsheet may carry a zone that this machine's database has never heard of; then its days are UTC's."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def column_letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Adjacent columns together, half-open; `places` go up."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1))
    return runs
