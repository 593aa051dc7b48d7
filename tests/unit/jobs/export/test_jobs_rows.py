"""The rows that an order should have."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from backend.automations.model import OnRemoved, RowMode
from backend.platforms.source import Order
from jobs.export.rows import OrderRows, Presence
from jobs.sheets.cells import MAX_TEXT_CHARS
from jobs.sheets.system_cell import hash64, key_hash, parse
from tests.unit.jobs.shop import ORDER_COLUMNS, column, managed_values, order, rows_of, system_text

UNPAID_ONLY = [{"field": "email", "op": "ne", "value": "gone@example.com"}]
UNWANTED = order("1", lines=["a"], email="gone@example.com")
CANCELLED = order("1", lines=["a"], removed=True)
DELETED = Order(id="1", version=2, values={}, removed=True)


def made(each: Order, **wanted: Any) -> OrderRows:
    (rows,) = rows_of(each, **wanted)
    return rows


def shown(rows: OrderRows) -> list[Sequence[object]]:
    return [[next(iter(value.values()), None) for value in managed_values(row)] for row in rows.rows]


def test_line_mode_has_one_row_a_line() -> None:
    """What belongs to the order stands in each of them."""
    assert shown(made(order("7", lines=["a", "b"]))) == [["#7", 9.5, "a", 1], ["#7", 9.5, "b", 1]]


def test_order_without_lines_has_one_row() -> None:
    """It would be missing in the tab otherwise."""
    assert shown(made(order("7"))) == [["#7", 9.5, None, None]]


def test_order_mode_has_one_row_an_order() -> None:
    """However many lines there are."""
    rows = made(order("7", lines=["a", "b"]), columns=ORDER_COLUMNS, row_mode=RowMode.ORDER)
    assert shown(rows) == [["#7", "ann@example.com", 9.5]]


def test_row_knows_whose_it_is() -> None:
    """By the platform's ids, by the version and by the visible key."""
    rows = made(order("7", lines=["x|y"], version=12))
    (row,) = rows.rows
    cell = parse(system_text(row))
    assert cell is not None
    assert (cell.order_id, cell.line_id, cell.version, cell.key) == ("7", "x|y", 12, key_hash("#7"))
    assert (row.order_hash, row.line_hash, row.content) == (hash64("7"), hash64("x|y"), cell.content)
    assert rows.line_hashes == {row.line_hash}


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (order("1", lines=["a"], version=2), True),
        (order("1", lines=["a"], email="bob@example.com"), True),
        (order("1", lines=["a"], total=Decimal("9.5")), True),
        (order("1", lines=["a"], total=Decimal("9.51")), False),
        (order("1", lines=["a"], total=None), False),
        (order("1", lines=["a"], quantity=2), False),
        (order("1", lines=["b"]), False),
        (order("2", lines=["a"], order_name="#1"), False),
    ],
)
def test_content_changes_with_what_is_shown(changed: Order, same: bool) -> None:
    """And with whose row it is; not with the version, nor with values that are no column."""
    before, after = made(order("1", lines=["a"])), made(changed)
    assert (before.rows[0].content == after.rows[0].content) is same


def test_content_tells_columns_apart() -> None:
    """A value that moves to the neighbouring column is a change."""
    columns = ["order_name", "email", column("placed_at", type="text")]
    first = made(order("1", email="x", placed_at=None), columns=columns)
    second = made(order("1", email=None, placed_at="x"), columns=columns)
    assert first.rows[0].content != second.rows[0].content


def test_text_that_is_cut_is_counted() -> None:
    """The run tells of it."""
    rows = made(order("1", email="x" * (MAX_TEXT_CHARS + 1)), columns=ORDER_COLUMNS, row_mode=RowMode.ORDER)
    assert rows.rows[0].cut_columns == [1]


@pytest.mark.parametrize(
    ("each", "on_removed", "presence", "rows", "struck"),
    [
        (order("1", lines=["a"]), OnRemoved.KEEP, Presence.WANTED, 1, False),
        (order("1", lines=["a"]), OnRemoved.DELETE, Presence.WANTED, 1, False),
        (CANCELLED, OnRemoved.KEEP, Presence.WANTED, 1, False),
        (CANCELLED, OnRemoved.MARK, Presence.WANTED, 1, True),
        (CANCELLED, OnRemoved.DELETE, Presence.ABSENT, 0, False),
        (UNWANTED, OnRemoved.KEEP, Presence.IF_PRESENT, 1, False),
        (UNWANTED, OnRemoved.MARK, Presence.IF_PRESENT, 1, True),
        (UNWANTED, OnRemoved.DELETE, Presence.ABSENT, 0, False),
        (DELETED, OnRemoved.KEEP, Presence.IF_PRESENT, 0, False),
        (DELETED, OnRemoved.MARK, Presence.IF_PRESENT, 0, False),
        (DELETED, OnRemoved.DELETE, Presence.ABSENT, 0, False),
    ],
)
def test_removed_orders_are_kept_marked_or_deleted(
    each: Order, on_removed: OnRemoved, presence: Presence, rows: int, struck: bool
) -> None:
    """As the automation says; one that no longer matches is not added; of a deleted one there is nothing to write."""
    found = made(each, on_removed=on_removed, filters=UNPAID_ONLY)
    assert (found.presence, len(found.rows)) == (presence, rows)
    assert [row.struck for row in found.rows] == [struck] * rows


def test_mark_is_a_change_of_content() -> None:
    """A row that was written without it is written again."""
    plain = made(order("1", lines=["a"]), on_removed=OnRemoved.MARK)
    marked = made(CANCELLED, on_removed=OnRemoved.MARK)
    assert plain.rows[0].content != marked.rows[0].content


def test_key_is_the_first_column_that_tells_the_order() -> None:
    """Wherever it stands among the columns."""
    rows = made(order("7", lines=["a"]), columns=["total", "sku", "order_name"])
    assert rows.rows[0].key == "#7"


def test_key_is_what_its_cell_reads_as() -> None:
    """So that the row can be held against its tab: a date reads as a number, a text that was cut as it was cut."""
    long = order("1", order_name="x" * (MAX_TEXT_CHARS + 1), day=date(2026, 1, 31))
    keys = [made(long, columns=[key], row_mode=RowMode.ORDER).rows[0].key for key in ("day", "order_name")]
    assert (keys[0], len(keys[1])) == ("46053", MAX_TEXT_CHARS)
