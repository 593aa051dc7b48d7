"""Requests that move, copy, merge or name rectangles of cells."""

from collections.abc import Callable

from infra.local.sheets.areas import Area, as_google_writes
from infra.local.sheets.errors import Json, invalid, required
from infra.local.sheets.formulas import translated_formula
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.rows import BLANK, Cell, Formula, Row
from infra.local.sheets.sheet import Sheet

Choose = Callable[[Cell, Cell], Cell]

# What of the copied cell lands on the cell that is there.
PASTE_TYPES: dict[str, Choose] = {
    "PASTE_NORMAL": lambda new, _: new,
    "PASTE_VALUES": lambda new, old: Cell(new.value, old.format, old.extras),
    "PASTE_FORMAT": lambda new, old: Cell(old.value, new.format, old.extras),
    "PASTE_NO_BORDERS": lambda new, _: Cell(new.value, without_borders(new.format), new.extras),
    "PASTE_FORMULA": lambda new, old: Cell(new.value, old.format, old.extras),
    "PASTE_DATA_VALIDATION": lambda new, old: Cell(old.value, old.format, with_validation(old.extras, new.extras)),
}


def without_borders(format_: Json | None) -> Json | None:
    return {name: value for name, value in format_.items() if name != "borders"} if format_ else None


def with_validation(old: Json | None, new: Json | None) -> Json | None:
    kept = {name: value for name, value in (old or {}).items() if name != "dataValidation"}
    if new and "dataValidation" in new:
        kept["dataValidation"] = new["dataValidation"]
    return kept or None


def take_cells(sheet: Sheet, area: Area) -> list[list[Cell]]:
    rows = list(sheet.grid.rows(area.top, area.bottom))
    blank = [[BLANK] * area.width for _ in range(area.height - len(rows))]
    return [row.cells(area.left, area.right) for row in rows] + blank


def put_cells(sheet: Sheet, top: int, left: int, cells: list[list[Cell]]) -> None:
    sheet.grid.replace(top, [sheet.grid.row(top + i).with_cells(left, line) for i, line in enumerate(cells)])


def translated(cell: Cell, *, rows: int, columns: int) -> Cell:
    if not isinstance(cell.value, Formula):
        return cell
    text = translated_formula(cell.value.text, rows=rows, columns=columns)
    return Cell(Formula(text), cell.format, cell.extras)


