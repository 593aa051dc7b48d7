"""Typed values → cells. A value is written as what it is, never as what a person would have typed.

Google parses USER_ENTERED text: 0042 becomes 42, an order's name a date, `=…` a formula. `userEnteredValue` does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Any, TypeAlias

from backend.automations.model import Column
from backend.platforms.field import ColumnType, Value

Cell: TypeAlias = dict[str, Any]
"""A CellData of the Sheets API that holds a `userEnteredValue`, or nothing at all: an empty one clears the cell."""

MAX_TEXT_CHARS = 50_000
CUT_MARK = " … [cut by Tabkeeper]"
_MAX_EXACT_INTEGER = 2**53
_MAX_EXACT_DIGITS = 15
_CELL_BYTES = 48
"""Upper bound of `{"userEnteredValue": {"numberValue": …}}, ` around the value itself."""
_SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number counts wall-clock days
_EMPTY: Cell = {}

NUMBER_FORMATS = {
    ColumnType.INTEGER: ("NUMBER", "0"),
    ColumnType.MONEY: ("NUMBER", "#,##0.00"),
    ColumnType.DATE: ("DATE", "yyyy-mm-dd"),
    ColumnType.DATETIME: ("DATE_TIME", "yyyy-mm-dd hh:mm:ss"),
}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A cell, the text its content hash is made of, and at most how many bytes it takes in a request's body."""

    cell: Cell
    token: str
    size_bytes: int
    cut: bool = False


_NOTHING = Encoded(_EMPTY, "", 4)
_BOOLEANS = {
    flag: Encoded({"userEnteredValue": {"boolValue": flag}}, str(flag), _CELL_BYTES + 5) for flag in (True, False)
}


def encode_text(text: str) -> Encoded:
    if not text:
        return _NOTHING
    cut = len(text) > MAX_TEXT_CHARS
    if cut:
        text = text[: MAX_TEXT_CHARS - len(CUT_MARK)] + CUT_MARK
    token = encode_basestring_ascii(text)
    return Encoded({"userEnteredValue": {"stringValue": text}}, token, _CELL_BYTES + len(token), cut)


def encode_number(number: int | float | Decimal) -> Encoded:  # noqa: PYI041 - an int is told apart
    """A number that a double cannot hold exactly is written as text rather than rounded in silence."""
    if isinstance(number, int):
        if abs(number) > _MAX_EXACT_INTEGER:
            return encode_text(str(number))
        value: float = number
    else:
        value = float(number)
        digits = str(number)
        if isinstance(number, Decimal) and len(digits) > _MAX_EXACT_DIGITS and Decimal(repr(value)) != number:
            return encode_text(digits)
    token = repr(value)
    return Encoded({"userEnteredValue": {"numberValue": value}}, token, _CELL_BYTES + len(token))


def serial_number(moment: date | datetime, zone: tzinfo) -> float:
    """Days since 1899-12-30 on the wall clock of the spreadsheet's time zone; a naive datetime is UTC."""
    if isinstance(moment, datetime):
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        local = aware.astimezone(zone).replace(tzinfo=None)
    else:
        local = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - see _SERIAL_EPOCH
    passed = local - _SERIAL_EPOCH
    return passed.days + (passed.seconds + passed.microseconds / 1e6) / 86_400


def encode(value: Value, *, column_type: ColumnType, zone: tzinfo) -> Encoded:
    """A value that does not fit its column's type is written as text: shown as it came, never lost."""
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return encode_text(str(value).lower()) if column_type is ColumnType.TEXT else _BOOLEANS[value]
    if isinstance(value, str):
        return encode_text(value)
    if isinstance(value, date):
        if column_type is ColumnType.DATE:
            return encode_number(float(int(serial_number(value, zone))))
        if column_type is ColumnType.DATETIME:
            return encode_number(serial_number(value, zone))
        return encode_text(value.isoformat())
    if column_type in {ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.MONEY}:
        return encode_number(value)
    return encode_text(str(value))


Encoder: TypeAlias = Callable[[Value], Encoded]


def encoder_for(column: Column, zone: tzinfo) -> Encoder:
    column_type = column.type
    return lambda value: encode(value, column_type=column_type, zone=zone)


def number_format(column: Column) -> dict[str, str] | None:
    """The numberFormat of a column's cells, or None where Sheets' automatic one is right."""
    default = NUMBER_FORMATS.get(column.type)
    if column.format:
        return {"type": default[0] if default else "NUMBER", "pattern": column.format}
    return {"type": default[0], "pattern": default[1]} if default else None


def text_cells(texts: Sequence[str]) -> list[Cell]:
    return [encode_text(text).cell for text in texts]
