"""People at the tab between two runs: what is theirs stays theirs, and what is ours ends equal to the orders."""

from collections.abc import Callable

import pytest

from tests.contract.sheets.book import Json
from tests.contract.tab.desk import DELETE, Desk
from tests.contract.tab.edits import (
    SHEET_ID,
    add_note,
    append_column,
    copy_row,
    delete_rows,
    filter_out,
    insert_column,
    insert_rows,
    sort,
    write,
)
from tests.contract.tab.orders import LINE_COLUMNS, order, some

FIRST = [*some(3), order(4, total=None), *some(6)[4:]]
"""Six orders, written by the first run."""
THEN = [order(6, version=2, email="new@example.com"), *FIRST[:5], *some(8)[6:]]
"""What the shop says at the second run: one order changed, two came."""
REMARKS = {"#1001": "call back", "#1003": "=LEN(B1)", "#1006": "gift"}
NOTES = "data(rowData(values(note)))"


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A tab of six orders with people's columns at the left, in the middle and at the right.

    Remarks, Order, the system column, Checked, Email, Total, Double.
    """
    desk.bring(FIRST)
    desk.edit(
        insert_column(0),
        insert_column(3),
        append_column(),
        write(0, 0, "Remarks", *(REMARKS.get(f"#100{number}") for number in range(1, 7))),
        write(0, 3, "Checked", *(number % 2 == 0 for number in range(1, 7))),
        write(0, 6, "Double", *(f"=F{row}*2" for row in range(2, 8))),
        add_note(2, 1, "a note on #1002"),
    )
    return desk


def assert_people_kept_theirs(desk: Desk) -> None:
    """Their words beside the same orders, their formulas computed from the cells of the same row."""
    formulas = desk.grid("FORMULA")
    place = formulas[0].index("Order")
    assert {row[place]: row[0] for row in formulas[1:] if row[0] and row[place]} == REMARKS
    assert desk.beside("Checked") == {f"#100{number}": number % 2 == 0 for number in range(1, 7)}
    assert desk.beside("Double") == {"#1001": 3, "#1002": 5, "#1003": 7, "#1004": 0, "#1005": 11, "#1006": 13}


def test_own_columns_keep_values_formulas_and_notes(busy: Desk) -> None:
    """Wherever they stand; a note on a managed cell stays on it too."""
    busy.bring(THEN)
    busy.assert_holds(THEN)
    assert_people_kept_theirs(busy)
    noted = busy.sheet(NOTES)["data"][0]["rowData"][2]["values"][1]
    assert noted == {"note": "a note on #1002"}


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([sort(range(1, 7), range(7), by=5)], id="sorted"),
        pytest.param([insert_rows(1), insert_rows(4, 3)], id="rows inserted"),
        pytest.param([insert_rows(3), write(3, 0, "Week 2"), write(3, 6, "a heading")], id="heading inserted"),
        pytest.param([filter_out(1, "#1001", "#1002", "#1006", rows=7, columns=7)], id="filtered"),
        pytest.param([delete_rows(7)], id="blank rows deleted"),
        pytest.param([insert_rows(7, 30)], id="blank rows added"),
    ],
)
def test_rows_are_found_wherever_people_put_them(busy: Desk, edits: list[Json]) -> None:
    """Rows that moved between two runs are updated where they are now."""
    busy.edit(*edits)
    ran = busy.bring(THEN)
    busy.assert_holds(THEN)
    assert_people_kept_theirs(busy)
    assert (ran.outcome.added, ran.outcome.updated, ran.writes) == (2, 1, 1)


def test_deleted_rows_come_back_once(busy: Desk) -> None:
    """A row that a person deleted is written again when its order comes by; the others stay."""
    busy.edit(delete_rows(2), delete_rows(3))
    busy.bring(THEN)
    busy.assert_holds(THEN)
    assert busy.beside("Remarks")["#1006"] == "gift"


@pytest.mark.parametrize("below", [7, 8, 12])
def test_words_below_the_data_stay_below(busy: Desk, below: int) -> None:
    """A total right below the last order, or further down, is pushed down by new orders and never overwritten."""
    busy.edit(insert_rows(7, 10), write(below, 1, "Total"), write(below, 5, f"=SUM(F2:F{below})"))
    for orders in (THEN, [*THEN, order(9)]):
        busy.bring(orders)
        busy.assert_holds(orders)
    assert_people_kept_theirs(busy)
    rows = busy.grid("FORMULA")
    (total,) = (i for i, row in enumerate(rows) if row[1] == "Total")
    assert total == below + 3
    assert rows[total][5].startswith("=SUM(F2:F")


@pytest.mark.parametrize("to", [1, 4, 7, 9])
def test_duplicated_row_is_emptied(busy: Desk, to: int) -> None:
    """A person copies a row, hidden cell and all: our cells of the copy are emptied, theirs in it stay."""
    busy.edit(insert_rows(7, 5), insert_rows(to), copy_row(6 + (to <= 6), to=to, width=7))
    busy.bring(THEN)
    busy.assert_holds(THEN)
    remarks = [row[0] for row in busy.grid()[1:]]
    assert remarks.count("gift") == 2


def test_words_beside_a_copy_outlive_the_line_that_was_copied(new_desk: Callable[..., Desk]) -> None:
    """The one row that stayed ours goes with its line, and the word beside it; the emptied one is the person's."""
    desk = new_desk(columns=LINE_COLUMNS)
    orders = [order(1, "a", "b"), order(2, "c")]
    desk.bring(orders)
    desk.edit(
        append_column(), write(0, 5, "Remarks", "on a", "on b", "on c"), insert_rows(1), copy_row(3, to=1, width=6)
    )
    desk.bring(orders)
    desk.assert_holds(orders)
    then = [order(1, "a", version=2), orders[1]]
    desk.bring(then)
    desk.assert_holds(then)
    assert desk.column("Remarks") == ["on a", "on b", "on c"]
    assert desk.beside("Remarks", key="SKU") == {"a": "on a", "c": "on c"}


