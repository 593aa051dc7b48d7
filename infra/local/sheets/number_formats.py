"""How a value looks: the number formats that tabs of orders use, and General for the rest."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from infra.local.sheets.errors import Json
from infra.local.sheets.evaluation import CellError, Result

EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
DATE_TYPES = {"DATE", "TIME", "DATE_TIME"}
DEFAULT_PATTERNS = {
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "CURRENCY": '"$"#,##0.00',
    "DATE": "m/d/yyyy",
    "TIME": "h:mm:ss am/pm",
    "DATE_TIME": "m/d/yyyy h:mm:ss",
    "SCIENTIFIC": "0.00E+00",
}
DATE_TOKEN = re.compile(r"y+|m+|d+|h+|s+|am/pm|a/p|\.0+|\"[^\"]*\"|\\.|.", re.IGNORECASE)
NUMBER_PART = re.compile(r"[#0,?]*[#0?](?:\.[#0?]*)?(?:[eE]\+0+)?")
LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')


def shown(value: Result, number_format: Json | None) -> str:
    """`formattedValue`."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    kind = (number_format or {}).get("type", "")
    pattern = (number_format or {}).get("pattern") or DEFAULT_PATTERNS.get(kind, "")
    if kind in DATE_TYPES:
        return shown_date(value, pattern)
    if not pattern or kind == "TEXT" or pattern.lower() in {"general", "@"}:
        return general(value)
    return shown_number(value, pattern)


def is_date(number_format: Json | None) -> bool:
    return (number_format or {}).get("type") in DATE_TYPES


def general(value: float) -> str:
    """At most ten significant digits, a whole number up to fifteen."""
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    text = f"{value:.10g}".upper()
    mantissa, mark, exponent = text.partition("E")
    if not mark:
        return text
    return f"{mantissa}E{exponent[0]}{exponent[1:].lstrip('0').zfill(2)}"


def shown_number(value: float, pattern: str) -> str:
    sections = pattern.split(";")
    section = sections[0]
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    bare = LITERAL.sub(lambda match: "\0" * len(match[0]), section)
    digits = NUMBER_PART.search(bare)
    if digits is None:
        return plain_text(section)
    number = value * 100 ** bare.count("%")
    before, after = plain_text(section[: digits.start()]), plain_text(section[digits.end() :])
    sign = "-" if number < 0 else ""
    return sign + before + digits_text(abs(number), digits[0]) + after


def digits_text(number: float, part: str) -> str:
    whole, _, fraction = part.partition(".")
    if "E" in part.upper():
        fraction, _, _ = fraction.upper().partition("E")
        return f"{number:.{len(fraction)}E}"
    places = len(fraction)
    text = f"{number:,.{places}f}" if "," in whole else f"{number:.{places}f}"
    for optional in reversed(fraction):
        if optional == "0" or not text.endswith("0"):
            break
        text = text[:-1]
    text = text.rstrip(".") if places else text
    return text.zfill(len(text) + max(whole.count("0") - len(text.partition(".")[0].replace(",", "")), 0))


def plain_text(section: str) -> str:
    return LITERAL.sub(lambda match: match[1] or match[2] or match[3] or "", section)


def shown_date(serial: float, pattern: str) -> str:
    moment = EPOCH + timedelta(days=serial)
    tokens = DATE_TOKEN.findall(pattern)
    half_day = any(token.lower() in {"am/pm", "a/p"} for token in tokens)
    shown_parts = []
    for index, token in enumerate(tokens):
        letter = token[0].lower()
        if letter == "m" and is_minute(tokens, index):
            shown_parts.append(f"{moment.minute:0{len(token)}d}")
        elif token.lower() == "am/pm":
            shown_parts.append("AM" if moment.hour < 12 else "PM")
        elif letter in DATE_PARTS and token.lower() != "a/p":
            shown_parts.append(DATE_PARTS[letter](moment, len(token), half_day))
        else:
            shown_parts.append(plain_text(token))
    return "".join(shown_parts)


def is_minute(tokens: list[str], index: int) -> bool:
    """`mm` is minutes after hours or before seconds."""
    letters = [token[0].lower() for token in tokens if token[0].lower() in "ymdhs"]
    position = sum(1 for token in tokens[:index] if token[0].lower() in "ymdhs")
    after_hours = position > 0 and letters[position - 1] == "h"
    return after_hours or (position + 1 < len(letters) and letters[position + 1] == "s")


def hour(moment: datetime, width: int, half_day: bool) -> str:  # noqa: FBT001 - called through DATE_PARTS only
    value = (moment.hour % 12 or 12) if half_day else moment.hour
    return f"{value:0{width}d}"


DATE_PARTS: dict[str, Callable[[datetime, int, bool], str]] = {
    "y": lambda moment, width, _: f"{moment.year:04d}" if width > 2 else f"{moment.year % 100:02d}",
    "m": lambda moment, width, _: (
        moment.strftime("%B" if width > 3 else "%b") if width > 2 else f"{moment.month:0{width}d}"
    ),
    "d": lambda moment, width, _: (
        moment.strftime("%A" if width > 3 else "%a") if width > 2 else f"{moment.day:0{width}d}"
    ),
    "h": hour,
    "s": lambda moment, width, _: f"{moment.second:0{width}d}",
}
