"""Batches of consecutive orders under three caps."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.platforms.source import Checkpoint
from jobs.export.batch import Batch, batches, halves, split
from jobs.export.rows import OrderRows, Presence, Row
from tests.unit.jobs.properties import checked

CAPS = {"max_orders": 4, "max_rows": 6, "max_bytes": 100}


def order_rows(number: int, sizes: Sequence[int]) -> OrderRows:
    """An order whose rows take so many bytes; `number` stands for its identity."""
    rows = [
        Row(
            order_id=str(number),
            line_id=str(place),
            order_hash=number,
            line_hash=place + 1,
            version=1,
            content=1,
            key="",
            cells=[],
            system="{}",
            size_bytes=size,
        )
        for place, size in enumerate(sizes)
    ]
    names = frozenset(row.line_hash for row in rows)
    return OrderRows(str(number), number, 1, rows, presence=Presence.WANTED, line_hashes=names)


def stream(orders: Sequence[OrderRows]) -> Iterator[tuple[OrderRows, Checkpoint]]:
    """Each with the checkpoint after it."""
    return ((order, {"place": place}) for place, order in enumerate(orders))


def rows_in(orders: Sequence[OrderRows]) -> list[tuple[int, int]]:
    return [(row.order_hash, row.line_hash) for order in orders for row in order.rows]


def orders_of(sizes: int) -> st.SearchStrategy[list[OrderRows]]:
    """Orders of rows up to so many bytes, some of which come twice."""
    one = st.builds(order_rows, st.integers(1, 30), st.lists(st.integers(1, sizes), max_size=15))
    return st.lists(one, max_size=12)


@given(orders=orders_of(sizes=100))
@checked
def test_all_caps_hold_for_every_batch(orders: Sequence[OrderRows]) -> None:
    """Orders, rows and bytes, whatever comes."""
    for batch in batches(stream(orders), **CAPS):
        assert 1 <= len(batch.orders) <= CAPS["max_orders"]
        assert batch.rows <= CAPS["max_rows"]
        assert batch.size_bytes <= CAPS["max_bytes"]


@given(orders=orders_of(sizes=200))
@checked
def test_row_that_is_larger_than_a_batch_goes_alone(orders: Sequence[OrderRows]) -> None:
    """A cap of bytes that a single row exceeds is exceeded by that row only."""
    for batch in batches(stream(orders), **CAPS):
        assert batch.size_bytes <= CAPS["max_bytes"] or batch.rows == 1


@given(orders=orders_of(sizes=200))
@checked
def test_every_row_comes_once_and_in_order(orders: Sequence[OrderRows]) -> None:
    """Nothing is lost where an order is split or a batch is full."""
    made = [row for batch in batches(stream(orders), **CAPS) for row in rows_in(batch.orders)]
    assert made == rows_in(orders)


@given(orders=orders_of(sizes=200))
@checked
def test_checkpoints_follow_complete_orders(orders: Sequence[OrderRows]) -> None:
    """A batch that ends within an order has none; each other has that of its last order, and the last comes last."""
    done = 0
    made = list(batches(stream(orders), **CAPS))
    for batch in made:
        done += batch.complete_orders
        assert batch.checkpoint == ({"place": done - 1} if batch.complete_orders else None)
        assert batch.complete_orders in {0, len(batch.orders)}
    assert done == len(orders)
    assert not made or made[-1].complete_orders


@given(orders=orders_of(sizes=200))
@checked
def test_order_does_not_meet_itself_in_a_batch(orders: Sequence[OrderRows]) -> None:
    """A source may repeat an order; the second must see the rows of the first, or they would stand twice."""
    for batch in batches(stream(orders), **CAPS):
        names = [order.order_hash for order in batch.orders]
        assert len(names) == len(set(names))


def test_repeated_order_begins_a_new_batch() -> None:
    """Only where it would meet itself: after that, batches fill up as ever."""
    orders = [order_rows(number, [1]) for number in (1, 2, 1, 3, 2, 4)]
    made = [[order.order_hash for order in batch.orders] for batch in batches(stream(orders), **CAPS)]
    assert made == [[1, 2], [1, 3, 2, 4]]


@given(sizes=st.lists(st.integers(1, 60), min_size=1, max_size=40))
@checked
def test_parts_of_an_order_keep_its_identity(sizes: Sequence[int]) -> None:
    """Each names all lines, so that none removes another's rows, and says after which row it begins."""
    whole = order_rows(1, sizes)
    parts = list(split(whole, max_rows=6, max_bytes=100))
    assert rows_in(parts) == rows_in([whole])
    assert all(part.line_hashes == whole.line_hashes and part.order_hash == whole.order_hash for part in parts)
    assert parts[0].after is None
    assert all(later.after == earlier.rows[-1].line_hash for earlier, later in pairwise(parts))


def test_order_without_rows_is_passed_on() -> None:
    """It may have rows in the tab that are to be removed."""
    (batch,) = batches(stream([order_rows(1, [])]), **CAPS)
    assert batch == Batch([order_rows(1, [])], {"place": 0}, 1, last=True)


def test_end_of_a_large_order_shares_its_batch() -> None:
    """What is left of a split order goes on like any other."""
    first, second = batches(stream([order_rows(1, [1] * 8), order_rows(2, [1] * 4)]), **CAPS)
    assert (first.rows, first.checkpoint) == (6, None)
    assert (second.rows, second.checkpoint, second.complete_orders) == (6, {"place": 1}, 2)


@given(orders=orders_of(sizes=100))
@checked
def test_halves_hold_the_same_rows(orders: Sequence[OrderRows]) -> None:
    """Cut between orders where there are several, else within the one, down to single rows."""
    assume(orders and all(order.rows for order in orders))
    parts = halves(orders)
    if parts is None:
        assert len(rows_in(orders)) == 1
    else:
        first, second = parts
        assert first
        assert second
        assert rows_in([*first, *second]) == rows_in(orders)


@pytest.mark.parametrize("rows", [2, 3, 1200])
def test_single_order_is_cut_in_two(rows: int) -> None:
    """The second part goes below the first."""
    (first,), (second,) = halves([order_rows(1, [1] * rows)]) or ((), ())
    assert len(first.rows) - len(second.rows) in {0, 1}
    assert second.after == first.rows[-1].line_hash
