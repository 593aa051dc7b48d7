"""The first layout of a tab: what a merchant sees before and with the first rows."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.errors import TabOccupied
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import SHEET_ID, write
from tests.contract.tab.orders import order, some

METADATA = "data(columnMetadata(hiddenByUser,developerMetadata(metadataKey,metadataValue,visibility)))"
FORMATS = "data(rowData(values(userEnteredFormat(numberFormat,textFormat))))"
EMPTY_TAB = [{"title": "Mine", "sheetId": SHEET_ID, "rowCount": 20, "columnCount": 2}]


def test_new_tab_has_headers_and_the_system_column_after_the_key(desk: Desk) -> None:
    """The headers as declared, and the hidden column between the key and the rest."""
    desk.bring([])
    assert desk.grid() == [["Order", "Tabkeeper", "Email", "Total"]]
    columns = desk.sheet(METADATA)["data"][0]["columnMetadata"]
    assert [column.get("hiddenByUser", False) for column in columns] == [False, True, False, False]


def test_new_tab_is_exactly_as_large_as_needed(desk: Desk) -> None:
    """A frozen header and one spare row below the data: blank cells count towards Google's limit."""
    desk.bring(some(3))
    grid = desk.sheet("properties.gridProperties")["properties"]["gridProperties"]
    assert grid == {"rowCount": 5, "columnCount": 4, "frozenRowCount": 1}


def test_managed_columns_carry_metadata(desk: Desk) -> None:
    """Each managed column knows its automation and key, in metadata that moves with it."""
    desk.bring([])
    columns = desk.sheet(METADATA)["data"][0]["columnMetadata"]
    marks = [column["developerMetadata"] for column in columns]
    assert [mark[0]["metadataValue"] for mark in marks] == ["aut_1:name", "aut_1:~system", "aut_1:email", "aut_1:total"]
    assert {(len(mark), mark[0]["metadataKey"]) for mark in marks} == {(1, "tabkeeper.column")}


def test_number_formats_follow_the_types(new_desk: Callable[..., Desk]) -> None:
    """Money and dates are shown as such, text has no format, and the bold header is not inherited."""
    desk = new_desk(columns=["name", "total", "placed_at", "paid"])
    desk.bring(some(2))
    header, *rows = desk.sheet(FORMATS)["data"][0]["rowData"]
    assert all(cell["userEnteredFormat"]["textFormat"]["bold"] for cell in header["values"])
    for row in rows[:2]:
        shown = [cell.get("userEnteredFormat", {}) for cell in row["values"]]
        assert [each.get("numberFormat", {}).get("type") for each in shown[:4]] == [None, None, "NUMBER", "DATE_TIME"]
        assert not any(each.get("textFormat", {}).get("bold") for each in shown)


def test_declared_format_wins_over_the_types(new_desk: Callable[..., Desk]) -> None:
    """A merchant's own number format is what the cells get."""
    total = {"key": "total", "header": "Total", "type": "money", "format": '0.0 "EUR"'}
    desk = new_desk(columns=["name", total])
    desk.bring([order(7)])
    assert desk.grid("FORMATTED_VALUE")[1][2] == "7.5 EUR"


def test_chosen_empty_tab_is_taken(new_desk: Callable[..., Desk]) -> None:
    """A merchant's empty tab gets the missing columns and a frozen header, and keeps its title and its rows."""
    desk = new_desk(sheets=EMPTY_TAB, destination={"sheet_id": SHEET_ID})
    orders = some(2)
    desk.bring(orders)
    desk.assert_holds(orders)
    properties = desk.sheet("properties(title,gridProperties)")["properties"]
    assert properties["title"] == "Mine"
    assert properties["gridProperties"] == {"rowCount": 22, "columnCount": 4, "frozenRowCount": 1}


@pytest.mark.parametrize(("row", "column"), [(0, 0), (19, 1), (4, 0)])
def test_occupied_tab_is_refused_untouched(new_desk: Callable[..., Desk], row: int, column: int) -> None:
    """A chosen tab that holds anything stays exactly as it is."""
    desk = new_desk(sheets=EMPTY_TAB, destination={"sheet_id": SHEET_ID})
    desk.edit(write(row, column, "mine"))
    before = desk.everything()
    with pytest.raises(TabOccupied):
        desk.bring(some(2))
    assert desk.everything() == before


@pytest.mark.parametrize(
    ("titles", "made"), [(["orders"], "Orders (2)"), (["Orders", "ORDERS (2)"], "Orders (3)"), (["Sheet1"], "Orders")]
)
def test_taken_title_gets_a_number(new_desk: Callable[..., Desk], titles: list[str], made: str) -> None:
    """A title that another tab has, in whatever case, is numbered; the other tab is left alone."""
    desk = new_desk(sheets=[{"title": title, "sheetId": i + 1} for i, title in enumerate(titles)])
    desk.bring(some(1))
    assert desk.sheet("properties.title")["properties"]["title"] == made
    assert len(desk.get()["sheets"]) == len(titles) + 1


def test_title_with_quotes_is_found_again(new_desk: Callable[..., Desk]) -> None:
    """Apostrophes, exclamation marks and cell addresses in a title do not confuse the ranges that are asked for."""
    desk = new_desk(destination={"title": "Ann's A1! $B$2"})
    orders = some(3)
    desk.bring(orders)
    assert desk.bring(orders).outcome.unchanged == 3


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("email", "0042"),
        ("email", "=1+1"),
        ("email", "2020-01-01"),
        ("email", "gid://shopify/Order/12345678901234567890"),
        ("email", "12345678901234567890"),
        ("email", "+49 170 1234567"),
        ("email", "TRUE"),
        ("email", "zażółć 🧵 “quoted” \\ \n second line"),
        ("paid", True),
        ("email", None),
    ],
)
def test_values_arrive_as_what_they_are(new_desk: Callable[..., Desk], key: str, value: str | bool | None) -> None:
    """Nothing is parsed as if a person had typed it."""
    desk = new_desk(columns=["name", key, "zip"])
    changes: dict[str, Any] = {key: value}
    orders = [order(1, **changes)]
    desk.bring(orders)
    desk.assert_holds(orders)
    assert desk.rows("Zip") == [("00001",)]
    assert desk.grid("FORMULA") == desk.grid()


@pytest.mark.parametrize(("zone", "serial"), [("Etc/UTC", 46200.9375), ("Europe/Berlin", 46201.020833333336)])
def test_instants_are_serial_numbers_of_the_spreadsheets_zone(
    new_desk: Callable[..., Desk], zone: str, serial: float
) -> None:
    """22:30 in London is 00:30 of the next day in Berlin, in summer, and a number in both."""
    desk = new_desk(columns=["name", "placed_at"], time_zone=zone)
    desk.bring([order(1, placed_at=datetime(2026, 6, 27, 22, 30, tzinfo=UTC))])
    assert desk.rows("Placed") == [(serial,)]


def test_text_beyond_googles_limit_is_cut_and_counted(desk: Desk) -> None:
    """50,001 characters become 50,000 that end in a mark; the run says so."""
    ran = desk.bring([order(1, email="x" * 50_001), order(2, email="y" * 50_000)])
    (cut,), (whole,) = desk.rows("Email")
    assert (len(cut), cut[-21:]) == (50_000, " … [cut by Tabkeeper]")
    assert whole == "y" * 50_000
    assert ran.outcome.cut == 1
