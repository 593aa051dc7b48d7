"""Typed values become cells that show what they are."""

import json
import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.automations.model import Column
from backend.platforms.field import ColumnType, Value
from jobs.sheets.cells import (
    CUT_MARK,
    MAX_TEXT_CHARS,
    date_text,
    encode_number,
    encoder_for,
    number_format,
    serial_number,
    was_cut,
)
from tests.unit.jobs.properties import checked

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo("UTC"),
    BERLIN,
    ZoneInfo("America/St_Johns"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("Asia/Kolkata"),
]
VALUES: st.SearchStrategy[Value] = (
    st.none()
    | st.booleans()
    | st.text()
    | st.integers()
    | st.decimals(allow_nan=True, allow_infinity=True).filter(lambda number: not number.is_snan())
    | st.dates()
    | st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
)
NUMBER_TYPES = [ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.MONEY]


def written(value: Value, column_type: ColumnType, zone: ZoneInfo = BERLIN) -> Any:
    """What is sent as the cell's value; None for a cell that is cleared."""
    cell = json.loads(encoder_for(column_type, zone)(value))
    return next(iter(cell["userEnteredValue"].values())) if cell else None


@pytest.mark.parametrize(
    "text", ["0042", "+49 30 1234", "=1+1", "2020-01-01", "1e5", "TRUE", "'x", "gid://1", "9" * 25]
)
@pytest.mark.parametrize("column_type", ColumnType)
def test_text_stays_text_in_any_column(text: str, column_type: ColumnType) -> None:
    """Zips, phones, ids and whatever looks like a number, a date or a formula."""
    assert json.loads(encoder_for(column_type, BERLIN)(text)) == {"userEnteredValue": {"stringValue": text}}


@pytest.mark.parametrize("column_type", ColumnType)
@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_clears_the_cell(nothing: Value, column_type: ColumnType) -> None:
    """An empty CellData under the mask clears; a missing one would be skipped."""
    assert encoder_for(column_type, BERLIN)(nothing) == "{}"


@pytest.mark.parametrize("column_type", NUMBER_TYPES)
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, 0),
        (-7, -7),
        (2**53, 2**53),
        (2**53 + 1, "9007199254740993"),
        (-(2**63), "-9223372036854775808"),
        (Decimal("9.50"), 9.5),
        (Decimal("0.1"), 0.1),
        (Decimal("-1234567890.12"), -1234567890.12),
        (Decimal("1E+3"), 1000.0),
        (Decimal("0.1000000000000000000"), 0.1),
        (Decimal("0.1000000000000000001"), "0.1000000000000000001"),
        (Decimal("12345678901234567.89"), "12345678901234567.89"),
        (Decimal("12345678901234567890123456789.5"), "12345678901234567890123456789.5"),
        (Decimal("1E+400"), "1" + "0" * 400),
        (Decimal("NaN"), "NaN"),
        (Decimal("Infinity"), "Infinity"),
    ],
)
def test_number_is_exact_or_text(value: Value, shown: object, column_type: ColumnType) -> None:
    """A double holds integers up to 2^53 and some fifteen digits; nothing is rounded in silence."""
    made = written(value, column_type)
    assert made == shown
    assert isinstance(made, str) == isinstance(shown, str)


@pytest.mark.parametrize(
    ("one", "other"),
    [("0", "-0"), ("1.5", "1.50"), ("12345678901234567.5", "12345678901234567.50"), ("1E+20", "1" + "0" * 20)],
)
def test_equal_numbers_are_one_cell(one: str, other: str) -> None:
    """However the platform writes them: a row whose content seems to change is written again and again."""
    first, second = (encode_number(Decimal(digits)) for digits in (one, other))
    assert first == second


@given(number=st.decimals(allow_nan=False, allow_infinity=False) | st.integers())
@checked
def test_no_number_is_changed(number: Decimal | int) -> None:
    """Whether it is written as a number or as text, the same can be read from the cell."""
    made = written(number, ColumnType.NUMBER)
    assert Decimal(str(made)) == number
    assert isinstance(made, str) or math.isfinite(made)


@pytest.mark.parametrize(
    ("value", "column_type", "shown"),
    [
        (True, ColumnType.BOOLEAN, True),
        (False, ColumnType.BOOLEAN, False),
        (True, ColumnType.TEXT, "true"),
        (True, ColumnType.NUMBER, "true"),
        (12, ColumnType.TEXT, "12"),
        (12, ColumnType.DATE, "12"),
        (Decimal("1.50"), ColumnType.TEXT, "1.50"),
        (Decimal("1.50"), ColumnType.BOOLEAN, "1.50"),
        (date(2026, 1, 31), ColumnType.TEXT, "2026-01-31"),
        (datetime(2026, 1, 31, 12, tzinfo=UTC), ColumnType.MONEY, "2026-01-31T12:00:00+00:00"),
    ],
)
def test_value_of_another_type_is_written_as_text(value: Value, column_type: ColumnType, shown: object) -> None:
    """It is shown as it came, never lost and never made into something else."""
    made = written(value, column_type)
    assert (made, type(made)) == (shown, type(shown))


