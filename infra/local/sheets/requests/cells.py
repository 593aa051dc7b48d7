"""Requests that write cells: updateCells, appendCells, repeatCell."""

import json
from collections.abc import Sequence
from typing import Any

from infra.local.sheets.areas import Area
from infra.local.sheets.colors import with_both_colors, with_both_names
from infra.local.sheets.entry import as_double, checked_text
from infra.local.sheets.errors import Json, invalid, required
from infra.local.sheets.formulas import translated_formula
from infra.local.sheets.masks import Mask, below, overlaid
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.rows import EMPTY, Format, FormatChange, Formula, Row, Value
from infra.local.sheets.sheet import Sheet

EXTRAS = ("note", "dataValidation", "textFormatRuns", "hyperlink")
VALUE_FIELD = "userEnteredValue"
FORMAT_FIELD = "userEnteredFormat"


def update_cells(draft: Draft, request: Json) -> Json:
    mask = draft.mask(request, "CellData")
    rows = request.get("rows", [])
    if "start" in request:
        start = request["start"]
        sheet = draft.sheet(start.get("sheetId", 0))
        area = area_from(sheet, start.get("rowIndex", 0), start.get("columnIndex", 0), rows)
        draft.editor.check(draft.spreadsheet, area)
        write(sheet, area, rows, mask)
        return {}
    if "range" not in request:
        raise invalid("Must specify a range or start.")
    area = draft.area(request["range"])
    check_room(len(rows), max((len(row.get("values", ())) for row in rows), default=0), area)
    blank: list[Json] = [{}] * area.width
    filled = [{"values": [*row.get("values", ()), *blank[len(row.get("values", ())) :]]} for row in rows]
    filled += [{"values": blank}] * (area.height - len(rows))
    write(draft.sheet(area.sheet_id), area, filled, mask)
    return {}


def append_cells(draft: Draft, request: Json) -> Json:
    """After the last row with data; the tab grows where it must."""
    sheet = draft.sheet(request.get("sheetId", 0))
    mask = draft.mask(request, "CellData")
    rows = request.get("rows", [])
    top = sheet.grid.stored_rows
    while top > 0 and all(value is None for value in sheet.grid.row(top - 1).values):
        top -= 1
    width = max((len(row.get("values", ())) for row in rows), default=0)
    sheet.grid.resize(max(sheet.grid.row_count, top + len(rows)), max(sheet.grid.column_count, width))
    draft.spreadsheet.check_size()
    area = area_from(sheet, top, 0, rows)
    draft.editor.check(draft.spreadsheet, area)
    write(sheet, area, rows, mask)
    return {}


def repeat_cell(draft: Draft, request: Json) -> Json:
    """One cell all over a range; a formula's relative references move along."""
    mask = draft.mask(request, "CellData")
    area = draft.area(required(request, "range"))
    cell = request.get("cell", {})
    grid = draft.sheet(area.sheet_id).grid
    if below(mask, VALUE_FIELD) is not None:
        value = read_value(cell)
        rows = [
            grid.row(row).with_values(
                area.left, [repeated(value, row - area.top, column) for column in range(area.width)]
            )
            for row in area.rows
        ]
        grid.replace(area.top, rows)
    format_mask = below(mask, FORMAT_FIELD)
    if format_mask is not None:
        new = cell.get(FORMAT_FIELD, {})
        change = FormatChange(area.left, area.right, lambda present: changed_format(present, new, format_mask))
        grid.edit(area.top, area.bottom, change.apply)
    extras_mask: Mask = {name: {} for name in EXTRAS if below(mask, name) is not None}
    if extras_mask:
        grid.edit(area.top, area.bottom, lambda row: with_extras(row, area.left, [cell] * area.width, extras_mask))
    return {}


def repeated(value: Value, rows: int, columns: int) -> Value:
    return Formula(translated_formula(value.text, rows=rows, columns=columns)) if isinstance(value, Formula) else value


