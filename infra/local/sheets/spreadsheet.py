"""A spreadsheet: its tabs, what is named or noted in it, and who may do what.

A write works on a draft (`draft()`), which becomes the spreadsheet when everything in it was possible, and is
dropped otherwise: that is what makes a batch all or nothing.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count

from infra.local.sheets.a1 import Reference, parse_reference, quoted, split_title, unquoted
from infra.local.sheets.areas import Area, as_google_writes
from infra.local.sheets.errors import Json, invalid
from infra.local.sheets.formulas import shifted_formula
from infra.local.sheets.grid import Grid
from infra.local.sheets.sheet import Sheet, follow_ranged
from infra.local.sheets.shifts import Shift, shifted_lines

MAX_CELLS = 10_000_000
MAX_TITLE = 100
NEW_ROWS = 1000
NEW_COLUMNS = 26


@dataclass(frozen=True)
class Sharing:
    """Who may do what; a spreadsheet without an owner is open to all."""

    owner: str | None = None
    editors: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()

    def may_read(self, user: str) -> bool:
        return self.may_edit(user) or user in self.readers

    def may_edit(self, user: str) -> bool:
        return self.owner is None or user == self.owner or user in self.editors


@dataclass
class Spreadsheet:
    spreadsheet_id: str
    properties: Json
    sharing: Sharing = Sharing()
    sheets: list[Sheet] = field(default_factory=list)
    named_ranges: list[Json] = field(default_factory=list)
    developer_metadata: list[Json] = field(default_factory=list)
    block_numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def draft(self) -> "Spreadsheet":
        return replace(
            self,
            properties=dict(self.properties),
            sheets=[sheet.copy() for sheet in self.sheets],
            named_ranges=list(self.named_ranges),
            developer_metadata=list(self.developer_metadata),
        )

    @property
    def cell_count(self) -> int:
        return sum(sheet.cell_count for sheet in self.sheets)

    def check_size(self) -> None:
        if self.cell_count > MAX_CELLS:
            raise invalid(
                f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
            )

    def new_grid(self, row_count: int, column_count: int) -> Grid:
        return Grid(row_count, column_count, numbers=self.block_numbers)

    def find_sheet(self, sheet_id: int) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.sheet_id == sheet_id), None)

    def sheet(self, sheet_id: int) -> Sheet:
        found = self.find_sheet(sheet_id)
        if found is None:
            raise invalid(f"No grid with id: {sheet_id}")
        return found

    def sheet_titled(self, title: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.title.lower() == title.lower()), None)

    def unused_id(self) -> int:
        """An id as the server picks them, used by no tab, filter or range."""
        return random.randrange(1, 2**31 - 1)

    def area_at(self, text: str) -> Area:
        """The area that A1 notation means, its ends cut to the grid."""
        return self.place_at(text)[0]

    def place_at(self, text: str) -> tuple[Area, Reference | None]:
        """The area, and the reference as it was written; None for a whole tab and a named range."""
        title, cells = split_title(text)
        if title is None:
            whole = self.sheet_titled(unquoted(text))
            if whole is not None:
                return whole.whole(), None
        sheet = self.sheets[0] if title is None else self.sheet_titled(title)
        reference = parse_reference(cells)
        if sheet is not None and reference is not None:
            return sheet.area_of(reference, cells), reference
        for named in self.named_ranges:
            if sheet is not None and named["name"].lower() == cells.lower():
                grid_range = named["range"]
                return self.sheet(grid_range.get("sheetId", 0)).area(grid_range), None
        raise invalid(f"Unable to parse range: {text}")

    def follow(self, shift: Shift) -> None:
        """Everything that hangs on the lines of one tab goes along, wherever in the spreadsheet it is kept."""
        for sheet in self.sheets:
            sheet.follow(shift)
        self.named_ranges = [moved for item in self.named_ranges if (moved := follow_ranged(item, shift))]
        self.developer_metadata = [kept for item in self.developer_metadata if (kept := follow_metadata(item, shift))]
        title = self.sheet(shift.sheet_id).title
        for sheet in self.sheets:
            sheet.grid.rewrite_formulas(partial(shifted_formula, shift=shift, title=title, home=sheet.title))

    def free_title(self, wanted: str | None) -> str:
        if wanted is None:
            number = len(self.sheets) + 1
            while self.sheet_titled(f"Sheet{number}"):
                number += 1
            return f"Sheet{number}"
        if self.sheet_titled(wanted):
            raise invalid(f'A sheet with the name "{wanted}" already exists. Please enter another name.')
        if len(wanted) > MAX_TITLE:
            raise invalid(f"The sheet name cannot be greater than {MAX_TITLE} characters.")
        return wanted

    def full_text(self, area: Area, cells: str) -> str:
        return f"{quoted(self.sheet(area.sheet_id).title)}!{cells}"


def follow_metadata(item: Json, shift: Shift) -> Json | None:
    """Metadata of a row or column lives and dies with it."""
    lines = item["location"].get("dimensionRange")
    if lines is None:
        return item
    moved = shifted_lines(lines, shift)
    if moved is None:
        return None
    return {**item, "location": {**item["location"], "dimensionRange": as_google_writes(moved)}}
