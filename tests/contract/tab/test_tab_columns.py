"""Columns over time: what merchants change in the automation, and people in the tab."""

from collections.abc import Callable

import pytest

from backend.errors import ChosenTabGone, ColumnGone, TabGone
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import (
    SHEET_ID,
    append_column,
    delete_column,
    delete_tab,
    hide_column,
    insert_column,
    insert_rows,
    move_column,
    rename,
    write,
)
from tests.contract.tab.orders import LINE_COLUMNS, column, order, some

FORMATS = "data(rowData(values(userEnteredFormat(numberFormat))))"
HIDDEN = "data(columnMetadata(hiddenByUser))"


def test_header_that_a_person_renamed_stays(desk: Desk) -> None:
    """The column is still found, and the person's word for it is kept."""
    desk.bring(some(2))
    desk.edit(write(0, 3, "Amount"))
    orders = [*some(2), order(3, total=None)]
    desk.bring(orders)
    assert desk.grid()[0] == ["Order", "Tabkeeper", "Email", "Amount"]
    assert desk.rows("Order", "Amount") == [("#1001", 1.5), ("#1002", 2.5), ("#1003", "")]


def test_header_changed_in_the_automation_is_written(desk: Desk) -> None:
    """The merchant's new header replaces the old one, wherever the column stands."""
    desk.bring(some(2))
    desk.edit(move_column(3, to=0))
    desk.declare(["name", "email", column("total", header="Gross")])
    desk.bring(some(2))
    assert desk.grid()[0] == ["Gross", "Order", "Tabkeeper", "Email"]
    assert desk.rows("Order", "Gross") == [("#1001", 1.5), ("#1002", 2.5)]


def test_added_column_is_inserted_and_filled(desk: Desk) -> None:
    """It stands where the automation has it, with its values in the old rows too."""
    desk.bring(some(2))
    desk.declare(["name", "zip", "email", "placed_at", "total"])
    desk.bring(some(3))
    assert desk.grid()[0] == ["Order", "Tabkeeper", "Zip", "Email", "Placed", "Total"]
    desk.assert_holds(some(3))
    for row in desk.sheet(FORMATS)["data"][0]["rowData"][1:4]:
        assert row["values"][4]["userEnteredFormat"]["numberFormat"]["type"] == "DATE_TIME"
        assert not row["values"][2].get("userEnteredFormat")


def test_added_first_column_stands_first(desk: Desk) -> None:
    """The key need not be the first column, and the system column stays beside the key."""
    desk.bring(some(2))
    desk.declare(["zip", "name", "email", "total"])
    desk.bring(some(2))
    assert desk.grid()[0] == ["Zip", "Order", "Tabkeeper", "Email", "Total"]
    desk.assert_holds(some(2))


def test_removed_column_is_left_to_the_person(desk: Desk) -> None:
    """Its cells stay as they are and are never written again; the column is no longer marked."""
    desk.bring(some(2))
    desk.declare(["name", "total"])
    desk.bring([order(1, version=2, email="new@example.com", total=None), order(2)])
    assert desk.rows("Order", "Email", "Total") == [
        ("#1001", "buyer1@example.com", ""),
        ("#1002", "buyer2@example.com", 2.5),
    ]
    marks = desk.sheet("data(columnMetadata(developerMetadata(metadataValue)))")["data"][0]["columnMetadata"]
    assert marks[2] == {}


def test_column_that_comes_back_is_a_new_one(desk: Desk) -> None:
    """What a person was left with is not taken back: the column is inserted anew."""
    desk.bring(some(1))
    desk.declare(["name", "total"])
    desk.bring(some(1))
    desk.edit(write(1, 2, "mine"))
    desk.declare(["name", "email", "total"])
    desk.bring(some(1))
    assert desk.grid() == [
        ["Order", "Tabkeeper", "Email", "Email", "Total"],
        ["#1001", desk.column("Tabkeeper")[0], "buyer1@example.com", "mine", 1.5],
    ]


def test_reordered_columns_stay_where_they_stand(desk: Desk) -> None:
    """The order in the automation is for new columns; people's arrangement of a tab is theirs."""
    desk.bring(some(2))
    desk.declare(["total", "email", "name"])
    desk.bring(some(3))
    assert desk.grid()[0] == ["Order", "Tabkeeper", "Email", "Total"]
    desk.assert_holds(some(3))


