"""People at the tab while a run writes: between its reading and its writing, and right after a write."""

from collections.abc import Callable

import pytest

from backend.errors import ColumnGone
from jobs.sheets.system_cell import parse
from tests.contract.sheets.book import Json
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import (
    append_column,
    copy_row,
    delete_column,
    delete_rows,
    filter_out,
    hide_column,
    insert_column,
    insert_rows,
    move_column,
    rename,
    sort,
    write,
)
from tests.contract.tab.orders import CATALOGUE, LINE_COLUMNS, order, rows_of, some

FIRST = some(12)
THEN = [order(number, version=2, email="new@example.com") for number in (3, 5, 6)]
"""Orders that changed, all in the first batch of the second run."""
ALL = [*FIRST[:2], THEN[0], FIRST[3], *THEN[1:], *FIRST[6:], *some(16)[12:]]
"""Everything that the tab is to hold after the second run."""
BATCHES = [*THEN, *some(16)[12:], *FIRST]
"""As the second run gets it."""

WIDTH = 5

EDITS = [
    pytest.param([insert_rows(1)], [], id="row inserted above"),
    pytest.param([insert_rows(5, 2)], [], id="rows inserted between"),
    pytest.param([insert_rows(13, 4)], [], id="rows inserted below"),
    pytest.param([delete_rows(2)], [2], id="row deleted above"),
    pytest.param([delete_rows(6)], [6], id="changed row deleted"),
    pytest.param([delete_rows(12)], [12], id="last row deleted"),
    pytest.param([delete_rows(13)], [], id="blank row deleted"),
    pytest.param([sort(range(1, 13), range(WIDTH), by=3)], [], id="sorted"),
    pytest.param([sort(range(1, 13), range(1), by=0)], [], id="torn"),
    pytest.param([insert_rows(2), copy_row(9, to=2, width=WIDTH)], [], id="row duplicated"),
    pytest.param([filter_out(0, "#1003", "#1008", rows=13, columns=WIDTH)], [], id="filtered"),
    pytest.param([rename("Renamed")], [], id="tab renamed"),
    pytest.param([insert_column(0)], [], id="column inserted left"),
    pytest.param([insert_column(2)], [], id="column inserted between"),
    pytest.param([move_column(3, to=0)], [], id="column moved"),
    pytest.param([hide_column(2)], [], id="column hidden"),
    pytest.param([write(0, 3, "Amount")], [], id="header renamed"),
]
"""What a person does, and the orders whose remarks they take away with it."""


@pytest.fixture
def noted(desk: Desk) -> Desk:
    """Twelve orders with a remark beside each: Order, the system column, Email, Total, Remarks."""
    desk.bring(FIRST)
    desk.edit(append_column(), write(0, 4, "Remarks", *(remark(number) for number in range(1, 13))))
    return desk


def remark(number: int) -> str:
    return f"on #{1000 + number}"


def assert_in_step(desk: Desk) -> None:
    """The tab holds all orders, each once, and nothing of them stands where it does not belong."""
    head, *rows = desk.grid()
    headers = ["Amount" if "Amount" in head and key == "total" else CATALOGUE[key].label for key in desk.keys]
    places = [head.index(header) for header in headers]
    system = head.index("Tabkeeper")
    ours = [row for row in rows if parse(row[system])]
    assert sorted(tuple(row[place] for place in places) for row in ours) == sorted(rows_of(ALL, desk.keys))
    own = {head.index("Remarks"), *places, system}
    assert not any(row[place] for row in [head, *rows] for place in range(len(head)) if place not in own)
    assert not any(row[place] for row in rows if not parse(row[system]) for place in [system, *places])


@pytest.mark.parametrize("when", ["edit_before", "edit_after"])
@pytest.mark.parametrize("skip", [0, 1])
@pytest.mark.parametrize(("edits", "taken"), EDITS)
def test_edit_under_a_run_is_healed(noted: Desk, when: str, skip: int, edits: list[Json], taken: list[int]) -> None:
    """Whatever a person does to rows and columns meanwhile, every order ends once, and their words are kept."""
    noted.fault(when, *edits, skip=skip)
    noted.bring(BATCHES, a_batch=5)
    assert noted.pending_faults() == []
    noted.bring(ALL)
    assert_in_step(noted)
    kept = {remark(number) for number in range(1, 13) if number not in taken}
    assert sorted(text for text in set(noted.column("Remarks")) if text) == sorted(kept)
    assert noted.bring(ALL).writes == 0


