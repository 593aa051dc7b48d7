"""Orders over time: rows added, changed, held back and removed, in both row modes."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from backend.automations.model import OnRemoved
from backend.platforms.source import Order
from tests.contract.tab.desk import DELETE, KEEP, MARK, Desk
from tests.contract.tab.edits import append_column, write
from tests.contract.tab.orders import LINE_COLUMNS, order, some
from tests.contract.tab.strikes import struck


@pytest.fixture
def lines(new_desk: Callable[..., Desk]) -> Desk:
    """One row a line: Order, the system column, Total, SKU, Quantity."""
    return new_desk(columns=LINE_COLUMNS)


def skus(desk: Desk) -> list[str]:
    return [row[0] for row in desk.rows("SKU")]


def test_new_orders_go_below_the_others(desk: Desk) -> None:
    """In the order in which they come."""
    desk.bring(some(2))
    desk.bring([order(9), order(3), order(1)])
    assert desk.rows("Order") == [("#1001",), ("#1002",), ("#1009",), ("#1003",)]


def test_changed_order_is_rewritten_in_place(desk: Desk) -> None:
    """Only what changed counts as updated."""
    desk.bring(some(3))
    ran = desk.bring([order(1), order(2, version=2, email="new@example.com"), order(3)])
    assert (ran.outcome.updated, ran.outcome.unchanged, ran.outcome.added) == (1, 2, 0)
    assert desk.rows("Order", "Email")[1] == ("#1002", "new@example.com")


def test_newer_version_with_equal_cells_costs_no_write(desk: Desk) -> None:
    """A change of what no column shows leaves the tab alone."""
    desk.bring(some(3))
    ran = desk.bring(some(3, version=2))
    assert (ran.writes, ran.outcome.unchanged) == (0, 3)


def test_older_version_never_overwrites(desk: Desk) -> None:
    """A delayed answer of the shop does not undo a newer one."""
    desk.bring([order(1, version=5, email="new@example.com")])
    ran = desk.bring([order(1, version=4, email="old@example.com")])
    assert (ran.writes, ran.outcome.older) == (0, 1)
    assert desk.rows("Email") == [("new@example.com",)]


def test_older_version_never_removes_lines(lines: Desk) -> None:
    """Nor does it take away lines that it does not know yet, or bring back those that are gone."""
    lines.bring([order(1, "a", "c", version=5)])
    lines.bring([order(1, "a", "b", version=4)])
    assert skus(lines) == ["a", "c"]


def test_order_that_comes_twice_in_a_batch_stands_once(desk: Desk) -> None:
    """A page of the shop that shifted while it was read repeats an order; the newer one counts."""
    twice = [order(1), order(2, version=2, email="new@example.com"), order(3), order(2), order(1, version=3)]
    desk.bring(twice)
    desk.assert_holds([order(1), order(2, email="new@example.com"), order(3)])


def test_lines_of_an_order_that_comes_twice_stand_once(lines: Desk) -> None:
    """The newer one's lines, and none that it no longer has."""
    lines.bring([order(1, "a"), order(2, "b", "c"), order(3, "d"), order(2, "b", "x", version=2)])
    lines.assert_holds([order(1, "a"), order(2, "b", "x"), order(3, "d")])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["a", "b", "c"], ["a", "x", "b", "c"]),
        (["a", "b", "c"], ["x", "a", "b", "c"]),
        (["a", "b", "c"], ["a", "b", "c", "x", "y"]),
        (["a", "b", "c"], ["a", "c"]),
        (["a", "b", "c"], ["x", "y", "z"]),
        (["a"], ["x", "a", "y"]),
        ([], ["a", "b"]),
        (["a", "b"], []),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_lines_come_and_go_inside_their_order(lines: Desk, before: list[str], after: list[str], place: int) -> None:
    """Rows are inserted and deleted where the order stands; its rows stay together, its neighbours stay whole."""
    orders = [order(1, "p", "q"), order(3, "r", "s")]
    lines.bring([*orders[:place], order(2, *before), *orders[place:]])
    changed = order(2, *after, version=2)
    lines.bring([changed])
    wanted = [*orders[:place], changed, *orders[place:]]
    lines.assert_holds(wanted)
    assert lines.identities() == [(each.id, line) for each in wanted for line in line_ids(each)]


def line_ids(each: Order) -> list[str]:
    return [line.id for line in each.lines] or [""]


@pytest.mark.parametrize("reverse", [False, True])
def test_neighbours_that_grow_at_once_stay_apart(lines: Desk, reverse: bool) -> None:
    """One gets a last line, the next a first one, and a new order comes: each keeps its rows together."""
    lines.bring([order(1, "a"), order(2, "b"), order(3, "c")])
    orders = [order(1, "a", "a2", version=2), order(2, "b1", "b", version=2), order(3, "c", "c2", version=2)]
    orders.append(order(4, "d"))
    lines.bring(orders[::-1] if reverse else orders)
    assert skus(lines) == ["a", "a2", "b1", "b", "c", "c2", "d"]


