"""What runs cost: Google allows sixty reads and sixty writes a minute."""

from collections.abc import Callable

from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import insert_rows
from tests.contract.tab.orders import LINE_COLUMNS, order, some

ORDERS = some(400)
A_BATCH = 20
BATCHES = 20


def test_first_export_costs_a_write_a_batch(desk: Desk) -> None:
    """One more write lays the tab out, one read sees that it is not there."""
    ran = desk.bring(ORDERS, a_batch=A_BATCH)
    assert (ran.reads, ran.writes) == (1, BATCHES + 1)


def test_run_without_changes_costs_two_reads(desk: Desk) -> None:
    """The structure, and the header with the index: whatever the number of batches."""
    desk.bring(ORDERS)
    ran = desk.bring(ORDERS, a_batch=A_BATCH)
    assert (ran.reads, ran.writes, ran.outcome.unchanged) == (2, 0, len(ORDERS))


def test_run_with_few_changes_costs_a_write_a_changed_batch(desk: Desk) -> None:
    """Four orders of four hundred changed, in three batches."""
    desk.bring(ORDERS)
    changed = {number: order(number, version=2, email="new@example.com") for number in (3, 4, 150, 399)}
    orders = [changed.get(number) or order(number) for number in range(1, 401)]
    ran = desk.bring(orders, a_batch=A_BATCH)
    assert (ran.reads, ran.writes, ran.outcome.updated) == (2, 3, 4)
    desk.assert_holds(orders)


def test_lines_that_come_and_go_cost_one_write(new_desk: Callable[..., Desk]) -> None:
    """Insertions and deletions in forty places are one call, and what it did is seen in its answer."""
    desk = new_desk(columns=LINE_COLUMNS)
    desk.bring([order(number, f"a{number}", f"b{number}") for number in range(1, 41)])
    orders = [order(number, f"b{number}", f"c{number}", f"d{number}", version=2) for number in range(1, 41)]
    ran = desk.bring(orders)
    assert (ran.reads, ran.writes) == (2, 1)
    desk.assert_holds(orders)


def test_added_column_costs_one_more_write_and_two_more_reads(desk: Desk) -> None:
    """The columns are changed, then read where they are now."""
    desk.bring(some(10))
    desk.declare(["name", "email", "zip", "total"])
    ran = desk.bring(some(10))
    assert (ran.reads, ran.writes) == (4, 2)


def test_batch_that_is_too_large_where_its_rows_stand_is_split(desk: Desk) -> None:
    """Rows apart from each other are a request each: what fits into one call as new rows takes two as changes."""
    count, length = 300, 3_700
    desk.bring(some(count, email="a" * length))
    desk.edit(*(insert_rows(row) for row in range(count, 1, -1)))
    orders = some(count, version=2, email="b" * length)
    ran = desk.bring(orders)
    assert (ran.reads, ran.writes, ran.outcome.updated) == (2, 2, count)
    desk.assert_holds(orders)
