"""Orders that leave: cancelled, filtered out or deleted at the shop, of which nothing is known then but their rows."""

from collections.abc import Callable, Sequence

import pytest

from backend.automations.model import OnRemoved
from backend.platforms.source import Order
from tests.contract.sheets.book import Json
from tests.contract.tab.desk import DELETE, KEEP, MARK, Desk
from tests.contract.tab.edits import (
    append_column,
    copy_row,
    delete_rows,
    insert_column,
    insert_rows,
    sort,
    write,
)
from tests.contract.tab.orders import LINE_COLUMNS, order, some
from tests.contract.tab.strikes import struck, struck_elsewhere

UNPAID = [{"field": "paid", "op": "eq", "value": False}]
STOOD = order(2, "c", "d", paid=False)
CANCELLED = order(2, "c", "d", version=2, paid=False, removed=True)
PAID = order(2, "c", "d", version=2, paid=True)
DELETED = Order("2", version=9, values={}, removed=True)
LEAVING = [
    pytest.param((CANCELLED, CANCELLED), id="cancelled"),
    pytest.param((PAID, PAID), id="filtered"),
    pytest.param((DELETED, STOOD), id="deleted"),
]
"""How the shop tells it, and what the tab shows of the order as long as it shows it."""
BY_ORDER, BY_LINE = ("name", "email"), ("name", "sku")


@pytest.fixture
def marking(new_desk: Callable[..., Desk]) -> Desk:
    """Three orders, one row a line, a remark beside each: Order, the system column, Total, SKU, Quantity, Remarks."""
    desk = new_desk(columns=LINE_COLUMNS, on_removed=MARK)
    desk.bring(standing())
    desk.edit(append_column(), write(0, 5, "Remarks", "on a", "on c", "on d", "on e"))
    return desk


def standing() -> list[Order]:
    return [order(1, "a"), STOOD, order(3, "e")]


REMARKS = {"a": "on a", "c": "on c", "d": "on d", "e": "on e"}


def test_deleted_order_is_struck_through(marking: Desk) -> None:
    """Its cells show what they showed, people's own are not touched, and it is no work the next time."""
    first = marking.bring([DELETED])
    assert (first.outcome.updated, first.writes) == (2, 1)
    assert struck(marking) == [False, True, True, False]
    assert struck_elsewhere(marking) == 0
    marking.assert_holds(standing())
    assert marking.beside("Remarks", key="SKU") == REMARKS
    again = marking.bring([DELETED])
    assert (again.writes, again.outcome.updated) == (0, 0)
    assert again.reads < first.reads


def test_deleted_order_that_the_shop_gives_again_is_no_longer_struck_through(marking: Desk) -> None:
    """Also as the version that stood: a shop may have hidden it for a while."""
    marking.bring([DELETED])
    ran = marking.bring([STOOD])
    assert (ran.outcome.updated, struck(marking)) == (2, [False] * 4)
    marking.assert_holds(standing())
    assert marking.bring(standing()).writes == 0


@pytest.mark.parametrize("columns", [BY_ORDER, BY_LINE])
@pytest.mark.parametrize("change", [(KEEP, MARK), (MARK, KEEP), (KEEP, DELETE), (MARK, DELETE)])
@pytest.mark.parametrize("leaving", LEAVING)
def test_change_of_mind_reaches_orders_that_left_before(
    new_desk: Callable[..., Desk],
    columns: Sequence[str],
    change: tuple[OnRemoved, OnRemoved],
    leaving: tuple[Order, Order],
) -> None:
    """Their rows are struck through, no longer so, or deleted, though nothing of them has changed since."""
    (before, after), (gone, shows) = change, leaving
    desk = new_desk(columns=columns, on_removed=before, filters=UNPAID)
    first, last = order(1, "a", paid=False), order(3, "e", paid=False)
    desk.bring([first, STOOD, last])
    desk.bring([gone])
    desk.declare(columns, on_removed=after)
    desk.bring([first, gone, last])
    desk.assert_holds([first, last] if after is DELETE else [first, shows, last])
    assert struck(desk) == [after is MARK and identity[0] == "2" for identity in desk.identities()]
    assert desk.bring([first, gone, last]).writes == 0


def test_new_row_below_one_that_is_still_struck_through_is_not(new_desk: Callable[..., Desk]) -> None:
    """Rows take the look of the one above, also where that one's mark is yet to be taken back."""
    desk = new_desk(on_removed=MARK)
    desk.bring([order(1), order(2)])
    desk.bring([order(2, version=2, removed=True)])
    desk.declare(desk.keys, on_removed=KEEP)
    desk.bring([order(3)])
    assert struck(desk) == [False, True, False]


@pytest.mark.parametrize("kind", ["503_before", "503_after", "drop_before", "drop_after", "429"])
def test_mark_survives_an_unclear_outcome(marking: Desk, kind: str) -> None:
    """Made or not, it stands afterwards, and counts once."""
    marking.fault(kind)
    ran = marking.bring([DELETED])
    assert marking.pending_faults() == []
    assert (ran.outcome.updated, ran.writes <= 2) == (2, True)
    assert struck(marking) == [False, True, True, False]
    marking.assert_holds(standing())
    assert marking.bring([DELETED]).writes == 0


