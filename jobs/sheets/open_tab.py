"""A tab as it was read, and kept in step with what is written to it since."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.errors import WorkbookFull
from jobs.sheets.index import TabIndex
from jobs.sheets.layout import Layout
from jobs.sheets.requests import HEADER_ROWS
from jobs.sheets.system_cell import content_of
from jobs.sheets.workbook import MAX_CELLS, Tab, Workbook, quoted


@dataclass(slots=True)
class OpenTab:
    workbook: Workbook
    tab: Tab
    layout: Layout
    grid_rows: int
    """Rows of the grid, with the header and blank ones."""
    index: TabIndex = field(default_factory=TabIndex)
    places: Sequence[int | None] = ()
    """Where each column of the automation was found; None for one that a dry run did not make."""
    system_place: int | None = None

    @property
    def header_row(self) -> str:
        return f"{quoted(self.tab.title)}!1:1"

    def ensure_room(self, *, rows: int) -> None:
        """Raises WorkbookFull when so many more rows would not fit into the spreadsheet."""
        ours = (self.grid_rows + max(0, rows)) * self.tab.column_count
        if self.workbook.cells_beside(self.tab.sheet_id) + ours > MAX_CELLS:
            raise WorkbookFull

    def system_range(self, first: int, end: int) -> str:
        """Those rows of the system column; to the end of the grid where the index ends."""
        end_row = end + HEADER_ROWS if end < len(self.index) else None
        return self.tab.range(first + HEADER_ROWS, end_row, self.layout.system)

    def holds(self, first: int, end: int, texts: Sequence[object]) -> bool:
        """Whether the system cells of [first, end) are those of the index, and below them none is ours.

        Trailing empty cells were not sent.
        """
        found = [content_of(text) for text in texts]
        missing = max(0, end - first - len(found))
        return not any(found[end - first :]) and self.index.agrees(first, found[: end - first] + [0] * missing)
