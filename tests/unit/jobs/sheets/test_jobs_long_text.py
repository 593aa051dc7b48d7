"""Which texts are too long for an automation that wants none cut."""

from collections.abc import Sequence
from typing import Any

import pytest

from backend.errors import TextTooLong
from backend.platforms.source import Order
from jobs.sheets.cells import MAX_TEXT_CHARS
from jobs.sheets.index import TabIndex
from jobs.sheets.long_text import ensure_none_is_cut
from jobs.sheets.plan import apply, make_plan
from tests.unit.jobs.shop import automation, order, rows_of

LONG = "x" * (MAX_TEXT_CHARS + 1)
UNWANTED = [{"field": "email", "op": "eq", "value": "ann@example.com"}]


def check(*orders: Order, standing: Sequence[Order] = (), **wanted: Any) -> None:
    """The orders, as they come to a tab in which some stand."""
    index = TabIndex()
    apply(make_plan(index, rows_of(*standing, **wanted)), index)
    ensure_none_is_cut(rows_of(*orders, **wanted), index, automation(**wanted).configuration.columns)


def test_longest_text_that_fits_is_not_refused() -> None:
    """50,000 characters."""
    check(order("1", lines=["a"]), order("2", lines=["x" * MAX_TEXT_CHARS]))


def test_order_and_column_are_named() -> None:
    """As the merchant calls them; the text is not told."""
    with pytest.raises(TextTooLong, match=r"Order #2 .* “SKU”") as refused:
        check(order("1", lines=["a"]), order("2", lines=["b", LONG]))
    assert "xx" not in refused.value.message


def test_order_whose_name_is_the_text_is_told_by_its_id() -> None:
    """The sentence is short whatever the text is."""
    with pytest.raises(TextTooLong, match="Order 17 ") as refused:
        check(order("17", order_name=LONG))
    assert len(refused.value.message) < 300


def test_order_that_is_filtered_out_is_refused_only_where_it_stands() -> None:
    """One that is not to be written may be as long as it likes."""
    check(order("1", email=LONG), filters=UNWANTED)
    with pytest.raises(TextTooLong):
        check(order("1", email=LONG), standing=[order("1")], filters=UNWANTED, columns=["order_name", "email"])
