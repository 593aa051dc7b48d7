"""People at the tab while a run writes: between its reading and its writing, and right after a write."""

from collections.abc import Callable

import pytest

from backend.errors import ColumnGone
from tests.contract.sheets.book import Json
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import (
    delete_column,
    delete_rows,
    insert_column,
    insert_rows,
    move_column,
    sort,
    write,
)
from tests.contract.tab.noted import A_BATCH, ALL, FIRST, RUN, assert_in_step, remark, remarks
from tests.contract.tab.orders import LINE_COLUMNS, order


@pytest.mark.parametrize("edits", [[insert_column(0)], [insert_column(2)], [move_column(3, to=0)], [insert_rows(14)]])
def test_words_stay_beside_their_rows_when_rows_did_not_move(noted: Desk, edits: list[Json]) -> None:
    """Columns that move under a write are put right where they are, without moving a row."""
    noted.fault("edit_before", *edits)
    noted.bring(RUN, a_batch=A_BATCH)
    assert noted.beside("Remarks") == remarks()


@pytest.mark.parametrize("edit", [insert_rows(1), delete_rows(2)])
def test_words_beside_a_changed_order_stay_with_it_when_rows_move(noted: Desk, edit: Json) -> None:
    """A write that hits the rows beside doubles the changed orders; of the two, the one with their words is kept."""
    changes = {number: order(number, version=2, email="new@example.com") for number in (4, 7, 10)}
    orders = [changes.get(number) or order(number) for number in range(1, 13)]
    noted.fault("edit_before", edit)
    noted.bring([*changes.values(), *orders], a_batch=len(changes))
    noted.assert_holds(orders)
    beside = noted.beside("Remarks")
    assert [beside[f"#{1000 + number}"] for number in changes] == [remark(number) for number in changes]
    assert set(noted.column("Remarks")) >= {remark(number) for number in range(3, 13)}


def test_own_column_moved_under_a_write_loses_what_was_written_over(noted: Desk) -> None:
    """Sheets has no write on condition: words in exactly the cells that were hit are lost, and no value of ours stays.

    Three changed orders and four new ones are in that batch; the other nine orders' remarks are kept.
    """
    noted.fault("edit_before", move_column(4, to=2))
    noted.bring(RUN, a_batch=A_BATCH)
    assert_in_step(noted)
    assert noted.beside("Remarks") == remarks(without=(3, 5, 6))


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
    noted.bring(RUN, a_batch=A_BATCH)
    assert noted.pending_faults() == []
    assert_in_step(noted)
    assert noted.beside("Remarks") == remarks()


def test_managed_column_deleted_under_a_write_stops_the_run(noted: Desk) -> None:
    """Nothing of ours stays in the columns that moved into its place."""
    noted.fault("edit_before", delete_column(2))
    with pytest.raises(ColumnGone):
        noted.bring(RUN, a_batch=A_BATCH)
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
    noted.bring([*RUN, *ALL])
    assert_in_step(noted)