def test_quantities_of_lines_change_in_place(lines: Desk) -> None:
    """An update moves no row, so people's words stay where they are."""
    lines.bring([order(1, "a", "b"), order(2, "c")])
    lines.edit(append_column(), write(0, 5, "Remarks", "on a", "on b", "on c"))
    orders = [order(2, "c", version=2, quantity=9), order(1, "a", "b", "n", version=2, quantity=7)]
    lines.bring(orders)
    lines.assert_holds(orders)
    assert lines.beside("Remarks", key="SKU") == {"a": "on a", "b": "on b", "c": "on c"}


def test_switch_to_one_row_a_line(desk: Desk) -> None:
    """The row of an order makes place for the rows of its lines."""
    orders = [order(1, "a", "b"), order(2, "c")]
    desk.bring(orders)
    desk.declare(["name", "email", "total", "sku"])
    desk.bring(orders)
    desk.assert_holds(orders)
    desk.declare(["name", "email", "total"])
    desk.bring(orders)
    desk.assert_holds(orders)


def removals() -> Sequence[Any]:
    """An order that is gone in each of the ways the shop can tell it."""
    paid = [{"field": "paid", "op": "eq", "value": False}]
    return [
        pytest.param(order(2, "c", "d", version=2, removed=True), (), id="cancelled"),
        pytest.param(order(2, "c", "d", version=2, paid=True), paid, id="filtered"),
    ]


@pytest.mark.parametrize("columns", [("name", "email"), ("name", "sku")])
@pytest.mark.parametrize("on_removed", [KEEP, MARK, DELETE])
@pytest.mark.parametrize(("gone", "filters"), removals())
def test_removed_order_is_kept_marked_or_deleted(
    new_desk: Callable[..., Desk],
    columns: Sequence[str],
    on_removed: OnRemoved,
    gone: Order,
    filters: Sequence[Any],
) -> None:
    """As the automation says; its neighbours are not touched."""
    desk = new_desk(columns=columns, on_removed=on_removed, filters=filters)
    first, last = order(1, "a", "b"), order(3, "e")
    desk.bring([first, order(2, "c", "d", paid=False), last])
    desk.bring([gone])
    stays = [first, last] if on_removed is DELETE else [first, gone, last]
    desk.assert_holds(stays)
    marked = [on_removed is MARK and identity[0] == gone.id for identity in desk.identities()]
    assert struck(desk) == marked


def test_order_that_comes_back_is_no_longer_struck_through(new_desk: Callable[..., Desk]) -> None:
    """A cancelled order that matches again looks like the others, and so do new rows below a marked one."""
    desk = new_desk(columns=["name", "email"], on_removed=MARK)
    desk.bring([order(1), order(2, version=2, removed=True)])
    desk.bring([order(3), order(2, version=2, removed=True)])
    assert struck(desk) == [False, True, False]
    desk.bring([order(2, version=3)])
    assert struck(desk) == [False, False, False]


def test_removed_order_that_never_stood_is_not_added(new_desk: Callable[..., Desk]) -> None:
    """An order that matched no filter from the start leaves no trace, and costs no write."""
    desk = new_desk(on_removed=MARK, filters=[{"field": "paid", "op": "eq", "value": True}])
    desk.bring([order(2)])
    ran = desk.bring([order(1), order(2)])
    desk.assert_holds([order(2)])
    assert ran.writes == 0


def test_all_orders_can_go(new_desk: Callable[..., Desk]) -> None:
    """Even where a person has deleted the blank rows below: Google refuses to delete the last row under a header."""
    desk = new_desk(on_removed=DELETE)
    desk.bring(some(3))
    desk.edit({"deleteDimension": {"range": {"sheetId": 7, "dimension": "ROWS", "startIndex": 4, "endIndex": 5}}})
    desk.bring([order(number, version=2, removed=True) for number in (1, 2, 3)])
    assert desk.grid() == [["Order", "Tabkeeper", "Email", "Total"]]
    desk.bring(some(2, version=3))
    desk.assert_holds(some(2))


def test_order_larger_than_a_batch_stands_whole(lines: Desk) -> None:
    """1,300 lines come in two writes and stand together, in order, between their neighbours; again they cost none."""
    skus_ = [f"s{number:04d}" for number in range(1300)]
    orders = [order(1, "a"), order(2, *skus_), order(3, "z")]
    lines.bring(orders)
    assert skus(lines) == ["a", *skus_, "z"]
    assert lines.bring(orders).writes == 0
    fewer = order(2, *skus_[::2], "new", version=2)
    lines.bring([fewer])
    assert skus(lines) == ["a", *skus_[::2], "new", "z"]
