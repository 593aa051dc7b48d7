"""Whatever people do to a tab, at each moment of a run: before it, under its first write, and between two batches."""

from collections.abc import Callable

import pytest

from backend.errors import ColumnGone, Protected, TabGone
from tests.contract.sheets.book import Json, box
from tests.contract.tab.desk import DELETE, Desk
from tests.contract.tab.edits import (
    SHEET_ID,
    append_column,
    copy_row,
    cut_row,
    delete_column,
    delete_rows,
    delete_tab,
    drag_row,
    filter_out,
    freeze,
    hide_column,
    hide_tab,
    insert_column,
    insert_rows,
    look_through_filter,
    move_column,
    move_tab,
    protect,
    rename,
    set_locale,
    sort,
    sort_by_filter,
    write,
)
from tests.contract.tab.moment import Moment
from tests.contract.tab.noted import A_BATCH, ALL, RUN, WIDTH, assert_in_step, remark, remarks
from tests.contract.tab.orders import some

WHOLE = range(1, 13)
"""The rows of the twelve orders."""

ROWS_STAY = [
    pytest.param([filter_out(0, "#1003", "#1008", rows=13, columns=WIDTH)], id="filtered"),
    pytest.param([look_through_filter(0, "#1003", "#1008", rows=13, columns=WIDTH)], id="filter view"),
    pytest.param([insert_rows(13, 4)], id="rows inserted below"),
    pytest.param([delete_rows(13)], id="blank row deleted"),
    pytest.param([insert_column(0)], id="column inserted left"),
    pytest.param([insert_column(2)], id="column inserted between"),
    pytest.param([append_column()], id="column inserted right"),
    pytest.param([move_column(3, to=0)], id="column moved"),
    pytest.param([hide_column(2)], id="column hidden"),
    pytest.param([write(0, 3, "Amount")], id="header renamed"),
    pytest.param([rename("Renamed")], id="tab renamed"),
    pytest.param([move_tab(0)], id="tab moved"),
    pytest.param([hide_tab()], id="tab hidden"),
    pytest.param([freeze(rows=6, columns=2)], id="rows and columns frozen"),
    pytest.param([freeze(rows=0)], id="header unfrozen"),
    pytest.param([set_locale("de_DE")], id="locale changed"),
]
ROWS_MOVE = [
    pytest.param([sort(WHOLE, range(WIDTH), by=0)], [], id="sorted by the key"),
    pytest.param([sort(WHOLE, range(WIDTH), by=3)], [], id="sorted by a managed column"),
    pytest.param([sort(WHOLE, range(WIDTH), by=4)], [], id="sorted by an own column"),
    pytest.param([sort_by_filter(3, rows=13, columns=WIDTH)], [], id="sorted by a filter"),
    pytest.param([sort(WHOLE, range(1), by=0)], [], id="torn by a sort of one column"),
    pytest.param([sort(WHOLE, range(4), by=3)], [], id="managed columns sorted"),
    pytest.param([insert_rows(1)], [], id="row inserted above"),
    pytest.param([insert_rows(5, 2)], [], id="rows inserted between"),
    pytest.param([delete_rows(2)], [2], id="row deleted above"),
    pytest.param([delete_rows(6)], [6], id="changed row deleted"),
    pytest.param([delete_rows(12)], [12], id="last row deleted"),
    pytest.param([insert_rows(2), copy_row(9, to=2, width=WIDTH)], [], id="row duplicated"),
    pytest.param([insert_rows(13, 3), cut_row(5, to=14, width=WIDTH)], [], id="row cut and pasted below"),
    pytest.param([cut_row(5, to=9, width=WIDTH)], [9], id="row cut and pasted over another"),
    pytest.param([drag_row(5, to=10)], [], id="row dragged"),
]
"""With the orders whose remarks the person takes away."""


def bring(desk: Desk) -> None:
    desk.bring(RUN, a_batch=A_BATCH)
    assert desk.pending_faults() == []


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("edits", ROWS_STAY)
def test_words_stay_beside_their_orders(noted: Desk, moment: Moment, edits: list[Json]) -> None:
    """What leaves rows where they are costs nothing: one run, every order in its row, every remark beside it."""
    moment.edit(noted, *edits)
    bring(noted)
    assert_in_step(noted)
    assert noted.beside("Remarks") == remarks()
    assert noted.bring(ALL).writes == 0


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize(("edits", "taken"), ROWS_MOVE)
def test_moved_rows_are_found_again(noted: Desk, moment: Moment, edits: list[Json], taken: list[int]) -> None:
    """Every order ends once with its own cells, and no remark is lost but those that the person took away."""
    moment.edit(noted, *edits)
    bring(noted)
    noted.bring(ALL)
    assert_in_step(noted)
    kept = {remark(number) for number in range(1, 13) if number not in taken}
    assert {text for text in noted.column("Remarks") if text} == kept
    assert noted.bring(ALL).writes == 0


