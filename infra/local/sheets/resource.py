"""The Spreadsheet message: what spreadsheets.get answers, and batchUpdate when asked to. Builds what the mask means."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.sheets.areas import Area, as_google_writes
from infra.local.sheets.cell_fields import CellReader
from infra.local.sheets.colors import with_both_colors
from infra.local.sheets.errors import Json
from infra.local.sheets.evaluation import Evaluator
from infra.local.sheets.masks import Mask, below
from infra.local.sheets.protection import Editor
from infra.local.sheets.requests.metadata import sheet_of
from infra.local.sheets.rows import EMPTY
from infra.local.sheets.sheet import DEFAULT_PIXELS, Sheet
from infra.local.sheets.spreadsheet import Spreadsheet

SHEET_LISTS = {
    "merges": "merges",
    "conditionalFormats": "conditional_formats",
    "filterViews": "filter_views",
    "rowGroups": "row_groups",
    "columnGroups": "column_groups",
}


@dataclass(frozen=True)
class View:
    """What of a spreadsheet is asked for, and by whom."""

    editor: Editor
    mask: Mask = field(default_factory=dict)
    areas: tuple[Area, ...] | None = None
    """None: all tabs, whole."""
    grid_data: bool = False
    """Counts only without a mask: a mask says itself whether it wants data."""


def spreadsheet_message(spreadsheet: Spreadsheet, view: View) -> Json:
    message: Json = {}
    if below(view.mask, "spreadsheetId") is not None:
        message["spreadsheetId"] = spreadsheet.spreadsheet_id
    if below(view.mask, "properties") is not None:
        message["properties"] = with_both_colors(spreadsheet.properties)
    sheets = below(view.mask, "sheets")
    if sheets is not None:
        metadata = metadata_by_sheet(spreadsheet)
        message["sheets"] = [
            sheet_message(spreadsheet, sheet, mask=sheets, areas=areas, view=view, metadata=metadata[sheet.sheet_id])
            for sheet, areas in wanted_sheets(spreadsheet, view.areas)
        ]
    if below(view.mask, "namedRanges") is not None and spreadsheet.named_ranges:
        message["namedRanges"] = [
            {**named, "range": as_google_writes(named["range"])} for named in spreadsheet.named_ranges
        ]
    if below(view.mask, "spreadsheetUrl") is not None:
        message["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{spreadsheet.spreadsheet_id}/edit"
    own = [item for item in spreadsheet.developer_metadata if item["location"].get("spreadsheet")]
    if below(view.mask, "developerMetadata") is not None and own:
        message["developerMetadata"] = own
    return message


def metadata_by_sheet(spreadsheet: Spreadsheet) -> Mapping[int, list[Json]]:
    """Of sheets, rows and columns, gone through once: a spreadsheet of 500 tabs has thousands of items."""
    found: defaultdict[int, list[Json]] = defaultdict(list)
    for item in spreadsheet.developer_metadata:
        if (sheet_id := sheet_of(item)) is not None:
            found[sheet_id].append(item)
    return found


def wanted_sheets(spreadsheet: Spreadsheet, areas: tuple[Area, ...] | None) -> Iterable[tuple[Sheet, list[Area]]]:
    for sheet in spreadsheet.sheets:
        own = [sheet.whole()] if areas is None else [area for area in areas if area.sheet_id == sheet.sheet_id]
        if own:
            yield sheet, own


def sheet_properties(spreadsheet: Spreadsheet, sheet: Sheet) -> Json:
    properties = sheet.properties
    message: Json = {
        "sheetId": sheet.sheet_id,
        "title": sheet.title,
        "index": spreadsheet.sheets.index(sheet),
        "sheetType": "GRID",
        "gridProperties": {
            "rowCount": sheet.grid.row_count,
            "columnCount": sheet.grid.column_count,
            **{name: value for name, value in properties.get("gridProperties", {}).items() if value},
        },
    }
    rest = {name: value for name, value in properties.items() if name not in message and value}
    return with_both_colors(message | rest)


def sheet_message(
    spreadsheet: Spreadsheet, sheet: Sheet, *, mask: Mask, areas: list[Area], view: View, metadata: list[Json]
) -> Json:
    message: Json = {}
    if below(mask, "properties") is not None:
        message["properties"] = sheet_properties(spreadsheet, sheet)
    data = below(mask, "data")
    if data is not None and (mask or view.grid_data):
        message["data"] = [grid_data(spreadsheet, sheet, area, mask=data, metadata=metadata) for area in areas]
    for name, attribute in SHEET_LISTS.items():
        items: list[Json] = getattr(sheet, attribute)
        if items and below(mask, name) is not None:
            message[name] = [shown_item(item) for item in items]
    if sheet.protected_ranges and below(mask, "protectedRanges") is not None:
        message["protectedRanges"] = [
            protected_message(spreadsheet, protected, view.editor) for protected in sheet.protected_ranges
        ]
    if sheet.basic_filter is not None and below(mask, "basicFilter") is not None:
        message["basicFilter"] = shown_item(sheet.basic_filter)
    own = [item for item in metadata if "dimensionRange" not in item["location"]]
    if own and below(mask, "developerMetadata") is not None:
        message["developerMetadata"] = own
    return message


def shown_item(item: Json) -> Json:
    """Ranges in it without a sheetId of 0."""
    if "range" in item:
        return {**item, "range": as_google_writes(item["range"])}
    if "ranges" in item:
        return {**item, "ranges": [as_google_writes(part) for part in item["ranges"]]}
    return as_google_writes(item)


def protected_message(spreadsheet: Spreadsheet, protected: Json, editor: Editor) -> Json:
    """Who may edit the range is told only to those who may."""
    message = {name: value for name, value in shown_item(protected).items() if name != "editors"}
    if editor.may_edit(spreadsheet, protected):
        message["requestingUserCanEdit"] = True
        if not protected.get("warningOnly"):
            message["editors"] = protected["editors"]
    return message


def grid_data(spreadsheet: Spreadsheet, sheet: Sheet, area: Area, *, mask: Mask, metadata: list[Json]) -> Json:
    """A GridData; its rows end with the last one that holds anything."""
    message: Json = {}
    if area.top and below(mask, "startRow") is not None:
        message["startRow"] = area.top
    if area.left and below(mask, "startColumn") is not None:
        message["startColumn"] = area.left
    row_mask = below(mask, "rowData")
    if row_mask is not None:
        rows = row_messages(spreadsheet, sheet, area, mask=row_mask)
        if rows:
            message["rowData"] = rows
    if below(mask, "rowMetadata") is not None:
        stored = [row.properties for row in sheet.grid.rows(area.top, area.bottom)]
        blank = [EMPTY.properties] * (area.height - len(stored))
        message["rowMetadata"] = lines_messages("ROWS", area.top, [*stored, *blank], metadata)
    if below(mask, "columnMetadata") is not None:
        columns = [sheet.columns.get(column, {}) for column in area.columns]
        message["columnMetadata"] = lines_messages("COLUMNS", area.left, columns, metadata)
    return message


def row_messages(spreadsheet: Spreadsheet, sheet: Sheet, area: Area, *, mask: Mask) -> list[Json]:
    cell_mask = below(mask, "values")
    reader = CellReader(spreadsheet, sheet, Evaluator(spreadsheet), mask=cell_mask)
    messages: list[Json] = []
    for row in sheet.grid.rows(area.top, area.bottom):
        right = min(row.width, area.right)
        if right <= area.left or cell_mask is None:
            messages.append({})
        else:
            messages.append({"values": [reader.read(row, column) for column in range(area.left, right)]})
    while messages and not messages[-1]:
        messages.pop()
    return messages


def lines_messages(dimension: str, first: int, properties: list[Json], metadata: list[Json]) -> list[Json]:
    """DimensionProperties of consecutive lines."""
    of_lines: dict[int, list[Json]] = {}
    for item in metadata:
        lines = item["location"].get("dimensionRange")
        if lines and lines["dimension"] == dimension:
            of_lines.setdefault(lines["startIndex"], []).append(item)
    messages: list[Any] = []
    for index, line in enumerate(properties, start=first):
        message = {"pixelSize": DEFAULT_PIXELS[dimension], **{name: value for name, value in line.items() if value}}
        if index in of_lines:
            message["developerMetadata"] = of_lines[index]
        messages.append(message)
    return messages
