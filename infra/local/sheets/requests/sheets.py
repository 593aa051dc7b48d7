"""Requests about tabs and the spreadsheet itself."""

from dataclasses import replace
from functools import partial

from infra.local.sheets.colors import with_both_names
from infra.local.sheets.errors import Json, invalid
from infra.local.sheets.formulas import retitled_formula
from infra.local.sheets.masks import Mask, below, overlaid
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.requests.metadata import sheet_of
from infra.local.sheets.resource import sheet_properties
from infra.local.sheets.sheet import Sheet
from infra.local.sheets.shifts import Dimension, Splice
from infra.local.sheets.spreadsheet import NEW_COLUMNS, NEW_ROWS, Spreadsheet

COUNTS = ("rowCount", "columnCount")
DIMENSIONS: tuple[Dimension, ...] = ("ROWS", "COLUMNS")
READ_ONLY = ("index", "sheetType", "sheetId")


def new_sheet(spreadsheet: Spreadsheet, wanted: Json) -> Sheet:
    """A tab with the properties wanted, not yet in the spreadsheet."""
    sheet_id = wanted.get("sheetId")
    if sheet_id is None:
        sheet_id = spreadsheet.unused_id()
    if sheet_id < 0:
        raise invalid("Sheet id must be non-negative.")
    if spreadsheet.find_sheet(sheet_id) is not None:
        raise invalid(f"Sheet with id {sheet_id} already exists.")
    if wanted.get("sheetType", "GRID") != "GRID":
        raise invalid("Only GRID sheets can be added.")
    grid = wanted.get("gridProperties", {})
    row_count, column_count = grid.get("rowCount", NEW_ROWS), grid.get("columnCount", NEW_COLUMNS)
    if row_count < 1 or column_count < 1:
        raise invalid("gridProperties.rowCount and gridProperties.columnCount must be at least 1.")
    properties = {name: value for name, value in wanted.items() if name not in {"index", "sheetType"}}
    properties |= {
        "sheetId": sheet_id,
        "title": spreadsheet.free_title(wanted.get("title")),
        "gridProperties": {name: value for name, value in grid.items() if name not in COUNTS},
    }
    return Sheet(properties, spreadsheet.new_grid(row_count, column_count))


def add_sheet(draft: Draft, request: Json) -> Json:
    wanted = request.get("properties", {})
    sheet = new_sheet(draft.spreadsheet, wanted)
    place(draft.spreadsheet, sheet, wanted.get("index"))
    return {"properties": sheet_properties(draft.spreadsheet, sheet)}


def place(spreadsheet: Spreadsheet, sheet: Sheet, index: int | None) -> None:
    sheets = spreadsheet.sheets
    if index is not None and not 0 <= index <= len(sheets):
        raise invalid(f"Sheet index must be between 0 and {len(sheets)}.")
    sheets.insert(len(sheets) if index is None else index, sheet)
    spreadsheet.check_size()


def delete_sheet(draft: Draft, request: Json) -> Json:
    spreadsheet = draft.spreadsheet
    sheet = draft.sheet(request.get("sheetId", 0))
    draft.editor.check_sheet(spreadsheet, sheet.sheet_id)
    if all(other is sheet or other.properties.get("hidden") for other in spreadsheet.sheets):
        raise invalid("You can't remove all the visible sheets in a document.")
    spreadsheet.sheets.remove(sheet)
    spreadsheet.named_ranges = [
        item for item in spreadsheet.named_ranges if item["range"].get("sheetId", 0) != sheet.sheet_id
    ]
    spreadsheet.developer_metadata = [
        item for item in spreadsheet.developer_metadata if sheet_of(item) != sheet.sheet_id
    ]
    retitle_references(spreadsheet, sheet.title, None)
    return {}


def retitle_references(spreadsheet: Spreadsheet, old: str, new: str | None) -> None:
    """Formulas that name a tab follow its new title, or lose it."""
    for sheet in spreadsheet.sheets:
        sheet.grid.rewrite_formulas(partial(retitled_formula, old=old, new=new))


def duplicate_sheet(draft: Draft, request: Json) -> Json:
    source = draft.sheet(request.get("sourceSheetId", 0))
    title = request.get("newSheetName") or copy_title(draft.spreadsheet, source.title)
    wanted = {**source.properties, "sheetId": request.get("newSheetId"), "title": title}
    wanted["gridProperties"] = {
        **source.properties.get("gridProperties", {}),
        "rowCount": source.grid.row_count,
        "columnCount": source.grid.column_count,
    }
    made = new_sheet(draft.spreadsheet, {name: value for name, value in wanted.items() if value is not None})
    copy = copied(source, made)
    place(draft.spreadsheet, copy, request.get("insertSheetIndex", 0))
    return {"properties": sheet_properties(draft.spreadsheet, copy)}


def copied(source: Sheet, made: Sheet) -> Sheet:
    """`made`, with the cells and what hangs on them as on `source`; protection and filter views stay behind."""
    made.grid.replace(0, list(source.grid.rows(0, source.grid.row_count)))
    there = made.sheet_id

    def moved(item: Json) -> Json:
        return {**item, "sheetId": there}

    return replace(
        made,
        columns=dict(source.columns),
        merges=[moved(merge) for merge in source.merges],
        basic_filter=source.basic_filter and {**source.basic_filter, "range": moved(source.basic_filter["range"])},
        conditional_formats=[
            {**rule, "ranges": [moved(part) for part in rule.get("ranges", [])]} for rule in source.conditional_formats
        ],
    )


