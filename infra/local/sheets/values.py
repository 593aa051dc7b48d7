"""Reading and writing plain values: what `spreadsheets.values` is about."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from infra.local.sheets.a1 import Reference, cells_text, column_letters
from infra.local.sheets.areas import Area
from infra.local.sheets.entry import stored, typed
from infra.local.sheets.errors import Json, invalid
from infra.local.sheets.evaluation import CellError, Evaluator
from infra.local.sheets.number_formats import is_date, shown
from infra.local.sheets.protection import Editor
from infra.local.sheets.rows import BLANK, Cell, Formula, Row, Scalar
from infra.local.sheets.sheet import Sheet
from infra.local.sheets.spreadsheet import Spreadsheet

Matrix = list[list[Any]]
Render = Callable[[Row, int], Scalar]


@dataclass(frozen=True)
class Rendering:
    dimension: str = "ROWS"
    values: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"

    @classmethod
    def of(cls, options: Json, *, prefix: str = "") -> "Rendering":
        """From the parameters of a call; `prefix` is "response" where they describe what a write answers."""

        def option(name: str) -> str:
            key = prefix + name[0].upper() + name[1:] if prefix else name
            return str(options.get(key, ""))

        return cls(
            dimension="COLUMNS" if options.get("majorDimension") == "COLUMNS" else "ROWS",
            values=option("valueRenderOption") or "FORMATTED_VALUE",
            dates=option("dateTimeRenderOption") or "SERIAL_NUMBER",
        )


def range_text(spreadsheet: Spreadsheet, area: Area) -> str:
    """`Sheet1!A1:B2`."""
    return spreadsheet.full_text(area, cells_text(top=area.top, left=area.left, bottom=area.bottom, right=area.right))


def read_range(spreadsheet: Spreadsheet, area: Area, rendering: Rendering) -> Json:
    """A ValueRange; `values` is absent where there are none."""
    sheet = spreadsheet.sheet(area.sheet_id)
    render = renderer(sheet, Evaluator(spreadsheet), rendering)
    columns = area.columns
    matrix: Matrix = [[render(row, column) for column in columns] for row in sheet.grid.rows(area.top, area.bottom)]
    if rendering.dimension == "COLUMNS":
        matrix = [list(column) for column in zip(*matrix, strict=True)]
    value_range: Json = {"range": range_text(spreadsheet, area), "majorDimension": rendering.dimension}
    values = trimmed(matrix)
    if values:
        value_range["values"] = values
    return value_range


def trimmed(matrix: Iterable[list[Any]]) -> Matrix:
    """Without the empty cells that end a line and the empty lines at the end."""
    lines = list(matrix)
    for line in lines:
        while line and line[-1] == "":
            line.pop()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def renderer(sheet: Sheet, evaluator: Evaluator, rendering: Rendering) -> Render:
    formatted = rendering.values == "FORMATTED_VALUE"
    formulas = rendering.values == "FORMULA"
    written_dates = rendering.dates == "FORMATTED_STRING"

    def render(row: Row, column: int) -> Scalar:
        values = row.values
        value = values[column] if column < len(values) else None
        if value is None:
            return ""
        if value.__class__ is str:
            return value
        if isinstance(value, Formula) and formulas:
            return value.text
        result = evaluator.result(value, sheet)
        format_ = row.format(column)
        number_format = None if format_ is None else format_.get("numberFormat")
        if formatted or isinstance(result, CellError) or (written_dates and is_date(number_format)):
            return shown(result, number_format)
        return "" if result is None else result

    return render


def write_range(draft: Spreadsheet, area: Area, rows: Matrix, *, typed_in: bool, editor: Editor) -> tuple[Area, int]:
    """Put `rows` at the top left of `area`; returns what they cover and how many cells they wrote: nulls write none."""
    height, width = len(rows), max((len(row) for row in rows), default=0)
    covered = Area(area.sheet_id, area.top, area.left, area.top + max(height, 1), area.left + max(width, 1))
    if not height or not width:
        return covered, 0
    editor.check(draft, covered)
    grid = draft.sheet(area.sheet_id).grid
    written = 0
    for index, values in enumerate(rows):
        row = grid.row(area.top + index)
        cells = row.cells(area.left, area.left + len(values))
        for offset, value in enumerate(values):
            if value is None:
                continue
            check_scalar(value, index, offset)
            cells[offset] = entered(cells[offset], value, typed_in=typed_in)
            written += 1
        grid.replace(area.top + index, [row.with_cells(area.left, cells)])
    return covered, written


def check_scalar(value: Any, row: int, column: int) -> None:
    if isinstance(value, dict | list):
        kind = "struct_value" if isinstance(value, dict) else "list_value"
        raise invalid(f"Invalid values[{row}][{column}]: {kind} {{}}")


def entered(cell: Cell, value: Scalar, *, typed_in: bool) -> Cell:
    """The cell with a new value; typing a date or an amount also gives it a number format, where it has none."""
    if not typed_in:
        return Cell(stored(value), cell.format, cell.extras)
    present = (cell.format or {}).get("numberFormat")
    new, number_format = typed(value, as_text=(present or {}).get("type") == "TEXT")
    format_ = {**(cell.format or {}), "numberFormat": number_format} if number_format and not present else cell.format
    return Cell(new, format_, cell.extras)


def as_rows(values: Matrix, dimension: str) -> Matrix:
    if dimension != "COLUMNS":
        return values
    height = max((len(column) for column in values), default=0)
    return [[column[index] if index < len(column) else None for column in values] for index in range(height)]


def check_fits(draft: Spreadsheet, area: Area, rows: Matrix, reference: Reference | None) -> None:
    """A range of one cell is only where to start; any other bounds what may be written, and the grid always does."""
    sheet = draft.sheet(area.sheet_id)
    start_only = reference is not None and reference.single
    bottom = sheet.grid.row_count if start_only else area.bottom
    right = sheet.grid.column_count if start_only else area.right
    within = f"Requested writing within range [{range_text(draft, area)}], but tried writing to"
    if area.top + len(rows) > bottom:
        raise invalid(f"{within} row [{bottom + 1}]")
    if area.left + max((len(row) for row in rows), default=0) > right:
        raise invalid(f"{within} column [{column_letters(right)}]")


def clear_values(draft: Spreadsheet, area: Area, *, editor: Editor) -> None:
    """Values go; formats and notes stay."""
    editor.check(draft, area)
    blank = [BLANK.value] * area.width

    def cleared(row: Row) -> Row:
        return row.with_values(area.left, blank) if len(row.values) > area.left else row

    draft.sheet(area.sheet_id).grid.edit(area.top, area.bottom, cleared)
