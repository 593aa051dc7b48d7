"""What a write answers of the ranges that are to verify it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import Struct
from msgspec.json import Decoder

from jobs.sheets.workbook import marked_columns

FIELDS = (
    "updatedSpreadsheet.sheets.data(startRow,startColumn,columnMetadata.developerMetadata(metadataKey,metadataValue),"
    "rowData.values.userEnteredValue.stringValue)"
)


@dataclass(frozen=True, slots=True)
class Afterwards:
    """The verified ranges as they are after a write."""

    texts: Sequence[Sequence[str | None]]
    """For each range, top to bottom: the texts of its first column, None for a cell without one."""
    marked_columns: Mapping[str, int]
    """Where the columns of any automation stand within the ranges, by their metadata."""


class _Value(Struct, rename="camel", gc=False, frozen=True):
    string_value: str | None = None


class _Cell(Struct, rename="camel", gc=False):
    user_entered_value: _Value = _Value()


class _Row(Struct):
    values: list[_Cell] = []


class _Grid(Struct, rename="camel"):
    start_column: int = 0
    column_metadata: list[dict[str, Any]] = []
    row_data: list[_Row] = []


class _Sheet(Struct):
    data: list[_Grid] = []


class _Spreadsheet(Struct):
    sheets: list[_Sheet] = []


class _Answer(Struct, rename="camel"):
    updated_spreadsheet: _Spreadsheet


_decoder = Decoder(_Answer)


def afterwards(answer: bytes) -> Afterwards:
    grids = [grid for sheet in _decoder.decode(answer).updated_spreadsheet.sheets for grid in sheet.data]
    texts = [
        [row.values[0].user_entered_value.string_value if row.values else None for row in grid.row_data]
        for grid in grids
    ]
    return Afterwards(texts, marked_columns((grid.start_column, grid.column_metadata) for grid in grids))
