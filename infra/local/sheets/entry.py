"""What a value becomes when it is typed (USER_ENTERED), and what may be in a cell at all."""

import re
from datetime import UTC, date, datetime

from infra.local.sheets.errors import Json, invalid
from infra.local.sheets.number_formats import EPOCH
from infra.local.sheets.rows import Formula, Scalar, Value

MAX_CELL_CHARACTERS = 50_000
EXACT_INTEGER = 2**53
NUMBER = re.compile(r"([-+]?)(\$?)(\d{1,3}(?:,\d{3})+|\d+)?(\.\d*)?([eE][-+]?\d+)?(%?)")
ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")

Typed = tuple[Value, Json | None]
"""The value, and the number format that typing it gives the cell."""


def checked_text(text: str) -> str:
    if len(text) > MAX_CELL_CHARACTERS:
        raise invalid(
            f"Your input contains more than the maximum of {MAX_CELL_CHARACTERS} characters in a single cell."
        )
    return text


def as_double(number: float) -> int | float:
    """Numbers are doubles: integers beyond 2^53 lose their last digits, whole ones show no point."""
    if isinstance(number, int) and -EXACT_INTEGER <= number <= EXACT_INTEGER:
        return number
    double = float(number)
    return int(double) if double.is_integer() else double


def stored(value: Scalar) -> Value:
    """A value as it is kept: empty text is nothing."""
    if isinstance(value, str):
        return checked_text(value) or None
    return value if isinstance(value, bool) else as_double(value)


def typed(value: Scalar, *, as_text: bool = False) -> Typed:
    """`as_text`: the cell is formatted as plain text, so that nothing but formulas is read out of what is typed."""
    if not isinstance(value, str):
        return stored(value), None
    checked_text(value)
    if value.startswith("=") and len(value) > 1:
        return Formula(value), None
    if value.startswith("'"):
        return value[1:] or None, None
    if as_text:
        return value or None, None
    text = value.strip()
    if text.upper() in {"TRUE", "FALSE"}:
        return text.upper() == "TRUE", None
    return typed_number(text) or typed_date(text) or (value or None, None)


def typed_number(text: str) -> Typed | None:
    match = NUMBER.fullmatch(text)
    if match is None or not any(character.isdigit() for character in text):
        return None
    sign, dollar, whole, fraction, exponent, percent = match.groups()
    number = float(f"{sign}{(whole or '0').replace(',', '')}{fraction or ''}{exponent or ''}")
    if percent:
        return as_double(number / 100), pattern("PERCENT", "0.00%" if fraction else "0%")
    decimals = ".00" if fraction else ""
    if dollar:
        return as_double(number), pattern("CURRENCY", f'"$"#,##0{decimals}')
    if exponent:
        return as_double(number), pattern("SCIENTIFIC", "0.00E+00")
    if whole and "," in whole:
        return as_double(number), pattern("NUMBER", f"#,##0{decimals}")
    return as_double(number), None


def typed_date(text: str) -> Typed | None:
    iso, american, clock = ISO_DATE.fullmatch(text), US_DATE.fullmatch(text), CLOCK.fullmatch(text)
    if iso is not None:
        year, month, day, *time = iso.groups()
        shape = "yyyy-mm-dd"
    elif american is not None:
        month, day, year, *time = american.groups()
        shape = "m/d/yyyy"
    elif clock is not None:
        seconds = seconds_of(list(clock.groups()))
        return (as_double(seconds / 86400), pattern("TIME", "h:mm:ss")) if seconds < 86400 else None
    else:
        return None
    try:
        days = (datetime.combine(date(int(year), int(month), int(day)), datetime.min.time(), UTC) - EPOCH).days
    except ValueError:
        return None
    if time[0] is None:
        return days, pattern("DATE", shape)
    return as_double(days + seconds_of(time) / 86400), pattern("DATE_TIME", f"{shape} h:mm:ss")


def seconds_of(clock: list[str | None]) -> int:
    hours, minutes, seconds = (int(part or 0) for part in clock)
    return hours * 3600 + minutes * 60 + seconds


def pattern(kind: str, text: str) -> Json:
    return {"type": kind, "pattern": text}
