"""Requests about rows and columns as such: insert, delete, append, move, size, hide, group."""

from infra.local.sheets.errors import Json, invalid, required
from infra.local.sheets.masks import overlaid
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.rows import EMPTY, Cell, Row
from infra.local.sheets.sheet import Sheet
from infra.local.sheets.shifts import Dimension, Move, Splice

INHERITED = ("pixelSize",)
FROZEN_COUNTS: dict[Dimension, str] = {"ROWS": "frozenRowCount", "COLUMNS": "frozenColumnCount"}


def insert_dimension(draft: Draft, request: Json) -> Json:
    lines = required(request, "range")
    sheet = draft.sheet(lines.get("sheetId", 0))
    dimension: Dimension = required(lines, "dimension")
    start, end = lines.get("startIndex"), lines.get("endIndex")
    before = request.get("inheritFromBefore", False)
    if start is None:
        raise invalid("range.startIndex must be set")
    if end is None or end <= start:
        raise invalid(f"range.endIndex[{end}] must be greater than range.startIndex[{start}]")
    size = sheet.lines(dimension)
    if start > size:
        raise invalid(f"range.startIndex is larger than current grid size ({size})")
    if start == size and not before:
        raise invalid(f"range.startIndex must be less than the grid size ({size}) if inheritFromBefore is false.")
    if start == 0 and before:
        raise invalid("range.startIndex cannot be 0 if inheritFromBefore is true.")
    insert(draft, sheet, dimension, start, end - start, like=start - 1 if before else start)
    return {}


def insert(draft: Draft, sheet: Sheet, dimension: Dimension, at: int, count: int, *, like: int) -> None:
    """`count` blank lines at `at`, with the formats, validations and size of the line `like`."""
    if dimension == "ROWS":
        sheet.grid.splice(at, inserted=[blank_like(sheet.grid.row(like))] * count)
        draft.spreadsheet.check_size()
    else:
        sheet.grid.column_count += count
        draft.spreadsheet.check_size()
        sheet.grid.edit_columns(
            lambda row: row.with_columns_spliced(at, removed=0, inserted=[blank_cell(row.cell(like))] * count)
        )
    properties = inherited(sheet.line_properties(dimension, like)) if dimension == "COLUMNS" else {}
    draft.spreadsheet.follow(Splice(sheet.sheet_id, dimension, at, inserted=count))
    if properties:
        sheet.columns.update(dict.fromkeys(range(at, at + count), properties))


def blank_like(row: Row) -> Row:
    validations = {
        column: {"dataValidation": extras["dataValidation"]}
        for column, extras in row.extras.items()
        if "dataValidation" in extras
    }
    properties = inherited(row.properties)
    if not (row.formats or validations or properties):
        return EMPTY
    return Row(formats=row.formats, extras=validations, properties=properties)


def blank_cell(cell: Cell) -> Cell:
    validation = (cell.extras or {}).get("dataValidation")
    return Cell(None, cell.format, {"dataValidation": validation} if validation else None)


def inherited(properties: Json) -> Json:
    return {name: properties[name] for name in INHERITED if name in properties}


def delete_dimension(draft: Draft, request: Json) -> Json:
    lines = required(request, "range")
    check_exist(draft, lines)
    sheet, dimension, start, end = draft.lines(lines)
    count = end - start
    if count == sheet.lines(dimension):
        raise invalid(f"You can't delete all the {dimension.lower()} on the sheet.")
    draft.check_lines(sheet, dimension, start, end)
    unfreeze(sheet, dimension, start, end)
    if dimension == "ROWS":
        sheet.grid.splice(start, removed=count)
    else:
        sheet.grid.column_count -= count
        sheet.grid.edit_columns(lambda row: row.with_columns_spliced(start, removed=count, inserted=()))
    draft.spreadsheet.follow(Splice(sheet.sheet_id, dimension, start, removed=count))
    return {}


def unfreeze(sheet: Sheet, dimension: Dimension, start: int, end: int) -> None:
    """Lines that go are no longer frozen; one line that is not must be left."""
    count = FROZEN_COUNTS[dimension]
    grid_properties = sheet.properties.get("gridProperties", {})
    frozen = grid_properties.get(count, 0)
    if start <= frozen and end == sheet.lines(dimension):
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {dimension.lower()}.")
    if start < frozen:
        left = frozen - (min(end, frozen) - start)
        sheet.properties = {**sheet.properties, "gridProperties": {**grid_properties, count: left}}


def check_exist(draft: Draft, lines: Json) -> None:
    """Deletion has words of its own for lines that are not there, as when someone else was faster."""
    noun = {"ROWS": "row", "COLUMNS": "column"}.get(required(lines, "dimension"))
    start, count = lines.get("startIndex", 0), draft.sheet(lines.get("sheetId", 0)).lines(lines["dimension"])
    if noun and start >= count:
        raise invalid(
            f"Cannot delete a {noun} that doesn't exist. "
            f"Tried to delete {noun} index {start} but there are only {count} {noun}s."
        )