def test_retyped_column_is_written_and_shown_anew(desk: Desk) -> None:
    """Money becomes text: the values and the number format change in old and in new rows."""
    desk.bring(some(2))
    desk.declare(["name", "email", column("total", type="text")])
    desk.bring(some(3))
    assert desk.rows("Total") == [("1.50",), ("2.50",), ("3.50",)]
    for row in desk.sheet(FORMATS)["data"][0]["rowData"][1:4]:
        assert "numberFormat" not in row["values"][3].get("userEnteredFormat", {})


def test_moved_and_hidden_columns_are_followed(desk: Desk) -> None:
    """A person moves every managed column about and hides one; values go where the columns are."""
    desk.bring(some(2))
    desk.edit(insert_column(0), move_column(4, to=0), move_column(2, to=5), hide_column(3))
    assert desk.grid()[0] == ["Total", "", "Tabkeeper", "Email", "Order"]
    orders = [order(1, version=2, email="new@example.com"), *some(3)[1:]]
    desk.bring(orders)
    desk.assert_holds(orders)
    assert [each.get("hiddenByUser", False) for each in desk.sheet(HIDDEN)["data"][0]["columnMetadata"]][3]


def test_deleted_column_stops_the_run_untouched(desk: Desk) -> None:
    """The merchant is told which one; nothing is written into what is left."""
    desk.bring(some(2))
    desk.edit(delete_column(3))
    before = desk.everything()
    with pytest.raises(ColumnGone, match="“Total”"):
        desk.bring(some(3))
    assert desk.everything() == before


def test_deleted_column_that_a_person_adds_again_is_filled(desk: Desk) -> None:
    """As the merchant was told to: a column with the same header is taken over, old rows included."""
    orders = some(3)
    desk.bring(orders)
    desk.edit(delete_column(3))
    with pytest.raises(ColumnGone):
        desk.bring(orders)
    desk.edit(append_column(), write(0, 3, "Total"))
    desk.bring(orders)
    desk.assert_holds(orders)


def test_deleted_column_given_up_in_the_automation_is_no_trouble(desk: Desk) -> None:
    """The merchant's other way out."""
    desk.bring(some(2))
    desk.edit(delete_column(3))
    desk.declare(["name", "email"])
    desk.bring(some(3))
    desk.assert_holds(some(3))


def test_deleted_tab_stops_the_run(desk: Desk) -> None:
    """A tab that once stood is not made again behind the merchant's back."""
    desk.bring(some(2))
    desk.edit(delete_tab())
    before = desk.everything()
    with pytest.raises(TabGone):
        desk.bring(some(2))
    assert desk.everything() == before


def test_chosen_tab_that_is_gone_stops_the_run(new_desk: Callable[..., Desk]) -> None:
    """A tab that the merchant chose is not made in her place."""
    desk = new_desk(destination={"sheet_id": SHEET_ID})
    with pytest.raises(ChosenTabGone):
        desk.bring(some(1))


def test_renamed_tab_is_followed(desk: Desk) -> None:
    """A tab is known by its id."""
    desk.bring(some(2))
    desk.edit(rename("Sales '26!"))
    desk.bring(some(3))
    desk.assert_holds(some(3))


def test_deleted_system_column_is_made_again(desk: Desk) -> None:
    """Rows are adopted by their visible key: none is doubled, and people's words stay beside their rows."""
    desk.bring(some(4))
    desk.edit(append_column(), write(0, 4, "Remarks", "", "call back", "", "paid in cash"))
    desk.edit(delete_column(1))
    orders = [order(2, version=2, email="new@example.com"), order(1), order(5), order(4), order(3)]
    ran = desk.bring(orders)
    desk.assert_holds(orders)
    assert ran.outcome.added == 1
    assert desk.beside("Remarks") == {"#1002": "call back", "#1004": "paid in cash"}
    assert desk.grid()[0] == ["Order", "Tabkeeper", "Email", "Total", "Remarks"]
    assert desk.sheet(HIDDEN)["data"][0]["columnMetadata"][1]["hiddenByUser"]


