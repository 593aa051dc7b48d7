"""A model of a tab under the requests that batches are made of: what Google's documentation says they do, and no more.

https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/request
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import msgspec

Json = dict[str, Any]


@dataclass
class GridCell:
    value: Json = field(default_factory=dict)
    """A userEnteredValue, or nothing."""
    number_format: Json | None = None
    struck: bool = False

    @property
    def shown(self) -> object:
        return next(iter(self.value.values()), None)

    def blank(self) -> "GridCell":
        return GridCell(number_format=self.number_format, struck=self.struck)


@dataclass
class GridRow:
    """`origin` tells a row apart from the others wherever it moves; one that was inserted has none."""

    cells: list[GridCell]
    origin: int | None = None

    def values(self, columns: Sequence[int]) -> list[Json]:
        return [self.cells[column].value for column in columns]


class Grid:
    """A header and the rows below it. A request that Google would refuse fails an assertion."""

    def __init__(self, rows: Sequence[GridRow], *, width: int) -> None:
        self.rows = [GridRow([GridCell() for _ in range(width)]), *deepcopy(list(rows))]
        self.pasted: list[tuple[GridRow, GridRow, range]] = []
        """For each row that was pasted to: the row that gave, the row itself before, and the columns."""

    @property
    def below_header(self) -> list[GridRow]:
        return self.rows[1:]

    def carry_out(self, requests: Sequence[Json]) -> None:
        for request in as_sent(requests):
            ((kind, asked),) = request.items()
            _REQUESTS[kind](self, asked)

    def update_cells(self, asked: Json) -> None:
        assert asked["fields"] == "userEnteredValue"
        start = asked["start"]
        assert start["rowIndex"] + len(asked["rows"]) <= len(self.rows), "exceeds grid limits"
        for offset, written in enumerate(asked["rows"]):
            cells = self.rows[start["rowIndex"] + offset].cells
            assert start["columnIndex"] + len(written["values"]) <= len(cells), "exceeds grid limits"
            for place, cell in enumerate(written["values"], start=start["columnIndex"]):
                cells[place].value = cell.get("userEnteredValue", {})

    def repeat_cell(self, asked: Json) -> None:
        area, shown = asked["range"], asked["cell"]["userEnteredFormat"]
        assert area["endRowIndex"] <= len(self.rows), "exceeds grid limits"
        for row in self.rows[area["startRowIndex"] : area["endRowIndex"]]:
            for cell in row.cells[area["startColumnIndex"] : area["endColumnIndex"]]:
                if asked["fields"] == "userEnteredFormat.numberFormat":
                    cell.number_format = shown["numberFormat"]
                else:
                    assert asked["fields"] == "userEnteredFormat.textFormat.strikethrough"
                    cell.struck = shown["textFormat"]["strikethrough"]

    def insert_dimension(self, asked: Json) -> None:
        first, end = _row_span(asked["range"])
        like = first - 1 if asked["inheritFromBefore"] else first
        assert 0 <= like < len(self.rows), "no such row to inherit from"
        self._insert(first, end - first, like=like)

    def append_dimension(self, asked: Json) -> None:
        assert asked["dimension"] == "ROWS"
        self._insert(len(self.rows), asked["length"], like=len(self.rows) - 1)

    def delete_dimension(self, asked: Json) -> None:
        first, end = _row_span(asked["range"])
        assert end <= len(self.rows), "exceeds grid limits"
        assert len(self.rows) - (end - first) > 1, "it is not possible to delete all non-frozen rows"
        del self.rows[first:end]

    def copy_paste(self, asked: Json) -> None:
        """The formula of one row, as it is in the model: references do not move."""
        assert asked["pasteType"] == "PASTE_FORMULA"
        source, target = asked["source"], asked["destination"]
        first, end = source["startColumnIndex"], source["endColumnIndex"]
        assert (target["startColumnIndex"], target["endColumnIndex"]) == (first, end)
        assert source["endRowIndex"] == source["startRowIndex"] + 1
        assert target["endRowIndex"] <= len(self.rows), "exceeds grid limits"
        given = self.rows[source["startRowIndex"]]
        for row in self.rows[target["startRowIndex"] : target["endRowIndex"]]:
            self.pasted.append((deepcopy(given), deepcopy(row), range(first, end)))
            for column in range(first, end):
                row.cells[column].value = given.cells[column].value

    def _insert(self, first: int, count: int, *, like: int) -> None:
        pattern = self.rows[like].cells
        self.rows[first:first] = [GridRow([cell.blank() for cell in pattern]) for _ in range(count)]


def as_sent(requests: Sequence[Json]) -> list[Json]:
    """What Google reads: cells are JSON text until then."""
    return msgspec.json.decode(msgspec.json.encode(requests), type=list[Json])


def _row_span(area: Json) -> tuple[int, int]:
    assert area["dimension"] == "ROWS"
    assert area["startIndex"] >= 1, "the header is no row of ours"
    return area["startIndex"], area["endIndex"]


_REQUESTS: dict[str, Callable[[Grid, Json], None]] = {
    "updateCells": Grid.update_cells,
    "repeatCell": Grid.repeat_cell,
    "insertDimension": Grid.insert_dimension,
    "appendDimension": Grid.append_dimension,
    "deleteDimension": Grid.delete_dimension,
    "copyPaste": Grid.copy_paste,
}
