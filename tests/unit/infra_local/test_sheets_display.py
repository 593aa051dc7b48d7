"""How values are typed in and how they look."""

import pytest

from infra.local.sheets.entry import stored, typed
from infra.local.sheets.number_formats import shown


@pytest.mark.parametrize(
    ("value", "kind", "pattern", "text"),
    [
        (1234.5, "NUMBER", "#,##0.00", "1,234.50"),
        (-1234.5, "NUMBER", "#,##0.00", "-1,234.50"),
        (7, "NUMBER", "0000", "0007"),
        (12.5, "NUMBER", "0.###", "12.5"),
        (0.126, "PERCENT", "0.0%", "12.6%"),
        (12.5, "CURRENCY", "[$£]#,##0.00", "£12.50"),
        (-2, "NUMBER", '0;"minus "0', "minus 2"),
        (43831, "DATE", "yyyy-mm-dd", "2020-01-01"),
        (43831.75, "DATE_TIME", "yyyy-mm-dd hh:mm:ss", "2020-01-01 18:00:00"),
        (43831.75, "DATE_TIME", "d mmm yy h:mm am/pm", "1 Jan 20 6:00 PM"),
        (42, "TEXT", "@", "42"),
        ("0042", "NUMBER", "0", "0042"),
        (True, "NUMBER", "0", "TRUE"),
    ],
)
def test_number_formats(value: float | str, kind: str, pattern: str, text: str) -> None:
    """Patterns for numbers, money, shares and dates; text and booleans are not numbers."""
    assert shown(value, {"type": kind, "pattern": pattern}) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(42, "42"), (1 / 3, "0.3333333333"), (0.1 + 0.2, "0.3"), (10**15, "1E+15"), (1e-7, "1E-07"), (541_909, "541909")],
)
def test_general_numbers(value: float, text: str) -> None:
    """Ten significant digits; exponents at the extremes."""
    assert shown(value, None) == text


@pytest.mark.parametrize(
    ("text", "value", "pattern"),
    [
        ("42", 42, None),
        ("0042", 42, None),
        ("2,000,000.01", 2000000.01, "#,##0.00"),
        ("$5", 5, '"$"#,##0'),
        ("12.5%", 0.125, "0.00%"),
        ("1999-01-02", 36162, "yyyy-mm-dd"),
        ("1/2/2020", 43832, "m/d/yyyy"),
        ("2020-02-31", "2020-02-31", None),
        ("+49 151 1234", "+49 151 1234", None),
        ("1,23", "1,23", None),
        ("-", "-", None),
        ("'0042", "0042", None),
        ("", None, None),
    ],
)
def test_typing(text: str, value: object, pattern: str | None) -> None:
    """What typing makes of a text, and the format it suggests; what is no number or date stays text."""
    entered, number_format = typed(text)
    assert (entered, number_format and number_format["pattern"]) == (value, pattern)


def test_plain_text_cells_read_nothing_into_digits() -> None:
    """In a cell formatted as text, typed digits stay digits."""
    assert typed("0042", as_text=True) == ("0042", None)


@pytest.mark.parametrize(("sent", "kept"), [(2.0, 2), (2**53 + 1, 2**53), (1.5, 1.5), ("", None)])
def test_stored_values(sent: float | str, kept: object) -> None:
    """Doubles without a needless point; empty text is nothing."""
    assert stored(sent) == kept
