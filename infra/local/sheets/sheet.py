"""One tab: its grid and everything that hangs on it.

What the lists and dictionaries here hold is never changed in place, only replaced: so a copy of a tab costs little.
"""

from dataclasses import dataclass, field, replace

from infra.local.sheets.a1 import Reference, cells_text, open_text, quoted
from infra.local.sheets.areas import Area, area_of
from infra.local.sheets.errors import ApiError, Json, invalid
from infra.local.sheets.grid import Grid
from infra.local.sheets.shifts import Shift, shifted_lines, shifted_range

DEFAULT_PIXELS = {"ROWS": 21, "COLUMNS": 100}


@dataclass(eq=False)
class Sheet:
    properties: Json
    """SheetProperties, without index and without the counts of gridProperties, which are the grid's."""
    grid: Grid
    columns: dict[int, Json] = field(default_factory=dict)
    """DimensionProperties of the columns that have any."""
    merges: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None
    filter_views: list[Json] = field(default_factory=list)
    protected_ranges: list[Json] = field(default_factory=list)
    conditional_formats: list[Json] = field(default_factory=list)
    row_groups: list[Json] = field(default_factory=list)
    column_groups: list[Json] = field(default_factory=list)

    @property
    def sheet_id(self) -> int:
        sheet_id: int = self.properties["sheetId"]
        return sheet_id

    @property
    def title(self) -> str:
        title: str = self.properties["title"]
        return title

    @property
    def cell_count(self) -> int:
        return self.grid.row_count * self.grid.column_count

    def filled(self) -> tuple[int, int]:
        """The last row and the last column with a value, counted from 1; 0 in an empty tab."""
        last_row = last_column = 0
        for number, row in enumerate(self.grid.rows(0, self.grid.row_count), start=1):
            column = next((at for at in range(len(row.values), 0, -1) if row.values[at - 1] is not None), 0)
            if column:
                last_row, last_column = number, max(last_column, column)
        return last_row, last_column

    def copy(self) -> "Sheet":
        return replace(
            self,
            grid=self.grid.copy(),
            columns=dict(self.columns),
            merges=list(self.merges),
            filter_views=list(self.filter_views),
            protected_ranges=list(self.protected_ranges),
            conditional_formats=list(self.conditional_formats),
            row_groups=list(self.row_groups),
            column_groups=list(self.column_groups),
        )

    def whole(self) -> Area:
        return Area(self.sheet_id, 0, 0, self.grid.row_count, self.grid.column_count)

    def area(self, grid_range: Json) -> Area:
        return area_of(grid_range, row_count=self.grid.row_count, column_count=self.grid.column_count)

    def area_within(self, grid_range: Json) -> Area:
        """The area of a range that must start inside the grid."""
        area = self.area(grid_range)
        if area.top >= self.grid.row_count or area.left >= self.grid.column_count:
            raise self.exceeded(open_text(grid_range))
        return area

    def area_of(self, reference: Reference, text: str) -> Area:
        """The area of a reference that must start inside the grid; `text` is how it was written."""
        grid = self.grid
        top, left = reference.top or 0, reference.left or 0
        if top >= grid.row_count or left >= grid.column_count:
            raise self.exceeded(text.replace("$", "").upper())
        bottom = grid.row_count if reference.bottom is None else min(reference.bottom, grid.row_count)
        right = grid.column_count if reference.right is None else min(reference.right, grid.column_count)
        return Area(self.sheet_id, top, left, bottom, right)

    def exceeded(self, cells: str) -> ApiError:
        limits = f"Max rows: {self.grid.row_count}, max columns: {self.grid.column_count}"
        return invalid(f"Range ({quoted(self.title)}!{cells}) exceeds grid limits. {limits}")

    def exceeded_at(self, row: int, column: int) -> ApiError:
        return self.exceeded(cells_text(top=row, left=column, bottom=row + 1, right=column + 1))

    def lines(self, dimension: str) -> int:
        return self.grid.row_count if dimension == "ROWS" else self.grid.column_count

    def line_properties(self, dimension: str, index: int) -> Json:
        return self.grid.row(index).properties if dimension == "ROWS" else self.columns.get(index, {})

    def follow(self, shift: Shift) -> None:
        """Move what hangs on lines after the lines moved; the cells themselves are the caller's business."""
        if shift.sheet_id == self.sheet_id:
            self.merges = [moved for merge in self.merges if (moved := shifted_range(merge, shift))]
            self.row_groups = follow_groups(self.row_groups, shift)
            self.column_groups = follow_groups(self.column_groups, shift)
            if shift.dimension == "COLUMNS":
                self.columns = follow_columns(self.columns, shift)
        if self.basic_filter is not None:
            self.basic_filter = follow_filter(self.basic_filter, shift)
        self.filter_views = [moved for view in self.filter_views if (moved := follow_filter(view, shift))]
        self.protected_ranges = [moved for item in self.protected_ranges if (moved := follow_ranged(item, shift))]
        self.conditional_formats = [moved for rule in self.conditional_formats if (moved := follow_rule(rule, shift))]


def follow_columns(columns: dict[int, Json], shift: Shift) -> dict[int, Json]:
    moved = {}
    for index, properties in columns.items():
        interval = shift.interval(index, index + 1)
        if interval is not None:
            moved[interval[0]] = properties
    return moved


def follow_ranged(item: Json, shift: Shift) -> Json | None:
    """Something with a `range`, such as a protected range; its unprotected ranges go along."""
    if "range" not in item:
        return item
    moved = shifted_range(item["range"], shift)
    if moved is None:
        return None
    result = {**item, "range": moved}
    if "unprotectedRanges" in item:
        result["unprotectedRanges"] = [
            kept for part in item["unprotectedRanges"] if (kept := shifted_range(part, shift))
        ]
    return result


def follow_rule(rule: Json, shift: Shift) -> Json | None:
    ranges = [moved for part in rule.get("ranges", []) if (moved := shifted_range(part, shift))]
    return {**rule, "ranges": ranges} if ranges else None


def follow_filter(item: Json, shift: Shift) -> Json | None:
    """A filter's criteria and sort orders name columns of the tab, and follow them."""
    moved = follow_ranged(item, shift)
    if moved is None or shift.dimension == "ROWS" or item.get("range", {}).get("sheetId", 0) != shift.sheet_id:
        return moved
    if "criteria" in moved:
        moved["criteria"] = {
            str(interval[0]): criterion
            for column, criterion in moved["criteria"].items()
            if (interval := shift.interval(int(column), int(column) + 1))
        }
    for key, column in (("sortSpecs", "dimensionIndex"), ("filterSpecs", "columnIndex")):
        if key in moved:
            moved[key] = [
                {**spec, column: interval[0]}
                for spec in moved[key]
                if (interval := shift.interval(spec.get(column, 0), spec.get(column, 0) + 1))
            ]
    return moved


def follow_groups(groups: list[Json], shift: Shift) -> list[Json]:
    return [{**group, "range": moved} for group in groups if (moved := shifted_lines(group["range"], shift))]