def copy_paste(draft: Draft, request: Json) -> Json:
    """A destination that is larger than the source is filled with whole copies of it."""
    source = source_area(draft, request)
    target = draft.area(required(request, "destination"))
    choose = PASTE_TYPES.get(request.get("pasteType", "PASTE_NORMAL"))
    if choose is None:
        raise invalid(f"pasteType {request['pasteType']} is not simulated by the local Sheets service.")
    cells = take_cells(draft.sheet(source.sheet_id), source)
    if request.get("pasteOrientation") == "TRANSPOSE":
        cells = [list(line) for line in zip(*cells, strict=True)]
    height, width = len(cells), len(cells[0]) if cells else 0
    if not height or not width:
        return {}
    down, across = max(target.height // height, 1), max(target.width // width, 1)
    sheet = draft.sheet(target.sheet_id)
    covered = Area(target.sheet_id, target.top, target.left, target.top + down * height, target.left + across * width)
    check_inside(sheet, covered)
    draft.editor.check(draft.spreadsheet, covered)
    moved = [
        [
            choose(
                translated(
                    cells[row % height][column % width],
                    rows=covered.top - source.top + row // height * height,
                    columns=covered.left - source.left + column // width * width,
                ),
                old,
            )
            for column, old in enumerate(line)
        ]
        for row, line in enumerate(take_cells(sheet, covered))
    ]
    put_cells(sheet, covered.top, covered.left, moved)
    return {}


def source_area(draft: Draft, request: Json) -> Area:
    """Copying out of a protected range is allowed."""
    source = required(request, "source")
    return draft.sheet(source.get("sheetId", 0)).area_within(source)


def check_inside(sheet: Sheet, area: Area) -> None:
    if area.bottom > sheet.grid.row_count or area.right > sheet.grid.column_count:
        raise sheet.exceeded_at(min(area.bottom, sheet.grid.row_count + 1) - 1, area.right - 1)


def cut_paste(draft: Draft, request: Json) -> Json:
    source = draft.area(required(request, "source"))
    corner = required(request, "destination")
    sheet = draft.sheet(corner.get("sheetId", 0))
    top, left = corner.get("rowIndex", 0), corner.get("columnIndex", 0)
    target = Area(sheet.sheet_id, top, left, top + source.height, left + source.width)
    check_inside(sheet, target)
    draft.editor.check(draft.spreadsheet, target)
    origin = draft.sheet(source.sheet_id)
    cells = take_cells(origin, source)
    put_cells(origin, source.top, source.left, [[BLANK] * source.width for _ in cells])
    put_cells(sheet, top, left, cells)
    return {}


def insert_range(draft: Draft, request: Json) -> Json:
    """Cells from the range on move away; what would leave the grid makes it grow."""
    area, sheet, rows = range_to_shift(draft, request)
    rest = Area(
        area.sheet_id,
        area.top,
        area.left,
        *((sheet.grid.row_count, area.right) if rows else (area.bottom, sheet.grid.column_count)),
    )
    cells = take_cells(sheet, rest)
    if rows:
        shifted = [[BLANK] * area.width for _ in range(area.height)] + trimmed_lines(cells)
        sheet.grid.resize(max(sheet.grid.row_count, area.top + len(shifted)), sheet.grid.column_count)
    else:
        shifted = [[BLANK] * area.width + trimmed_cells(line) for line in cells]
        width = max((len(line) for line in shifted), default=0)
        sheet.grid.resize(sheet.grid.row_count, max(sheet.grid.column_count, area.left + width))
    draft.spreadsheet.check_size()
    put_cells(sheet, area.top, area.left, shifted)
    return {}


def delete_range(draft: Draft, request: Json) -> Json:
    """Cells from beyond the range move up or left; blank ones follow."""
    area, sheet, rows = range_to_shift(draft, request)
    grid = sheet.grid
    if rows:
        rest = take_cells(sheet, Area(area.sheet_id, area.bottom, area.left, grid.row_count, area.right))
        blank = [[BLANK] * area.width for _ in range(area.height)]
        put_cells(sheet, area.top, area.left, trimmed_lines(rest) + blank)
    else:
        rest = take_cells(sheet, Area(area.sheet_id, area.top, area.right, area.bottom, grid.column_count))
        put_cells(sheet, area.top, area.left, [line + [BLANK] * area.width for line in rest])
    return {}


def range_to_shift(draft: Draft, request: Json) -> tuple[Area, Sheet, bool]:
    """(area, its tab, whether cells move along rows)."""
    dimension = request.get("shiftDimension")
    if dimension not in {"ROWS", "COLUMNS"}:
        raise invalid("shiftDimension must be specified.")
    area = draft.area(required(request, "range"))
    return area, draft.sheet(area.sheet_id), dimension == "ROWS"


def trimmed_cells(line: list[Cell]) -> list[Cell]:
    end = len(line)
    while end and line[end - 1].blank:
        end -= 1
    return line[:end]


def trimmed_lines(lines: list[list[Cell]]) -> list[list[Cell]]:
    end = len(lines)
    while end and all(cell.blank for cell in lines[end - 1]):
        end -= 1
    return lines[:end]


def merge_cells(draft: Draft, request: Json) -> Json:
    """A merge keeps the value of its top left cell."""
    area = draft.area(required(request, "range"))
    sheet = draft.sheet(area.sheet_id)
    kind = request.get("mergeType", "MERGE_ALL")
    parts = [area]
    if kind == "MERGE_COLUMNS":
        parts = [Area(area.sheet_id, area.top, column, area.bottom, column + 1) for column in area.columns]
    elif kind == "MERGE_ROWS":
        parts = [Area(area.sheet_id, row, area.left, row + 1, area.right) for row in area.rows]
    for part in parts:
        for merge in sheet.merges:
            present = sheet.area(merge)
            if present.meets(part) and not part.contains(present):
                raise invalid("You must select all cells in a merged range to merge or unmerge them.")
        sheet.merges = [merge for merge in sheet.merges if not part.contains(sheet.area(merge))]
        sheet.merges.append(part.grid_range())
        keep_first_value(sheet, part)
    return {}


def keep_first_value(sheet: Sheet, area: Area) -> None:
    def emptied(row: Row, *, kept: int) -> Row:
        return row.with_values(area.left + kept, [None] * (area.width - kept))

    first = sheet.grid.row(area.top)
    sheet.grid.replace(area.top, [emptied(first, kept=1)])
    sheet.grid.edit(area.top + 1, area.bottom, lambda row: emptied(row, kept=0) if row.values else row)


def unmerge_cells(draft: Draft, request: Json) -> Json:
    area = draft.area(required(request, "range"))
    sheet = draft.sheet(area.sheet_id)
    for merge in sheet.merges:
        present = sheet.area(merge)
        if present.meets(area) and not area.contains(present):
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    sheet.merges = [merge for merge in sheet.merges if not area.contains(sheet.area(merge))]
    return {}


def add_named_range(draft: Draft, request: Json) -> Json:
    wanted = required(request, "namedRange")
    spreadsheet = draft.spreadsheet
    check_name(draft, required(wanted, "name"))
    draft.sheet(required(wanted, "range").get("sheetId", 0)).area_within(required(wanted, "range"))
    named = {"namedRangeId": wanted.get("namedRangeId") or str(spreadsheet.unused_id()), **wanted}
    spreadsheet.named_ranges.append(named)
    return {"namedRange": {**named, "range": as_google_writes(named["range"])}}


def check_name(draft: Draft, name: str) -> None:
    if any(named["name"].lower() == name.lower() for named in draft.spreadsheet.named_ranges):
        raise invalid(f'A named range with the name "{name}" already exists. Please choose another name.')


def update_named_range(draft: Draft, request: Json) -> Json:
    new = required(request, "namedRange")
    mask = draft.mask(request, "NamedRange")
    position = named_position(draft, new.get("namedRangeId", ""))
    present = draft.spreadsheet.named_ranges[position]
    changed = {**present, **{name: value for name, value in new.items() if not mask or name in mask}}
    if changed["name"] != present["name"]:
        check_name(draft, changed["name"])
    draft.spreadsheet.named_ranges[position] = changed
    return {}


def delete_named_range(draft: Draft, request: Json) -> Json:
    del draft.spreadsheet.named_ranges[named_position(draft, request.get("namedRangeId", ""))]
    return {}


def named_position(draft: Draft, named_range_id: str) -> int:
    for position, named in enumerate(draft.spreadsheet.named_ranges):
        if named["namedRangeId"] == named_range_id:
            return position
    raise invalid(f"No named range with id: {named_range_id}")


RANGE_REQUESTS: dict[str, Apply] = {
    "copyPaste": copy_paste,
    "cutPaste": cut_paste,
    "insertRange": insert_range,
    "deleteRange": delete_range,
    "mergeCells": merge_cells,
    "unmergeCells": unmerge_cells,
    "addNamedRange": add_named_range,
    "updateNamedRange": update_named_range,
    "deleteNamedRange": delete_named_range,
}