def test_rows_torn_by_a_partial_sort_are_healed(busy: Desk) -> None:
    """A person sorts the managed columns without the system column's side: each row gets its own cells again."""
    busy.edit(sort(range(1, 7), range(2), by=1))
    assert busy.rows("Order", "Email")[0] == ("#1006", "buyer1@example.com")
    ran = busy.bring(THEN)
    busy.assert_holds(THEN)
    assert ran.outcome.added == 2


@pytest.mark.parametrize(
    ("edits", "ids"),
    [
        pytest.param([], set(), id="untouched"),
        pytest.param([sort(range(1, 7), range(7), by=5)], set(), id="sorted"),
        pytest.param([insert_rows(3), copy_row(2, to=3, width=7)], {"2"}, id="row duplicated below itself"),
        pytest.param([insert_rows(7, 5), copy_row(1, to=9, width=7)], {"1"}, id="row duplicated at the end"),
        pytest.param([write(4, 1, "#9999")], {"4"}, id="key overwritten"),
        pytest.param([sort(range(1, 4), range(2), by=1)], {"1", "3"}, id="torn"),
    ],
)
def test_rows_to_mend_are_seen_when_a_run_opens_the_tab(busy: Desk, edits: list[Json], ids: set[str]) -> None:
    """So that a run that brings only what changed can ask the shop for these orders, too."""
    if edits:
        busy.edit(*edits)
    assert busy.torn() == ids


def test_sort_of_the_visible_columns_takes_the_system_column_along(busy: Desk) -> None:
    """Whoever selects from the first managed column to the last one has the hidden one in the selection."""
    busy.edit(sort(range(1, 7), range(1, 6), by=5))
    ran = busy.bring(THEN)
    busy.assert_holds(THEN)
    assert (ran.outcome.added, ran.outcome.updated) == (2, 1)


def test_damaged_system_cells_are_no_obstacle(busy: Desk) -> None:
    """Somebody who unhides the column and writes into it loses nothing but time."""
    first, second, *_ = busy.column("Tabkeeper")
    busy.edit(write(1, 2, first + "|x", second.replace("|1|", "|one|"), "v1|||", 17, True))
    ran = busy.bring(THEN)
    busy.assert_holds(THEN)
    assert_people_kept_theirs(busy)
    assert ran.outcome.added == 2


def test_overwritten_key_is_healed(busy: Desk) -> None:
    """A managed cell is ours: a typing error in the key is put right when its order comes by."""
    busy.edit(write(2, 1, "#9999"))
    busy.bring(THEN)
    busy.assert_holds(THEN)
    assert_people_kept_theirs(busy)


def test_lines_scattered_by_a_sort_are_updated_where_they_are(new_desk: Callable[..., Desk]) -> None:
    """A new line goes right below the line before it, wherever that is now; one that is gone goes with its row."""
    desk = new_desk(columns=LINE_COLUMNS, on_removed=DELETE)
    desk.bring([order(1, "a", "d"), order(2, "b", "e"), order(3, "c", "f")])
    desk.edit(append_column(), write(0, 5, "Remarks", "on a", "on d", "on b", "on e", "on c", "on f"))
    desk.edit(sort(range(1, 7), range(6), by=3, descending=False))
    orders = [order(1, "a", "new", version=2), order(2, "b", "e", version=2, quantity=4), order(3, "c", "f")]
    desk.bring([*orders, order(4, "z", removed=True)])
    desk.assert_holds(orders)
    assert [row[0] for row in desk.rows("SKU")] == ["a", "new", "b", "c", "e", "f"]
    assert desk.beside("Remarks", key="SKU") == {sku: f"on {sku}" for sku in "abcef"}


def test_everything_cleared_is_written_again(busy: Desk) -> None:
    """A person empties all rows below the header; the orders come back, and people's columns stay empty."""
    area = {"sheetId": SHEET_ID, "startRowIndex": 1}
    busy.edit({"updateCells": {"range": area, "fields": "userEnteredValue"}})
    ran = busy.bring(THEN)
    busy.assert_holds(THEN)
    assert ran.outcome.added == len(THEN)
    assert busy.beside("Remarks") == {}


def test_only_the_header_is_left(busy: Desk) -> None:
    """A person deletes every row below the header, and unfreezes it, which lets them."""
    unfreeze = {"sheetId": SHEET_ID, "gridProperties": {"frozenRowCount": 0}}
    fields = "gridProperties.frozenRowCount"
    busy.edit({"updateSheetProperties": {"properties": unfreeze, "fields": fields}}, delete_rows(1, 7))
    busy.bring(THEN)
    busy.assert_holds(THEN)