@pytest.mark.parametrize("edits", [[insert_column(0)], [insert_column(2)], [move_column(3, to=0)], [insert_rows(14)]])
def test_words_stay_beside_their_rows_when_rows_did_not_move(noted: Desk, edits: list[Json]) -> None:
    """Columns that move under a write are put right where they are, without moving a row."""
    noted.fault("edit_before", *edits)
    noted.bring(BATCHES, a_batch=5)
    assert noted.beside("Remarks") == {f"#{1000 + number}": remark(number) for number in range(1, 13)}


@pytest.mark.parametrize("edit", [insert_rows(1), delete_rows(2)])
def test_words_beside_a_changed_order_stay_with_it_when_rows_move(noted: Desk, edit: Json) -> None:
    """A write that hits the rows beside doubles the changed orders; of the two, the one with their words is kept."""
    changes = {number: order(number, version=2, email="new@example.com") for number in (4, 7, 10)}
    orders = [changes.get(number) or order(number) for number in range(1, 13)]
    noted.fault("edit_before", edit)
    noted.bring([*changes.values(), *orders], a_batch=len(changes))
    noted.assert_holds(orders)
    remarks = noted.beside("Remarks")
    assert [remarks[f"#{1000 + number}"] for number in changes] == [remark(number) for number in changes]
    assert set(noted.column("Remarks")) >= {remark(number) for number in range(3, 13)}


def test_own_column_moved_under_a_write_loses_what_was_written_over(noted: Desk) -> None:
    """Sheets has no write on condition: words in exactly the cells that were hit are lost, and no value of ours stays.

    Three changed orders and four new ones are in that batch; the other nine orders' remarks are kept.
    """
    noted.fault("edit_before", move_column(4, to=2))
    noted.bring(BATCHES, a_batch=5)
    assert_in_step(noted)
    kept = {f"#{1000 + number}": remark(number) for number in range(1, 13) if number not in {3, 5, 6}}
    assert noted.beside("Remarks") == kept


def test_column_inserted_while_the_first_batch_is_written(desk: Desk) -> None:
    """The tab has no rows yet that could look wrong: the columns' own marks tell."""
    desk.fault("edit_before", insert_column(0), skip=1)
    desk.bring(FIRST, a_batch=4)
    desk.assert_holds(FIRST)
    assert [row[0] for row in desk.grid()] == [""] * 13


def test_putting_columns_right_survives_an_unclear_outcome(noted: Desk) -> None:
    """The second write may be lost, too."""
    noted.fault("edit_before", insert_column(2))
    noted.fault("503_before", skip=1)
    noted.bring(BATCHES, a_batch=5)
    assert noted.pending_faults() == []
    assert_in_step(noted)
    assert noted.beside("Remarks") == {f"#{1000 + number}": remark(number) for number in range(1, 13)}


def test_managed_column_deleted_under_a_write_stops_the_run(noted: Desk) -> None:
    """Nothing of ours stays in the columns that moved into its place."""
    noted.fault("edit_before", delete_column(2))
    with pytest.raises(ColumnGone):
        noted.bring(BATCHES, a_batch=5)
    head, *rows = noted.grid()
    assert head == ["Order", "Tabkeeper", "Total", "Remarks"]
    assert {row[3] for row in rows} <= {"", *(remark(number) for number in range(1, 13))}


def test_lines_move_under_a_write(new_desk: Callable[..., Desk]) -> None:
    """Lines inserted, changed and deleted at coordinates that a sort has made wrong all end where they belong."""
    desk = new_desk(columns=LINE_COLUMNS)
    first = [order(number, f"a{number}", f"b{number}", f"c{number}") for number in range(1, 8)]
    desk.bring(first)
    then = [order(number, f"a{number}", f"x{number}", f"c{number}", version=2, quantity=5) for number in (2, 4, 6)]
    orders = [first[0], then[0], first[2], then[1], first[4], then[2], first[6]]
    desk.fault("edit_before", sort(range(1, 22), range(5), by=3))
    desk.bring(then)
    desk.bring(orders)
    desk.assert_holds(orders)


def test_cells_are_edited_under_a_write(noted: Desk) -> None:
    """Somebody pastes over keys and system cells at the very moment; all orders stand afterwards, once each."""
    noted.fault("edit_before", write(4, 0, "mine"), write(7, 1, "v1|7|", ""), write(9, 1, None))
    noted.bring([*BATCHES, *ALL])
    assert_in_step(noted)