@pytest.mark.parametrize("edit", [insert_rows(1), delete_rows(1), sort(range(1, 5), range(6), by=3)])
def test_rows_move_under_a_mark(marking: Desk, edit: Json) -> None:
    """It hits an order that the shop still has: everything is gone through, and only what is gone is struck through."""
    marking.fault("edit_before", edit)
    marking.bring([DELETED, order(1, "a"), order(3, "e")])
    marking.assert_holds(standing())
    assert struck(marking) == [identity[0] == "2" for identity in marking.identities()]
    assert struck_elsewhere(marking) == 0


@pytest.mark.parametrize("edit", [insert_rows(1), delete_rows(1)])
def test_words_beside_an_order_that_is_gone_stay_with_it_when_rows_move(
    new_desk: Callable[..., Desk], edit: Json
) -> None:
    """A mark that hits the row beside doubles the order; of the two, the one with the words is kept."""
    desk = new_desk(on_removed=MARK)
    desk.bring(some(5))
    desk.edit(append_column(), write(0, 4, "Remarks", None, None, "on the third"))
    desk.fault("edit_before", edit)
    desk.bring([Order("3", version=9, values={}, removed=True), *some(2), order(4), order(5)])
    desk.assert_holds(some(5))
    assert desk.beside("Remarks") == {"#1003": "on the third"}
    assert struck(desk) == [identity[0] == "3" for identity in desk.identities()]


@pytest.mark.parametrize("edit", [insert_rows(1), delete_rows(2), delete_rows(2, 3), write(2, 1, "", "")])
def test_rows_move_before_a_mark_is_read(marking: Desk, edit: Json) -> None:
    """Its system cells are no longer where the index has them; nothing is written by what they seem to say."""
    marking.fault("edit_before", edit, calls="read", skip=2)
    marking.bring([DELETED, order(1, "a"), order(3, "e")])
    assert marking.pending_faults() == []
    assert [identity for identity in marking.identities() if identity[0] != "2"] == [("1", "line-a"), ("3", "line-e")]
    assert struck(marking) == [identity[0] == "2" for identity in marking.identities()]


def test_columns_move_under_a_mark(marking: Desk) -> None:
    """It is taken to where its columns are by then."""
    marking.fault("edit_before", insert_column(0))
    marking.bring([DELETED])
    marking.assert_holds(standing())
    assert marking.beside("Remarks", key="SKU") == REMARKS
    assert [row[0] for row in marking.grid()] == [""] * 5
    assert marking.bring([DELETED]).writes == 0


def test_torn_row_of_a_deleted_order_is_marked_once(marking: Desk) -> None:
    """Nothing is known by which it could be healed; it is no reason to write in every run."""
    marking.edit(write(2, 0, "typed over"))
    marking.bring([DELETED])
    assert struck(marking) == [False, True, True, False]
    assert marking.bring([DELETED]).writes == 0


def test_copy_of_a_marked_row_is_emptied_and_no_longer_struck_through(marking: Desk) -> None:
    """What a person types there would be struck through, too."""
    marking.bring([DELETED])
    marking.edit(insert_rows(1), copy_row(3, to=1, width=6))
    marking.bring([DELETED])
    marking.assert_holds(standing())
    assert struck_elsewhere(marking) == 0


@pytest.mark.parametrize("on_removed", [KEEP, MARK])
@pytest.mark.parametrize("columns", [BY_ORDER, BY_LINE])
def test_order_deleted_at_the_shop_keeps_its_rows(
    new_desk: Callable[..., Desk], on_removed: OnRemoved, columns: Sequence[str]
) -> None:
    """The shop knows nothing of it any more; what the tab shows of it stays, and one that never stood is not added."""
    desk = new_desk(columns=columns, on_removed=on_removed)
    desk.bring(standing())
    desk.bring([DELETED, Order("8", version=9, values={}, removed=True)])
    desk.assert_holds(standing())


def test_order_deleted_at_the_shop_is_deleted(new_desk: Callable[..., Desk]) -> None:
    """Where the automation deletes what is gone."""
    desk = new_desk(columns=LINE_COLUMNS, on_removed=DELETE)
    desk.bring(standing())
    desk.bring([DELETED])
    desk.assert_holds([order(1, "a"), order(3, "e")])


def test_many_deleted_orders_are_marked_in_one_write(new_desk: Callable[..., Desk]) -> None:
    """Read in one call, written in one, however they are scattered."""
    desk = new_desk(on_removed=MARK)
    desk.bring(some(200))
    gone = [Order(str(number), version=9, values={}, removed=True) for number in range(1, 201, 3)]
    ran = desk.bring(gone)
    assert (ran.writes, ran.outcome.updated) == (1, len(gone))
    assert struck(desk) == [number % 3 == 1 for number in range(1, 201)]
    desk.assert_holds(some(200))
