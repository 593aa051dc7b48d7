"""A spreadsheet's structure, as Google tells it."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.sheets.workbook import SYSTEM, Protection, Tab, Workbook, column_letters, parse_workbook, quoted
from tests.unit.jobs.properties import checked

ANSWER = {
    "properties": {"title": "Shop", "timeZone": "Europe/Berlin"},
    "sheets": [
        {"properties": {"title": "First", "sheetType": "GRID", "gridProperties": {"rowCount": 10, "columnCount": 4}}},
        {
            "properties": {"sheetId": 7, "title": "Orders", "gridProperties": {"rowCount": 20, "columnCount": 5}},
            "data": [
                {
                    "columnMetadata": [
                        {"developerMetadata": [{"metadataKey": "tabkeeper.column", "metadataValue": "aut_1:total"}]},
                        {},
                        {
                            "developerMetadata": [
                                {"metadataKey": "tabkeeper.column", "metadataValue": "aut_2:total"},
                                {"metadataKey": "tabkeeper.column", "metadataValue": f"aut_1:{SYSTEM}"},
                                {"metadataKey": "tabkeeper.column"},
                                {"metadataKey": "someone.else", "metadataValue": "aut_1:email"},
                            ]
                        },
                    ]
                }
            ],
            "protectedRanges": [
                {"range": {"sheetId": 7, "startColumnIndex": 1, "endColumnIndex": 2}},
                {"range": {"sheetId": 7}, "warningOnly": True},
                {"range": {"sheetId": 7}, "requestingUserCanEdit": True},
                {"range": {"sheetId": 7, "startRowIndex": 3, "endRowIndex": 4}},
            ],
        },
        {"properties": {"sheetId": 8, "title": "Chart", "sheetType": "OBJECT"}},
    ],
}


def test_tabs_are_known_by_their_id() -> None:
    """The first one's is 0, which Google leaves out; a chart is no tab."""
    book = parse_workbook(ANSWER)
    assert [tab.sheet_id for tab in book.tabs] == [0, 7]
    assert (book.title, book.zone) == ("Shop", ZoneInfo("Europe/Berlin"))
    orders = book.tab(7)
    assert orders is not None
    assert (orders.title, orders.row_count, orders.column_count) == ("Orders", 20, 5)
    assert book.tab(8) is None


def test_blank_cells_count() -> None:
    """Google's limit is of cells, not of content."""
    book = parse_workbook(ANSWER)
    assert [book.cells_beside(sheet_id) for sheet_id in (0, 7, 99)] == [20 * 5, 10 * 4, 10 * 4 + 20 * 5]


def test_columns_are_known_by_their_marks() -> None:
    """Those of one automation, by key; marks of others and other people's metadata are not ours."""
    orders = parse_workbook(ANSWER).tab(7)
    assert orders is not None
    assert orders.columns_of("aut_1") == {"total": 0, SYSTEM: 2}
    assert orders.columns_of("aut_2") == {"total": 2}
    assert orders.columns_of("aut_3") == {}


def test_protections_that_bind_us_are_known() -> None:
    """Not a mere warning, nor one that we may edit; unbounded where no bound is told."""
    orders = parse_workbook(ANSWER).tab(7)
    assert orders is not None
    assert orders.protections == [Protection(0, None, 1, 2), Protection(3, 4, 0, None)]
    assert [column for column in range(4) if orders.protections[0].covers_column(column)] == [1]
    assert [column for column in range(4) if orders.protections[1].covers_column(column)] == [0, 1, 2, 3]


@pytest.mark.parametrize("zone", [None, "", "Moon/Tranquility", "../etc/passwd"])
def test_unknown_zone_is_utc(zone: str | None) -> None:
    """A spreadsheet may have one that this machine has never heard of."""
    assert parse_workbook({"properties": {"timeZone": zone}}).zone == ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("taken", "wanted", "free"),
    [
        ([], "Orders", "Orders"),
        (["Orders"], "Orders", "Orders (2)"),
        (["ORDERS", "orders (2)"], "Orders", "Orders (3)"),
        (["x" * 100], "x" * 100, "x" * 90 + " (2)"),
    ],
)
def test_title_that_is_taken_gets_a_number(taken: list[str], wanted: str, free: str) -> None:
    """Sheets compares titles without case, and a title has at most 100 characters."""
    tabs = [Tab(number, title, 1, 1, {}) for number, title in enumerate(taken)]
    assert Workbook("Shop", ZoneInfo("UTC"), tabs).free_title(wanted) == free


@pytest.mark.parametrize(
    ("column", "letters"),
    [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA"), (18277, "ZZZ")],
)
def test_columns_have_letters(column: int, letters: str) -> None:
    """As Sheets shows them."""
    assert column_letters(column) == letters


@given(column=st.integers(0, 18_278))
@checked
def test_letters_say_which_column(column: int) -> None:
    """Read as digits from 1 to 26."""
    number = 0
    for letter in column_letters(column):
        number = 26 * number + ord(letter) - ord("A") + 1
    assert number == column + 1


@pytest.mark.parametrize(
    ("title", "address"), [("Orders", "'Orders'!C2:C21"), ("Ann's", "'Ann''s'!C2:C21"), ("A1", "'A1'!C2:C21")]
)
def test_ranges_are_addressed_by_the_quoted_title(title: str, address: str) -> None:
    """A title may be anything, also what looks like a cell."""
    assert Tab(7, title, 30, 5, {}).range(1, 21, 2) == address
    assert quoted(title) == address.partition("!")[0]
