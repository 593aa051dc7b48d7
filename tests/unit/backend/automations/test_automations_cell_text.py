"""What a preview shows of a value, held against what a sheet shows of the cell that a run writes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.automations.cell_text import cell_text
from backend.automations.model import Column
from backend.platforms.field import ColumnType, Value
from infra.local.sheets.number_formats import shown
from jobs.sheets.cells import content, encoder_for, number_format
from tests.unit.jobs.properties import checked

BERLIN = ZoneInfo("Europe/Berlin")
MOMENT = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)

VALUES = st.one_of(
    st.none(),
    st.text(max_size=8),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.decimals(-(10**6), 10**6, places=2),
    st.dates(date(1970, 1, 1), date(2100, 1, 1)),
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - bounds are naive
        lambda moment: moment.replace(microsecond=0)
    ),
)


@given(value=VALUES, column_type=st.sampled_from(ColumnType))
@checked
def test_preview_shows_what_the_cell_will_show(value: Value, column_type: ColumnType) -> None:
    """Whatever comes into a column of whatever type."""
    cell: Any = content(encoder_for(column_type, BERLIN)(value))
    column = Column(key="any", header="Any", type=column_type)
    assert cell_text(value, column_type, zone=BERLIN) == shown(cell, number_format(column))


@pytest.mark.parametrize(
    ("value", "column_type", "text"),
    [
        (Decimal("1234.5"), ColumnType.MONEY, "1,234.50"),
        (Decimal("0.125"), ColumnType.MONEY, "0.13"),
        (Decimal("-0.00"), ColumnType.MONEY, "0.00"),
        (Decimal("-3.00"), ColumnType.NUMBER, "-3"),
        (1234, ColumnType.INTEGER, "1234"),
        (MOMENT, ColumnType.DATETIME, "2026-03-29 00:30:00"),
        (MOMENT, ColumnType.DATE, "2026-03-29"),
        (True, ColumnType.BOOLEAN, "TRUE"),
        ("0042", ColumnType.INTEGER, "0042"),
        (None, ColumnType.MONEY, ""),
    ],
)
def test_values_are_shown_as_in_the_tab(value: Value, column_type: ColumnType, text: str) -> None:
    """Money to the cent, moments on the merchant's wall clock, what does not fit its type as it is."""
    assert cell_text(value, column_type, zone=BERLIN) == text
