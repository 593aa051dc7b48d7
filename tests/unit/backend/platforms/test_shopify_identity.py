"""Global ids and the search for changes."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.platforms.shopify.gid import number_of, order_gid
from backend.platforms.shopify.order_search import changed_since, search_time


@given(st.integers(1, 2**63))
def test_number_survives_the_global_id(number: int) -> None:
    """An order's number names it wherever its global id does."""
    assert number_of(order_gid(str(number))) == str(number)


@pytest.mark.parametrize("text", ["", "536365", "gid://shopify/Order/", "gid://shopify/536365", "gid://other/Order/1"])
def test_other_text_is_no_global_id(text: str) -> None:
    """A number alone could be anything's."""
    with pytest.raises(ValueError, match="global id"):
        number_of(text)


def test_search_time_is_rounded_down() -> None:
    """A change in the same second is found again rather than missed."""
    moment = datetime(2026, 11, 21, 12, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert search_time(moment) == "2026-11-21T10:00:00Z"


@pytest.mark.parametrize(
    ("since", "order_query", "search"),
    [
        ("", "", ""),
        ("2026-11-21T10:00:00Z", "", "updated_at:>='2026-11-21T10:00:00Z'"),
        ("", "status:open", "(status:open)"),
        ("2026-11-21T10:00:00Z", "a OR b", "(a OR b) AND updated_at:>='2026-11-21T10:00:00Z'"),
    ],
)
def test_search_joins_both_conditions(since: str, order_query: str, search: str) -> None:
    """An order has to satisfy the merchant's own search as well."""
    assert changed_since(since, order_query=order_query) == search
