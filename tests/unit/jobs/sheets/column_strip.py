"""A model of a tab's columns under the requests that lay them out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobs.sheets.workbook import COLUMN_KEY, Tab

Json = dict[str, Any]


@dataclass
class StripColumn:
    """`owner` is what a person calls a column of theirs."""

    owner: str = ""
    header: str = ""
    marks: set[str] = field(default_factory=set)
    hidden: bool = False
    number_format: Json | None = None


class ColumnStrip:
    def __init__(self, columns: Sequence[StripColumn] = ()) -> None:
        self.columns = list(columns)
        self.frozen_rows = 0

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]

    def tab(self, **changes: Any) -> Tab:
        """As the workbook would tell it."""
        marked = {mark: place for place, column in enumerate(self.columns) for mark in column.marks}
        known: dict[str, Any] = {"sheet_id": 7, "title": "Orders", "row_count": 20, "column_count": len(self.columns)}
        return Tab(**known | {"marked_columns": marked} | changes)

    def carry_out(self, requests: Sequence[Json]) -> None:
        for request in requests:
            ((kind, asked),) = request.items()
            _REQUESTS[kind](self, asked)

    def add_sheet(self, asked: Json) -> None:
        grid = asked["properties"]["gridProperties"]
        self.columns = [StripColumn() for _ in range(grid["columnCount"])]
        self.frozen_rows = grid["frozenRowCount"]

    def update_sheet(self, asked: Json) -> None:
        assert asked["fields"] == "gridProperties.frozenRowCount"
        self.frozen_rows = asked["properties"]["gridProperties"]["frozenRowCount"]

    def append_dimension(self, asked: Json) -> None:
        assert asked["dimension"] == "COLUMNS"
        self.columns += [StripColumn() for _ in range(asked["length"])]

    def insert_dimension(self, asked: Json) -> None:
        place = self._place(asked["range"], of=len(self.columns) + 1)
        assert asked["inheritFromBefore"] == (place > 0), "there is no column before the first"
        self.columns.insert(place, StripColumn())

    def update_cells(self, asked: Json) -> None:
        assert asked["start"]["rowIndex"] == 0
        assert asked["fields"] == "userEnteredValue,userEnteredFormat.textFormat.bold"
        ((cell,),) = [row["values"] for row in asked["rows"]]
        self.columns[asked["start"]["columnIndex"]].header = cell["userEnteredValue"]["stringValue"]

    def create_metadata(self, asked: Json) -> None:
        made = asked["developerMetadata"]
        assert made["metadataKey"] == COLUMN_KEY
        self.columns[self._place(made["location"]["dimensionRange"])].marks.add(made["metadataValue"])

    def delete_metadata(self, asked: Json) -> None:
        lookup = asked["dataFilter"]["developerMetadataLookup"]
        assert lookup["metadataKey"] == COLUMN_KEY
        for column in self.columns:
            column.marks.discard(lookup["metadataValue"])

    def update_dimension(self, asked: Json) -> None:
        assert asked["fields"] == "hiddenByUser"
        self.columns[self._place(asked["range"])].hidden = asked["properties"]["hiddenByUser"]

    def repeat_cell(self, asked: Json) -> None:
        assert asked["fields"] == "userEnteredFormat.numberFormat"
        assert asked["range"]["startRowIndex"] == 1, "the header keeps its format"
        for column in self.columns[asked["range"]["startColumnIndex"] : asked["range"]["endColumnIndex"]]:
            column.number_format = asked["cell"].get("userEnteredFormat", {}).get("numberFormat")

    def _place(self, area: Json, *, of: int | None = None) -> int:
        assert area["dimension"] == "COLUMNS"
        assert area["endIndex"] == area["startIndex"] + 1
        place = int(area["startIndex"])
        assert 0 <= place < (of or len(self.columns))
        return place


_REQUESTS: dict[str, Callable[[ColumnStrip, Json], None]] = {
    "addSheet": ColumnStrip.add_sheet,
    "updateSheetProperties": ColumnStrip.update_sheet,
    "appendDimension": ColumnStrip.append_dimension,
    "insertDimension": ColumnStrip.insert_dimension,
    "updateCells": ColumnStrip.update_cells,
    "createDeveloperMetadata": ColumnStrip.create_metadata,
    "deleteDeveloperMetadata": ColumnStrip.delete_metadata,
    "updateDimensionProperties": ColumnStrip.update_dimension,
    "repeatCell": ColumnStrip.repeat_cell,
}