@pytest.mark.parametrize(
    ("moment", "zone", "serial"),
    [
        (date(1899, 12, 30), "UTC", 0.0),
        (date(1900, 1, 1), "UTC", 2.0),
        (date(2020, 1, 1), "America/St_Johns", 43831.0),
        (datetime(2020, 1, 1, 12, tzinfo=UTC), "UTC", 43831.5),
        (datetime(2020, 1, 1, 12), "Europe/Berlin", 43831.5 + 1 / 24),  # noqa: DTZ001 - as some platforms send it
        (datetime(1899, 12, 29, 12, tzinfo=UTC), "UTC", -0.5),
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "Europe/Berlin", 46110 + 7199 / 86400),
        (datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC), "Europe/Berlin", 46110 + 3 / 24),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin", 46320 + 2.5 / 24),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Berlin", 46320 + 2.5 / 24),
        (datetime(2026, 1, 1, 1, tzinfo=UTC), "America/St_Johns", 46022 + 21.5 / 24),
    ],
)
def test_instant_is_shown_on_the_wall_clock_of_the_spreadsheet(
    moment: date | datetime, zone: str, serial: float
) -> None:
    """Days since 1899-12-30, as 43831 is the first of January 2020; also where clocks are put forward and back."""
    assert serial_number(moment, ZoneInfo(zone)) == pytest.approx(serial, abs=1e-9)


@given(
    moment=st.datetimes(min_value=datetime(1850, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(ZONES),
)
@checked
def test_serial_number_holds_the_millisecond(moment: datetime, zone: ZoneInfo) -> None:
    """What a person sees in the tab is the wall clock there, to the millisecond."""
    shown = datetime(1899, 12, 30) + timedelta(days=serial_number(moment, zone))  # noqa: DTZ001 - a wall clock
    assert abs(shown - moment.astimezone(zone).replace(tzinfo=None)) < timedelta(milliseconds=1)


def test_instant_in_a_date_column_is_its_day_there() -> None:
    """An order of 23:30 UTC belongs to the next day in Berlin."""
    late = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)
    assert written(late, ColumnType.DATE) == 46024
    assert written(late, ColumnType.DATE, ZoneInfo("UTC")) == 46023
    assert written(date(2026, 1, 2), ColumnType.DATETIME) == 46024.0


@pytest.mark.parametrize(
    ("serial", "day", "instant"),
    [
        (46053, "2026-01-31", "2026-01-31 00:00:00"),
        (46053.5, "2026-01-31", "2026-01-31 12:00:00"),
        (-1, "1899-12-29", "1899-12-29 00:00:00"),
        (1e12, "1000000000000.0", "1000000000000.0"),
    ],
)
def test_serial_number_is_told_as_what_it_stands_for(serial: float, day: str, instant: str) -> None:
    """A number that is no date in any calendar is told as it stands."""
    assert (date_text(serial, with_time=False), date_text(serial, with_time=True)) == (day, instant)


@pytest.mark.parametrize("length", [MAX_TEXT_CHARS, MAX_TEXT_CHARS + 1, 3 * MAX_TEXT_CHARS])
def test_long_text_is_cut_with_a_mark(length: int) -> None:
    """Google refuses a whole batch for one cell of more than 50,000 characters."""
    cell = encoder_for(ColumnType.TEXT, BERLIN)("x" * length)
    text = json.loads(cell)["userEnteredValue"]["stringValue"]
    assert len(text) == MAX_TEXT_CHARS
    assert was_cut(cell) == text.endswith(CUT_MARK) == (length > MAX_TEXT_CHARS)


@given(value=VALUES, column_type=st.sampled_from(ColumnType))
@checked
def test_cell_is_json_in_ascii(value: Value, column_type: ColumnType) -> None:
    """Without the NaN that Python's own would let through; each character is one byte of the request."""
    cell = encoder_for(column_type, BERLIN)(value)
    assert cell.isascii()
    assert json.dumps(json.loads(cell), allow_nan=False, separators=(",", ":")) == cell


@pytest.mark.parametrize(("one", "other"), [(12, "12"), (True, "True"), (1, True), (None, "None"), (Decimal(1), "1.0")])
def test_number_and_its_text_are_not_the_same(one: Value, other: Value) -> None:
    """A column whose type changes is written anew."""
    by_type = {int: ColumnType.NUMBER, Decimal: ColumnType.NUMBER, bool: ColumnType.BOOLEAN}
    cells = [encoder_for(by_type.get(type(value), ColumnType.TEXT), BERLIN)(value) for value in (one, other)]
    assert cells[0] != cells[1]


@pytest.mark.parametrize(
    ("column_type", "pattern", "wanted"),
    [
        (ColumnType.TEXT, None, None),
        (ColumnType.MONEY, None, {"type": "NUMBER", "pattern": "#,##0.00"}),
        (ColumnType.DATE, None, {"type": "DATE", "pattern": "yyyy-mm-dd"}),
        (ColumnType.DATE, "d.m.yy", {"type": "DATE", "pattern": "d.m.yy"}),
        (ColumnType.NUMBER, "0.0%", {"type": "NUMBER", "pattern": "0.0%"}),
        (ColumnType.NUMBER, None, None),
    ],
)
def test_format_is_the_columns_own_or_its_types(
    column_type: ColumnType, pattern: str | None, wanted: dict[str, str] | None
) -> None:
    """Without one, Sheets' automatic format is right."""
    assert number_format(Column(key="k", header="K", type=column_type, format=pattern)) == wanted