@pytest.mark.parametrize("moment", Moment)
def test_looks_notes_and_rules_stay(noted: Desk, moment: Moment) -> None:
    """Formats, notes, conditional formats and data validation of managed cells are people's; only values are ours."""
    red = {"userEnteredFormat": {"backgroundColor": {"red": 1}, "numberFormat": {"type": "NUMBER", "pattern": "0.0"}}}
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "yes"}]}, "strict": True}
    shown = {"condition": {"type": "NOT_BLANK"}, "format": {"textFormat": {"italic": True}}}
    changed = box(3, 3, 4, 4, SHEET_ID)
    moment.edit(
        noted,
        {"repeatCell": {"range": changed, "cell": red, "fields": "userEnteredFormat(backgroundColor,numberFormat)"}},
        {"repeatCell": {"range": changed, "cell": {"note": "a note"}, "fields": "note"}},
        {"setDataValidation": {"range": changed, "rule": rule}},
        {
            "addConditionalFormatRule": {
                "rule": {"ranges": [box(1, 0, 13, 4, SHEET_ID)], "booleanRule": shown},
                "index": 0,
            }
        },
    )
    bring(noted)
    assert_in_step(noted)
    cell = noted.sheet("data(rowData(values(note,dataValidation,userEnteredFormat)))")["data"][0]["rowData"][3]
    dressed = cell["values"][3]
    assert (dressed["note"], dressed["dataValidation"]) == ("a note", rule)
    assert dressed["userEnteredFormat"]["numberFormat"]["pattern"] == "0.0"
    assert dressed["userEnteredFormat"]["backgroundColor"] == {"red": 1}
    (conditional,) = noted.sheet("conditionalFormats")["conditionalFormats"]
    assert conditional["booleanRule"]["format"] == {"textFormat": {"italic": True}}
    assert conditional["ranges"][0]["startRowIndex"] == 1


def test_frozen_rows_hinder_no_deletion(new_desk: Callable[..., Desk]) -> None:
    """Google keeps one row below the frozen ones: where a person left none to spare, one is added first."""
    desk = new_desk(on_removed=DELETE)
    desk.bring(some(6))
    desk.edit(freeze(rows=4), delete_rows(7))
    desk.bring([*some(3), *some(6, version=2, removed=True)[3:]])
    desk.assert_holds(some(3))


@pytest.mark.parametrize("moment", Moment)
def test_own_formulas_follow_their_rows(noted: Desk, moment: Moment) -> None:
    """A column of formulas and one of values, at the right and far from it, keep their cells beside their orders."""
    doubles = [f"=D{row}*2" for row in range(2, 14)]
    moment.edit(noted, append_column(), append_column(), write(0, 6, "Double", *doubles))
    bring(noted)
    assert noted.beside("Double") == {f"#{1000 + number}": 2 * number + 1 for number in range(1, 13)}
    assert noted.beside("Remarks") == remarks()


@pytest.mark.parametrize("moment", Moment)
def test_totals_below_the_data_stay_below(noted: Desk, moment: Moment) -> None:
    """A total right below the last order and a word further down, whenever they come, end below all orders."""
    below = 15 if moment is Moment.BETWEEN else 13
    words = [write(below, 0, "Total"), write(below, 3, f"=SUM(D2:D{below})"), write(below + 3, 2, "so far")]
    moment.edit(noted, insert_rows(below, 6), *words)
    bring(noted)
    noted.assert_holds(ALL)
    assert noted.beside("Remarks") == remarks()
    rows = noted.grid("FORMULA")
    assert [(row[0], row[3][:10]) for row in rows[17:18]] == [("Total", "=SUM(D2:D1")]
    assert rows[20][2] == "so far"


@pytest.mark.parametrize("moment", Moment)
def test_system_column_is_made_again(noted: Desk, moment: Moment) -> None:
    """A person deletes the hidden column: the rows are known by their keys."""
    moment.edit(noted, delete_column(1))
    bring(noted)
    noted.bring(ALL)
    assert_in_step(noted)
    assert {text for text in noted.column("Remarks") if text} >= {remark(number) for number in (1, 2, 4)}


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("area", [{"sheetId": SHEET_ID}, box(0, 2, 100, 3, SHEET_ID), box(4, 0, 20, 4, SHEET_ID)])
def test_protection_stops_the_run_at_a_whole_batch(noted: Desk, moment: Moment, area: Json) -> None:
    """Google refuses the batch as a whole; the one before it stays."""
    moment.edit(noted, protect(area))
    before = noted.everything()
    with pytest.raises(Protected):
        noted.bring(RUN, a_batch=A_BATCH)
    if moment is Moment.BEFORE:
        assert noted.everything() == before
    assert len(noted.identities()) == (14 if moment is Moment.BETWEEN else 12)
    assert noted.beside("Remarks") == remarks()


@pytest.mark.parametrize("moment", Moment)
def test_deleted_column_takes_nothing_else_with_it(noted: Desk, moment: Moment) -> None:
    """What lands in the column that moved into its place is taken back, before the run stops and says so.

    Under a write, the words in exactly the cells that were hit are lost: Sheets has no write on condition.
    """
    moment.edit(noted, delete_column(3))
    before = noted.everything()
    with pytest.raises(ColumnGone):
        noted.bring(RUN, a_batch=A_BATCH)
    if moment is Moment.BEFORE:
        assert noted.everything() == before
    assert noted.beside("Remarks") == remarks(without=(3, 5, 6) if moment is Moment.UNDER else ())
    assert noted.grid()[0] == ["Order", "Tabkeeper", "Email", "Remarks"]


@pytest.mark.parametrize("moment", Moment)
def test_deleted_tab_stops_the_run_and_no_other_is_touched(new_desk: Callable[..., Desk], moment: Moment) -> None:
    """Nor is the tab made again behind its merchant's back."""
    desk = new_desk()
    desk.bring(ALL[:3])
    sheet1 = {"ranges": "Sheet1", "includeGridData": True, "fields": "sheets"}
    before = desk.get(**sheet1)
    moment.edit(desk, delete_tab())
    with pytest.raises(TabGone):
        desk.bring(ALL, a_batch=A_BATCH)
    assert desk.get(**sheet1) == before
    assert len(desk.get()["sheets"]) == 1
