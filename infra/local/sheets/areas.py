"""A rectangle of cells of one tab, half open, with every bound known."""

from dataclasses import dataclass

from infra.local.sheets.errors import Json


@dataclass(frozen=True, slots=True)
class Area:
    sheet_id: int
    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def rows(self) -> range:
        return range(self.top, self.bottom)

    @property
    def columns(self) -> range:
        return range(self.left, self.right)

    def meets(self, other: "Area") -> bool:
        return (
            self.sheet_id == other.sheet_id
            and self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )

    def contains(self, other: "Area") -> bool:
        return (
            self.sheet_id == other.sheet_id
            and self.top <= other.top
            and other.bottom <= self.bottom
            and self.left <= other.left
            and other.right <= self.right
        )

    def grid_range(self) -> Json:
        """As Google writes it: indexes always, a sheetId of 0 never."""
        bounds = {
            "startRowIndex": self.top,
            "endRowIndex": self.bottom,
            "startColumnIndex": self.left,
            "endColumnIndex": self.right,
        }
        return {"sheetId": self.sheet_id, **bounds} if self.sheet_id else bounds


def area_of(grid_range: Json, *, row_count: int, column_count: int) -> Area:
    """A missing start is the first, a missing end the last row or column; ends beyond the tab are its edge."""
    return Area(
        sheet_id=grid_range.get("sheetId", 0),
        top=grid_range.get("startRowIndex", 0),
        left=grid_range.get("startColumnIndex", 0),
        bottom=min(grid_range.get("endRowIndex", row_count), row_count),
        right=min(grid_range.get("endColumnIndex", column_count), column_count),
    )


def as_google_writes(grid_range: Json) -> Json:
    """A range without its sheetId where that is 0."""
    return {key: value for key, value in grid_range.items() if key != "sheetId" or value}
