"""Formulas that people have beside our rows: with `fill_down`, new rows get those that go all the way down."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.sheets.book import Json, box
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import (
    SHEET_ID,
    append_column,
    delete_rows,
    insert_column,
    insert_rows,
    protect,
    sort,
    write,
)
from tests.contract.tab.orders import LINE_COLUMNS, order, some

A_BATCH = 3


@pytest.fixture
def filling(new_desk: Callable[..., Desk]) -> Desk:
    """Three orders: Order, the system column, Email, Total, and a person's Double."""
    desk = new_desk(fill_down=True)
    desk.bring(some(3))
    desk.edit(append_column(), write(0, 4, "Double", *(double(row) for row in (2, 3, 4))))
    return desk


def double(row: int) -> str:
    """The formula as a person has it in that row, counted from 1."""
    return f"=D{row}*2"


def formulas(desk: Desk, header: str = "Double") -> list[Any]:
    """A column below its header, top to bottom, with formulas as they were entered."""
    head, *rows = desk.grid("FORMULA")
    return [row[head.index(header)] for row in rows]


def assert_doubled(desk: Desk) -> None:
    """Each row of ours, and none else, has the formula of its own row."""
    totals = [row[3] for row in desk.grid()[1:]]
    assert formulas(desk) == [double(row) if total != "" else "" for row, total in enumerate(totals, start=2)]


def test_new_rows_get_the_formula_of_their_own_row(filling: Desk) -> None:
    """Batch after batch, below what stood, in the call that adds them; it costs one read a run."""
    ran = filling.bring(some(9), a_batch=A_BATCH)
    filling.assert_holds(some(9))
    assert_doubled(filling)
    assert filling.beside("Double")["#1009"] == 19.0
    assert (ran.reads, ran.writes) == (3, 2)


def test_formulas_are_left_alone_unless_asked_for(desk: Desk) -> None:
    """Without the option nothing is copied, and nothing read for it."""
    desk.bring(some(3))
    desk.edit(append_column(), write(0, 4, "Double", *(double(row) for row in (2, 3, 4))))
    ran = desk.bring(some(4))
    assert formulas(desk) == [double(2), double(3), double(4), ""]
    assert ran.reads == 2


def test_new_lines_get_the_formula_wherever_they_are_inserted(new_desk: Callable[..., Desk]) -> None:
    """At the top from the row below them, elsewhere from the one above; people's columns stand left and between."""
    desk = new_desk(columns=LINE_COLUMNS, fill_down=True)
    desk.bring([order(1, "b", "d"), order(2, "f"), order(3, "h")])
    desk.edit(insert_column(0), insert_column(4))
    desk.edit(write(0, 0, "Left", "=G2+1", "=G3+1", "=G4+1", "=G5+1"))
    desk.edit(write(0, 4, "Between", "=G2+A2", "=G3+A3", "=G4+A4", "=G5+A5"))
    orders = [order(1, "a", "b", "c", "d", "e", version=2), order(2, "g", version=2), order(3, "h")]
    desk.bring(orders)
    desk.assert_holds(orders)
    assert [row[0] for row in desk.rows("SKU")] == ["a", "b", "c", "d", "e", "g", "h"]
    assert formulas(desk, "Left") == [f"=G{row}+1" for row in range(2, 9)]
    assert formulas(desk, "Between") == [f"=G{row}+A{row}" for row in range(2, 9)]


def test_replaced_lines_get_the_formula_of_a_row_that_stays(new_desk: Callable[..., Desk]) -> None:
    """Two orders at the top have other lines now, a person's row between them: both get it from the third one's row."""
    desk = new_desk(columns=LINE_COLUMNS, fill_down=True)
    desk.bring([order(1, "a"), order(2, "b"), order(3, "c")])
    desk.edit(append_column(), write(0, 5, "Double", "=E2*2", "=E3*2", "=E4*2"), insert_rows(2))
    orders = [order(1, "x", version=2), order(2, "y", version=2), order(3, "c")]
    desk.bring(orders)
    desk.assert_holds(orders)
    assert formulas(desk) == ["=E2*2", "", "=E4*2", "=E5*2"]


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(write(2, 4, 7), id="a value"),
        pytest.param(write(3, 4, None), id="a gap"),
        pytest.param(write(1, 4, "call back", "paid", "gift"), id="remarks"),
        pytest.param(protect(box(1, 4, 4, 5, SHEET_ID)), id="protected"),
    ],
)
def test_columns_that_are_not_a_formula_all_the_way_are_left_alone(filling: Desk, edit: Json) -> None:
    """One row of ours with something else in it is enough, and so is a range that the account may not edit."""
    filling.edit(edit)
    before = formulas(filling)
    filling.bring(some(5))
    filling.assert_holds(some(5))
    assert formulas(filling) == [*before, "", ""]