def append_dimension(draft: Draft, request: Json) -> Json:
    sheet = draft.sheet(request.get("sheetId", 0))
    count = request.get("length", 0)
    if count <= 0:
        raise invalid("length must be greater than 0.")
    last = sheet.lines(required(request, "dimension"))
    insert(draft, sheet, required(request, "dimension"), last, count, like=last - 1)
    return {}


def move_dimension(draft: Draft, request: Json) -> Json:
    sheet, dimension, start, end = draft.lines(required(request, "source"))
    to = request.get("destinationIndex", 0)
    if start <= to <= end:
        return {}
    if to > sheet.lines(dimension):
        raise invalid(f"destinationIndex is larger than current grid size ({sheet.lines(dimension)})")
    draft.check_lines(sheet, dimension, start, end)
    move = Move(sheet.sheet_id, dimension, start, end, to)
    if dimension == "ROWS":
        rows = [sheet.grid.row(index) for index in range(start, end)]
        sheet.grid.splice(start, removed=end - start)
        sheet.grid.splice(move.destination, inserted=rows)
    else:
        sheet.grid.edit_columns(lambda row: with_columns_moved(row, move))
    draft.spreadsheet.follow(move)
    return {}


def with_columns_moved(row: Row, move: Move) -> Row:
    moved = row.cells(move.start, move.end)
    rest = row.with_columns_spliced(move.start, removed=len(moved), inserted=())
    return rest.with_columns_spliced(move.destination, removed=0, inserted=moved)


def update_dimension_properties(draft: Draft, request: Json) -> Json:
    if "range" not in request:
        raise invalid("Must specify a range.")
    sheet, dimension, start, end = draft.lines(required(request, "range"))
    mask = draft.mask(request, "DimensionProperties")
    new = request.get("properties", {})

    def changed(present: Json) -> Json:
        return {name: value for name, value in overlaid(present, new, mask).items() if value}

    if dimension == "ROWS":
        sheet.grid.edit(start, end, lambda row: row.with_properties(changed(row.properties)))
    else:
        sheet.columns.update({column: changed(sheet.columns.get(column, {})) for column in range(start, end)})
    return {}


def auto_resize_dimensions(draft: Draft, request: Json) -> Json:
    """No fonts here: a column gets about seven pixels a character of its longest text."""
    sheet, dimension, start, end = draft.lines(required(request, "dimensions"))
    if dimension == "ROWS":
        return {}
    for column in range(start, end):
        texts = (row.value(column) for row in sheet.grid.rows(0, sheet.grid.row_count))
        longest = max((len(str(text)) for text in texts if text is not None), default=0)
        if longest:
            sheet.columns[column] = {**sheet.columns.get(column, {}), "pixelSize": 7 * longest + 6}
    return {}


def add_dimension_group(draft: Draft, request: Json) -> Json:
    sheet, dimension, start, end = draft.lines(required(request, "range"))
    depth = 1 + max((group["depth"] for group in groups_of(sheet, dimension) if covers(group, start, end)), default=0)
    lines = {"dimension": dimension, "startIndex": start, "endIndex": end}
    if sheet.sheet_id:
        lines = {"sheetId": sheet.sheet_id, **lines}
    set_groups(sheet, dimension, [*groups_of(sheet, dimension), {"range": lines, "depth": depth}])
    control = "rowGroupControlAfter" if dimension == "ROWS" else "columnGroupControlAfter"
    grid_properties = {**sheet.properties.get("gridProperties", {}), control: True}
    sheet.properties = {**sheet.properties, "gridProperties": grid_properties}
    return {"dimensionGroups": groups_of(sheet, dimension)}


def delete_dimension_group(draft: Draft, request: Json) -> Json:
    sheet, dimension, start, end = draft.lines(required(request, "range"))
    groups = groups_of(sheet, dimension)
    inside = [group for group in groups if covers(group, start, end)]
    if not inside:
        raise invalid("The dimension group does not exist.")
    deepest = max(inside, key=lambda group: int(group["depth"]))
    set_groups(sheet, dimension, [group for group in groups if group is not deepest])
    left = groups_of(sheet, dimension)
    return {"dimensionGroups": left} if left else {}


def groups_of(sheet: Sheet, dimension: Dimension) -> list[Json]:
    return sheet.row_groups if dimension == "ROWS" else sheet.column_groups


def set_groups(sheet: Sheet, dimension: Dimension, groups: list[Json]) -> None:
    if dimension == "ROWS":
        sheet.row_groups = groups
    else:
        sheet.column_groups = groups


def covers(group: Json, start: int, end: int) -> bool:
    lines = group["range"]
    return bool(lines["startIndex"] <= start and end <= lines["endIndex"])


DIMENSION_REQUESTS: dict[str, Apply] = {
    "insertDimension": insert_dimension,
    "deleteDimension": delete_dimension,
    "appendDimension": append_dimension,
    "moveDimension": move_dimension,
    "updateDimensionProperties": update_dimension_properties,
    "autoResizeDimensions": auto_resize_dimensions,
    "addDimensionGroup": add_dimension_group,
    "deleteDimensionGroup": delete_dimension_group,
}
