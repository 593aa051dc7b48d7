"""What a request works on: the draft, who edits, and how requests name places in it."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.local.sheets.areas import Area
from infra.local.sheets.errors import Json, invalid
from infra.local.sheets.masks import Mask, read_mask
from infra.local.sheets.protection import Editor
from infra.local.sheets.schemas import Schemas
from infra.local.sheets.sheet import Sheet
from infra.local.sheets.shifts import Dimension
from infra.local.sheets.spreadsheet import Spreadsheet


@dataclass(frozen=True)
class Draft:
    """`request` arguments of the apply functions are the body of one kind; their result is the reply's body."""

    spreadsheet: Spreadsheet
    editor: Editor
    schemas: Schemas

    def sheet(self, sheet_id: int) -> Sheet:
        return self.spreadsheet.sheet(sheet_id)

    def area(self, grid_range: Json) -> Area:
        """A range to change: it must start inside the grid, and be open to this editor."""
        area = self.sheet(grid_range.get("sheetId", 0)).area_within(grid_range)
        self.editor.check(self.spreadsheet, area)
        return area

    def lines(self, dimension_range: Json) -> tuple[Sheet, Dimension, int, int]:
        """(tab, dimension, start, end) of lines, the first of which must exist; the end is cut to the grid."""
        sheet = self.sheet(dimension_range.get("sheetId", 0))
        dimension = dimension_range.get("dimension")
        if dimension not in {"ROWS", "COLUMNS"}:
            raise invalid("range.dimension must be specified.")
        count = sheet.lines(dimension)
        start = dimension_range.get("startIndex", 0)
        end = dimension_range.get("endIndex", count)
        if start < 0 or end <= start:
            raise invalid(f"range.endIndex[{end}] must be greater than range.startIndex[{start}]")
        if start >= count:
            raise invalid(f"range.startIndex[{start}] must be less than the grid size ({count}).")
        return sheet, dimension, start, min(end, count)

    def check_lines(self, sheet: Sheet, dimension: Dimension, start: int, end: int) -> None:
        """Whole rows or columns, open to this editor?"""
        grid = sheet.grid
        if dimension == "ROWS":
            self.editor.check(self.spreadsheet, Area(sheet.sheet_id, start, 0, end, grid.column_count))
        else:
            self.editor.check(self.spreadsheet, Area(sheet.sheet_id, 0, start, grid.row_count, end))

    def mask(self, request: Json, message: str) -> Mask:
        """The `fields` of an update, which must name something."""
        text = request.get("fields", "")
        if not text:
            raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
        return read_mask(text, self.schemas, message)


Apply = Callable[[Draft, Json], Json]