def copy_title(spreadsheet: Spreadsheet, title: str) -> str:
    wanted = f"Copy of {title}"
    number = 2
    while spreadsheet.sheet_titled(wanted):
        wanted = f"Copy of {title} {number}"
        number += 1
    return wanted


def update_sheet_properties(draft: Draft, request: Json) -> Json:
    new = request.get("properties", {})
    spreadsheet = draft.spreadsheet
    sheet = draft.sheet(new.get("sheetId", 0))
    mask = draft.mask(request, "SheetProperties")
    if "title" in mask or not mask:
        retitle(draft, sheet, new.get("title", ""))
    resize(draft, sheet, new.get("gridProperties", {}), below(mask, "gridProperties"))
    if below(mask, "index") is not None and "index" in new:
        reindex(spreadsheet, sheet, new["index"])
    kept_mask = with_both_names({name: parts for name, parts in mask.items() if name not in {"title", *READ_ONLY}})
    if kept_mask or not mask:
        merged = overlaid(sheet.properties, new, kept_mask) if kept_mask else {**sheet.properties, **new}
        grid = {name: value for name, value in merged.get("gridProperties", {}).items() if name not in COUNTS}
        sheet.properties = {**merged, "sheetId": sheet.sheet_id, "title": sheet.title, "gridProperties": grid}
    if all(other.properties.get("hidden") for other in spreadsheet.sheets):
        raise invalid("You can't hide all the sheets in a document.")
    return {}


def retitle(draft: Draft, sheet: Sheet, title: str) -> None:
    if not title:
        raise invalid("Sheet name cannot be empty.")
    if title == sheet.title:
        return
    other = draft.spreadsheet.sheet_titled(title)
    if other is not sheet:
        draft.spreadsheet.free_title(title)
    old = sheet.title
    sheet.properties = {**sheet.properties, "title": title}
    retitle_references(draft.spreadsheet, old, title)


def resize(draft: Draft, sheet: Sheet, new: Json, mask: Mask | None) -> None:
    """Rows and columns cut off at the end take what hangs on them along."""
    if mask is None:
        return
    counts = wanted_counts(sheet, new, mask)
    check_frozen({**sheet.properties.get("gridProperties", {}), **new}, counts)
    cuts = [
        Splice(sheet.sheet_id, dimension, counts[dimension], removed=sheet.lines(dimension) - counts[dimension])
        for dimension in DIMENSIONS
        if counts[dimension] < sheet.lines(dimension)
    ]
    for cut in cuts:
        draft.check_lines(sheet, cut.dimension, cut.at, cut.at + cut.removed)
    sheet.grid.resize(counts["ROWS"], counts["COLUMNS"])
    draft.spreadsheet.check_size()
    for cut in cuts:
        draft.spreadsheet.follow(cut)


def wanted_counts(sheet: Sheet, new: Json, mask: Mask) -> dict[Dimension, int]:
    counts: dict[Dimension, int] = {}
    for dimension, name in zip(DIMENSIONS, COUNTS, strict=True):
        named = below(mask, name) is not None and (bool(mask) or name in new)
        counts[dimension] = new.get(name, 0) if named else sheet.lines(dimension)
        if counts[dimension] < 1:
            raise invalid(f"gridProperties.{name} must be at least 1.")
    return counts


def check_frozen(grid_properties: Json, counts: dict[Dimension, int]) -> None:
    if grid_properties.get("frozenRowCount", 0) >= counts["ROWS"]:
        raise invalid("You can't freeze all visible rows on the sheet.")
    if grid_properties.get("frozenColumnCount", 0) >= counts["COLUMNS"]:
        raise invalid("You can't freeze all visible columns on the sheet.")


def reindex(spreadsheet: Spreadsheet, sheet: Sheet, index: int) -> None:
    """`index` counts the tabs as they stand before the move."""
    position = spreadsheet.sheets.index(sheet)
    if not 0 <= index <= len(spreadsheet.sheets):
        raise invalid(f"Sheet index must be between 0 and {len(spreadsheet.sheets)}.")
    spreadsheet.sheets.remove(sheet)
    spreadsheet.sheets.insert(index - 1 if index > position else index, sheet)


def update_spreadsheet_properties(draft: Draft, request: Json) -> Json:
    mask = draft.mask(request, "SpreadsheetProperties")
    new = request.get("properties", {})
    properties = draft.spreadsheet.properties
    draft.spreadsheet.properties = overlaid(properties, new, mask) if mask else {**properties, **new}
    return {}


SHEET_REQUESTS: dict[str, Apply] = {
    "addSheet": add_sheet,
    "deleteSheet": delete_sheet,
    "duplicateSheet": duplicate_sheet,
    "updateSheetProperties": update_sheet_properties,
    "updateSpreadsheetProperties": update_spreadsheet_properties,
}
