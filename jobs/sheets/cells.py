"""Typed values → cells. A value is written as what it is, never as what a person would have typed.

Google parses USER_ENTERED text: 0042 becomes 42, an order's name a date, `=…` a formula. `userEnteredValue` does not.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import TypeAlias

from backend.automations.model import Column
from backend.platforms.field import ColumnType, Value

Cell: TypeAlias = str
"""The JSON text of a CellData of the Sheets API, in ASCII: it is sent as it is, hashed as it is, and as many bytes as
characters. It holds a `userEnteredValue`, or nothing at all, which clears the cell.
"""
NOTHING: Cell = "{}"

MAX_TEXT_CHARS = 50_000
CUT_MARK = " … [cut by Tabkeeper]"
_MAX_EXACT_INTEGER = 2**53
_MAX_EXACT_DIGITS = 15
_REMEMBERED = 4_096
_SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number counts wall-clock days

NUMBER_FORMATS = {
    ColumnType.INTEGER: ("NUMBER", "0"),
    ColumnType.MONEY: ("NUMBER", "#,##0.00"),
    ColumnType.DATE: ("DATE", "yyyy-mm-dd"),
    ColumnType.DATETIME: ("DATE_TIME", "yyyy-mm-dd hh:mm:ss"),
}


Encoder: TypeAlias = Callable[[Value], Cell]

_CUT_END = f"{encode_basestring_ascii(CUT_MARK)[1:]}}}}}"
_BOOLEANS = {
    flag: f'{{"userEnteredValue":{{"boolValue":{json}}}}}' for flag, json in ((True, "true"), (False, "false"))
}


def encode_text(text: str) -> Cell:
    if not text:
        return NOTHING
    if len(text) > MAX_TEXT_CHARS:
        text = text[: MAX_TEXT_CHARS - len(CUT_MARK)] + CUT_MARK
    return f'{{"userEnteredValue":{{"stringValue":{encode_basestring_ascii(text)}}}}}'


def content(cell: Cell) -> object:
    """What `cell` reads as once it is written, unformatted."""
    return next(iter(json.loads(cell).get("userEnteredValue", {}).values()), "")


def key_text(shown: object) -> str:
    """The visible key of a row whose key cell reads so, unformatted: a date reads as its serial number."""
    if isinstance(shown, float) and shown.is_integer():
        shown = int(shown)
    return "" if shown is None else str(shown)


def was_cut(cell: Cell) -> bool:
    return len(cell) > MAX_TEXT_CHARS and cell.endswith(_CUT_END)


def encode_number(number: int | float | Decimal) -> Cell:  # noqa: PYI041 - an int is told apart
    """A number that a double cannot hold exactly is written as text rather than rounded in silence."""
    if isinstance(number, Decimal):
        double = _double(number)
        if double is None:
            return encode_text(_digits(number))
        number = double
    elif isinstance(number, int) and abs(number) > _MAX_EXACT_INTEGER:
        return encode_text(str(number))
    return f'{{"userEnteredValue":{{"numberValue":{number!r}}}}}'


def encode_shown(value: object) -> Cell:
    """A cell that reads, unformatted, as this one did."""
    if isinstance(value, bool):
        return _BOOLEANS[value]
    return encode_number(value) if isinstance(value, int | float) else encode_text(str(value))


def _double(number: Decimal) -> float | None:
    """The double that shows exactly these digits, None where there is none. Equal numbers have one, also zeros."""
    if not number.is_finite():
        return None
    double = float(number) + 0.0
    digits = str(number)
    surely = len(digits) <= _MAX_EXACT_DIGITS and "E" not in digits
    return double if surely or Decimal(repr(double)) == number else None


def _digits(number: Decimal) -> str:
    """All of them, the same for equal numbers."""
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


_remembered_number = lru_cache(maxsize=_REMEMBERED, typed=True)(encode_number)
"""A shop's prices and quantities come again and again."""


def serial_number(moment: date | datetime, zone: tzinfo) -> float:
    """Days since 1899-12-30 on the wall clock of the spreadsheet's time zone; a naive datetime is UTC."""
    if isinstance(moment, datetime):
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        local = aware.astimezone(zone).replace(tzinfo=None)
    else:
        local = datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 - see _SERIAL_EPOCH
    passed = local - _SERIAL_EPOCH
    return passed.days + (passed.seconds + passed.microseconds / 1e6) / 86_400


def date_text(serial: float, *, with_time: bool) -> str:
    """What a serial number stands for: 2026-01-31, or 2026-01-31 08:00:00."""
    try:
        moment = _SERIAL_EPOCH + timedelta(seconds=round(serial * 86_400))
    except OverflowError:  # a person's number, which is no date
        return str(serial)
    return str(moment if with_time else moment.date())


def encoder_for(column_type: ColumnType, zone: tzinfo) -> Encoder:
    """How a column's values become cells. One that does not fit its type is written as text: shown, never lost."""
    is_number = column_type in {ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.MONEY}
    is_date, is_datetime = column_type is ColumnType.DATE, column_type is ColumnType.DATETIME
    is_boolean = column_type is ColumnType.BOOLEAN

    def encode(value: Value) -> Cell:
        if isinstance(value, str):
            return encode_text(value)
        if value is None:
            return NOTHING
        if isinstance(value, bool):
            return _BOOLEANS[value] if is_boolean else encode_text(str(value).lower())
        if isinstance(value, date):
            if is_date:
                return encode_number(int(serial_number(value, zone)))
            return encode_number(serial_number(value, zone)) if is_datetime else encode_text(value.isoformat())
        return _remembered_number(value) if is_number else encode_text(str(value))

    return encode


def number_format(column: Column) -> dict[str, str] | None:
    """The numberFormat of a column's cells, or None where Sheets' automatic one is right."""
    default = NUMBER_FORMATS.get(column.type)
    if column.format:
        return {"type": default[0] if default else "NUMBER", "pattern": column.format}
    return {"type": default[0], "pattern": default[1]} if default else None