@pytest.mark.parametrize(("last", "followed"), [("=D31*2", True), ("", False)])
def test_columns_are_looked_through_in_chunks(new_desk: Callable[..., Desk], last: str, followed: bool) -> None:
    """Of 18,000 columns eleven rows are read at a time; only what is a formula so far is read on, to its last row."""
    wide = {"title": "Mine", "sheetId": SHEET_ID, "rowCount": 40, "columnCount": 18_000}
    desk = new_desk(sheets=[wide], destination={"sheet_id": SHEET_ID}, fill_down=True)
    desk.bring(some(30))
    desk.edit(write(0, 4, "Double", *map(double, range(2, 31)), last or None))
    ran = desk.bring(some(31))
    assert formulas(desk)[29:31] == [last, double(32) if followed else ""]
    assert ran.reads == 4


def test_column_that_another_automation_fills_is_left_alone(filling: Desk) -> None:
    """What stands in it is that automation's to say."""
    mark = {
        "metadataKey": "tabkeeper.column",
        "metadataValue": "aut_2:total",
        "visibility": "DOCUMENT",
        "location": {"dimensionRange": {"sheetId": SHEET_ID, "dimension": "COLUMNS", "startIndex": 4, "endIndex": 5}},
    }
    filling.edit({"createDeveloperMetadata": {"developerMetadata": mark}})
    filling.bring(some(4))
    assert formulas(filling)[3] == ""


def test_people_s_rows_neither_count_nor_give_their_formula(filling: Desk) -> None:
    """A note between, a total below: new rows have the formula of ours, and stand above the total."""
    filling.edit(write(4, 4, "=SUM(E2:E4)"), insert_rows(2), write(2, 4, "seen"))
    filling.bring(some(5))
    filling.assert_holds(some(5))
    assert formulas(filling)[:6] == [double(2), "seen", *map(double, (4, 5, 6, 7))]
    assert formulas(filling)[6].startswith("=SUM(")


def test_rows_that_come_back_have_their_formula_again(filling: Desk) -> None:
    """A deleted row took its formula along; as a new row it gets its neighbour's."""
    filling.edit(delete_rows(2))
    filling.bring(some(3))
    filling.assert_holds(some(3))
    assert_doubled(filling)


def test_row_that_lost_its_system_cell_gives_no_formula(new_desk: Callable[..., Desk]) -> None:
    """It was not looked at as one of ours: what it holds is not copied to the new line below it."""
    desk = new_desk(columns=LINE_COLUMNS, fill_down=True)
    desk.bring([order(1, "a"), order(2, "b"), order(3, "c")])
    desk.edit(append_column(), write(0, 5, "Double", "=E2*2", "on hold", "=E4*2"), write(2, 1, None))
    orders = [order(1, "a"), order(2, "b", "x"), order(3, "c")]
    desk.bring(orders)
    desk.assert_holds(orders)
    assert formulas(desk) == ["=E2*2", "on hold", "=E4*2", "=E5*2"]


def test_only_row_that_an_arrayformula_starts_in_is_not_followed(new_desk: Callable[..., Desk]) -> None:
    """It fills the rows below by itself, and a formula in one of them would break it."""
    desk = new_desk(fill_down=True)
    desk.bring(some(1))
    desk.edit(append_column(), write(0, 4, "Double", "=ArrayFormula(D2:D*2)"))
    desk.bring(some(3))
    assert formulas(desk)[1:] == ["", ""]


def test_first_export_has_nothing_to_follow(new_desk: Callable[..., Desk]) -> None:
    """No row of ours stands beside a formula yet: not even a read is spent."""
    desk = new_desk(fill_down=True)
    assert desk.bring(some(3), a_batch=A_BATCH).reads == 1


@pytest.mark.parametrize("kind", ["503_before", "503_after", "drop_before", "drop_after"])
def test_formulas_stand_once_after_a_write_of_unclear_outcome(filling: Desk, kind: str) -> None:
    """Applied or not, each new row stands once and has its formula."""
    filling.fault(kind)
    filling.bring(some(9), a_batch=A_BATCH)
    filling.assert_holds(some(9))
    assert_doubled(filling)


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(insert_rows(1), id="row inserted"),
        pytest.param(sort(range(1, 4), range(5), by=3), id="sorted"),
        pytest.param(delete_rows(2), id="row deleted"),
    ],
)
def test_rows_that_move_under_a_write_do_no_harm(filling: Desk, edit: Json) -> None:
    """New rows are empty wherever they land, so nothing is written over; what a person has elsewhere stays."""
    filling.edit(insert_rows(5), write(5, 4, "mine"))
    filling.fault("edit_before", edit)
    filling.bring(some(6))
    assert filling.pending_faults() == []
    filling.assert_holds(some(6))
    assert "mine" in formulas(filling)


def test_formulas_pasted_beside_a_column_that_moved_are_taken_back(filling: Desk) -> None:
    """A column inserted under the write brings remarks to where the formulas were: none is left beside a new row."""
    filling.edit(insert_column(4), write(0, 4, "Remarks", "call back", "gift", "paid"))
    filling.fault("edit_before", insert_column(0))
    filling.bring(some(4))
    filling.assert_holds(some(4))
    head, *rows = filling.grid("FORMULA")
    assert head == ["", "Order", "Tabkeeper", "Email", "Total", "Remarks", "Double"]
    assert [row[5:] for row in rows] == [["call back", "=E2*2"], ["gift", "=E3*2"], ["paid", "=E4*2"], ["", ""]]