@pytest.mark.parametrize("a_batch", [300, 1])
def test_deleted_system_column_of_lines_is_made_again(new_desk: Callable[..., Desk], a_batch: int) -> None:
    """All lines of an order adopt its rows, in their order."""
    desk = new_desk(columns=LINE_COLUMNS)
    orders = [order(1, "a", "b"), order(2, "c"), order(3, "d", "e", "f")]
    desk.bring(orders)
    desk.edit(append_column(), write(0, 5, "Remarks", "on a", "on b", "on c", "on d", "on e", "on f"))
    desk.edit(delete_column(1))
    ran = desk.bring(orders, a_batch=a_batch)
    desk.assert_holds(orders)
    assert ran.outcome.added == 0
    assert desk.beside("Remarks", key="SKU") == {sku: f"on {sku}" for sku in "abcdef"}


def test_deleted_system_column_of_an_order_larger_than_a_batch(new_desk: Callable[..., Desk]) -> None:
    """The second part of the order finds the first one's rows adopted, and its own still to be."""
    desk = new_desk(columns=["name", "sku"])
    orders = [order(1, "a"), order(2, *(f"s{number}" for number in range(1250))), order(3, "z")]
    desk.bring(orders)
    desk.edit(delete_column(1))
    ran = desk.bring(orders)
    desk.assert_holds(orders)
    assert ran.outcome.added == 0
    assert len(desk.grid()) == 1 + 1252


@pytest.mark.parametrize("emptied", [[1], [2], [3], [1, 3], [2, 3], [1, 2, 3]])
def test_system_cells_lost_in_some_rows_are_written_again(new_desk: Callable[..., Desk], emptied: list[int]) -> None:
    """A person emptied them: the rows are adopted, not doubled, and people's words stay beside the others."""
    desk = new_desk(columns=LINE_COLUMNS)
    orders = [order(1, "a", "b", "c"), order(2, "d")]
    desk.bring(orders)
    desk.edit(append_column(), write(0, 5, "Remarks", "on a", "on b", "on c", "on d"))
    desk.edit(*(write(row, 1, None) for row in emptied))
    ran = desk.bring(orders)
    desk.assert_holds(orders)
    assert (ran.outcome.added, len(desk.grid())) == (0, 5)
    assert desk.beside("Remarks", key="SKU") == {sku: f"on {sku}" for sku in "abcd"}


def test_person_s_row_with_an_order_s_name_is_not_taken_for_a_new_line(new_desk: Callable[..., Desk]) -> None:
    """Somebody keeps a line of their own below an order; when the order gets another line, theirs stays."""
    desk = new_desk(columns=LINE_COLUMNS)
    desk.bring([order(1, "a", "b"), order(2, "c")])
    desk.edit(insert_rows(3), write(3, 0, "#1001"), write(3, 3, "agreed discount"))
    orders = [order(1, "a", "b", "x", version=2), order(2, "c")]
    desk.bring(orders)
    desk.assert_holds(orders)
    assert [row[3] for row in desk.grid()] == ["SKU", "a", "b", "x", "agreed discount", "c"]


def test_lost_metadata_of_the_key_is_found_by_its_header(desk: Desk) -> None:
    """A key column that was cut and pasted has lost its metadata; its header tells it, and it is marked again."""
    desk.bring(some(2))
    lookup = {"metadataKey": "tabkeeper.column", "metadataValue": "aut_1:name"}
    desk.edit({"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}})
    desk.bring(some(3))
    desk.assert_holds(some(3))
    assert desk.grid()[0] == ["Order", "Tabkeeper", "Email", "Total"]
    marks = desk.sheet("data(columnMetadata(developerMetadata(metadataValue)))")["data"][0]["columnMetadata"]
    assert marks[0]["developerMetadata"][0]["metadataValue"] == "aut_1:name"


def test_two_automations_in_one_tab_keep_apart(new_desk: Callable[..., Desk]) -> None:
    """Columns are marked with their automation; another's columns are a person's to this one."""
    desk = new_desk()
    desk.bring(some(2))
    mark = {
        "metadataKey": "tabkeeper.column",
        "metadataValue": "aut_2:email",
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": {"sheetId": SHEET_ID, "dimension": "COLUMNS", "startIndex": 4, "endIndex": 5}},
    }
    desk.edit(append_column(), write(0, 4, "Email", "theirs"), {"createDeveloperMetadata": {"developerMetadata": mark}})
    desk.bring([order(1, version=2, email="new@example.com"), order(2)])
    assert [row[2:] for row in desk.grid()] == [
        ["Email", "Total", "Email"],
        ["new@example.com", 1.5, "theirs"],
        ["buyer2@example.com", 2.5, ""],
    ]
