"""What people do in a tab, as requests: for the control endpoint now, or for a fault between a read and a write.

Rows and columns are 0-based as in the grid: row 0 is the header.
"""

from typing import Any

from tests.contract.sheets.book import Json, box, lines, typed

SHEET_ID = 7


def insert_rows(at: int, count: int = 1) -> Json:
    return {"insertDimension": {"range": lines("ROWS", at, at + count, SHEET_ID), "inheritFromBefore": True}}


def delete_rows(at: int, count: int = 1) -> Json:
    return {"deleteDimension": {"range": lines("ROWS", at, at + count, SHEET_ID)}}


def insert_column(at: int) -> Json:
    return {"insertDimension": {"range": lines("COLUMNS", at, at + 1, SHEET_ID)}}


def append_column() -> Json:
    return {"appendDimension": {"sheetId": SHEET_ID, "dimension": "COLUMNS", "length": 1}}


def delete_column(at: int) -> Json:
    return {"deleteDimension": {"range": lines("COLUMNS", at, at + 1, SHEET_ID)}}


def move_column(at: int, *, to: int) -> Json:
    """`to` counts the columns as they stand before the move."""
    return {"moveDimension": {"source": lines("COLUMNS", at, at + 1, SHEET_ID), "destinationIndex": to}}


def hide_column(at: int) -> Json:
    return {
        "updateDimensionProperties": {
            "range": lines("COLUMNS", at, at + 1, SHEET_ID),
            "properties": {"hiddenByUser": True},
            "fields": "hiddenByUser",
        }
    }


def write(row: int, column: int, *values: Any) -> Json:
    """Values below each other; None empties a cell, text that starts with `=` is a formula."""
    cells = [{"values": [{} if value is None else {"userEnteredValue": typed(value)}]} for value in values]
    start = {"sheetId": SHEET_ID, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}}


def add_note(row: int, column: int, text: str) -> Json:
    """A note: the text that hangs on a cell and shows when the mouse is over it."""
    start = {"sheetId": SHEET_ID, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "rows": [{"values": [{"note": text}]}], "fields": "note"}}


def sort(rows: range, columns: range, *, by: int, descending: bool = True) -> Json:
    order = "DESCENDING" if descending else "ASCENDING"
    area = box(rows.start, columns.start, rows.stop, columns.stop, SHEET_ID)
    return {"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": by, "sortOrder": order}]}}


def copy_row(row: int, *, to: int, width: int) -> Json:
    """Copy and paste over the row `to`, hidden cells included, as a browser does."""
    source, destination = (box(place, 0, place + 1, width, SHEET_ID) for place in (row, to))
    return {"copyPaste": {"source": source, "destination": destination, "pasteType": "PASTE_NORMAL"}}


def cut_row(row: int, *, to: int, width: int) -> Json:
    """Cut and paste over the row `to`; what stood there is gone, and the row that was cut is empty."""
    destination = {"sheetId": SHEET_ID, "rowIndex": to, "columnIndex": 0}
    return {"cutPaste": {"source": box(row, 0, row + 1, width, SHEET_ID), "destination": destination}}


def drag_row(row: int, *, to: int) -> Json:
    """`to` counts the rows as they stand before the move."""
    return {"moveDimension": {"source": lines("ROWS", row, row + 1, SHEET_ID), "destinationIndex": to}}


def filter_out(column: int, *values: str, rows: int, columns: int) -> Json:
    """A filter that hides the rows with these values."""
    area = box(0, 0, rows, columns, SHEET_ID)
    specs = [{"columnIndex": column, "filterCriteria": {"hiddenValues": list(values)}}]
    return {"setBasicFilter": {"filter": {"range": area, "filterSpecs": specs}}}


def sort_by_filter(column: int, *, rows: int, columns: int) -> Json:
    """As the menu of a filter does: the rows are sorted for everybody, the header stays."""
    specs = [{"dimensionIndex": column, "sortOrder": "DESCENDING"}]
    return {"setBasicFilter": {"filter": {"range": box(0, 0, rows, columns, SHEET_ID), "sortSpecs": specs}}}


def look_through_filter(column: int, *values: str, rows: int, columns: int) -> Json:
    """A filter view: one person's look at the tab, that hides and sorts nothing for others."""
    specs = [{"columnIndex": column, "filterCriteria": {"hiddenValues": list(values)}}]
    area = box(0, 0, rows, columns, SHEET_ID)
    order = [{"dimensionIndex": column, "sortOrder": "DESCENDING"}]
    return {"addFilterView": {"filter": {"title": "Mine", "range": area, "filterSpecs": specs, "sortSpecs": order}}}


def freeze(*, rows: int, columns: int = 0) -> Json:
    grid = {"frozenRowCount": rows, "frozenColumnCount": columns}
    fields = "gridProperties(frozenRowCount,frozenColumnCount)"
    return {"updateSheetProperties": {"properties": {"sheetId": SHEET_ID, "gridProperties": grid}, "fields": fields}}


def move_tab(index: int) -> Json:
    return {"updateSheetProperties": {"properties": {"sheetId": SHEET_ID, "index": index}, "fields": "index"}}


def hide_tab() -> Json:
    return {"updateSheetProperties": {"properties": {"sheetId": SHEET_ID, "hidden": True}, "fields": "hidden"}}


def set_locale(locale: str) -> Json:
    return {"updateSpreadsheetProperties": {"properties": {"locale": locale}, "fields": "locale"}}


def rename(title: str) -> Json:
    return {"updateSheetProperties": {"properties": {"sheetId": SHEET_ID, "title": title}, "fields": "title"}}


def protect(area: Json, *, editor: str = "owner@example.com") -> Json:
    return {"addProtectedRange": {"protectedRange": {"range": area, "editors": {"users": [editor]}}}}


def delete_tab() -> Json:
    return {"deleteSheet": {"sheetId": SHEET_ID}}