def area_from(sheet: Sheet, top: int, left: int, rows: Sequence[Json]) -> Area:
    """What rows of cells cover from a corner on; all of it must lie in the grid."""
    if top >= sheet.grid.row_count or left >= sheet.grid.column_count:
        raise sheet.exceeded_at(top, left)
    width = max((len(row.get("values", ())) for row in rows), default=0)
    check_room(len(rows), width, Area(sheet.sheet_id, top, left, sheet.grid.row_count, sheet.grid.column_count))
    return Area(sheet.sheet_id, top, left, top + len(rows), left + width)


def check_room(height: int, width: int, room: Area) -> None:
    for line, size, available, end in (
        ("row", height, room.height, room.bottom),
        ("column", width, room.width, room.right),
    ):
        if size > available:
            raise invalid(f"Attempting to write {line}: {end}, beyond the last requested {line} of: {end - 1}")


def write(sheet: Sheet, area: Area, rows: Sequence[Json], mask: Mask) -> None:
    """The cells of each row, from the left of the area on, as far as the row has cells."""
    values_wanted = below(mask, VALUE_FIELD) is not None
    format_mask = below(mask, FORMAT_FIELD)
    extras_mask: Mask = {name: {} for name in EXTRAS if below(mask, name) is not None}
    present = list(sheet.grid.rows(area.top, area.bottom))
    present += [EMPTY] * (area.height - len(present))
    written = []
    pool = FormatPool()
    for row, message in zip(present, rows, strict=True):
        cells = message.get("values", ())
        new = row
        if values_wanted and cells:
            new = new.with_values(area.left, [read_value(cell) for cell in cells])
        if format_mask is not None and cells and (row.formats or any(FORMAT_FIELD in cell for cell in cells)):
            new = new.with_formats(pool.formats(row, area.left, cells, format_mask))
        if extras_mask and (row.extras or any(not extras_mask.keys().isdisjoint(cell) for cell in cells)):
            new = with_extras(new, area.left, cells, extras_mask)
        written.append(new)
    sheet.grid.replace(area.top, written)


def read_value(cell: Json) -> Value:
    """A userEnteredValue as it is kept."""
    entered = cell.get(VALUE_FIELD)
    if not entered:
        return None
    ((kind, value),) = entered.items()
    if kind == "stringValue":
        return checked_text(value) or None
    if kind == "numberValue":
        return as_double(value)
    if kind == "boolValue":
        return bool(value)
    if kind == "formulaValue":
        return Formula(checked_text(value))
    raise invalid("ErrorValue is an output-only field.")


class FormatPool:
    """The formats that one request writes: equal ones become one, as do equal rows of them."""

    def __init__(self) -> None:
        self._formats: dict[str, Format] = {}
        self._tuples: dict[tuple[int, ...], tuple[Format | None, ...]] = {}

    def formats(self, row: Row, left: int, cells: Sequence[Json], mask: Mask) -> tuple[Format | None, ...]:
        formats: list[Format | None] = list(row.formats) + [None] * (left + len(cells) - len(row.formats))
        for column, cell in enumerate(cells, start=left):
            formats[column] = self._pooled(changed_format(formats[column], cell.get(FORMAT_FIELD, {}), mask))
        return self._tuples.setdefault(tuple(map(id, formats)), tuple(formats))

    def _pooled(self, format_: Format | None) -> Format | None:
        return format_ and self._formats.setdefault(json.dumps(format_, sort_keys=True), format_)


def changed_format(present: Format | None, new: Json, mask: Mask) -> Format | None:
    merged = overlaid(present or {}, with_both_colors(new), with_both_names(mask))
    return None if not merged else present if merged == present else merged


def with_extras(row: Row, left: int, cells: Sequence[Json], mask: Mask) -> Row:
    extras = dict(row.extras)
    for column, cell in enumerate(cells, start=left):
        new: dict[str, Any] = overlaid(
            extras.get(column, {}), {name: cell[name] for name in mask if name in cell}, mask
        )
        kept = {name: value for name, value in new.items() if value}
        if kept:
            extras[column] = kept
        else:
            extras.pop(column, None)
    return row.with_extras(extras)


CELL_REQUESTS: dict[str, Apply] = {
    "updateCells": update_cells,
    "appendCells": append_cells,
    "repeatCell": repeat_cell,
}
