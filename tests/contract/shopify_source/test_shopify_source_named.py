"""Orders by their ids, from a really running Shopify."""

import time
from collections.abc import Callable
from dataclasses import replace

from tests.contract.shopify_source.shop import Shop, moment


def test_named_orders_come_as_they_are_now(street: Shop) -> None:
    """The same orders that a stream yields, in the order they were asked for."""
    streamed = [replace(order, checkpoint={}) for order in street.source().orders(since=None, resume=None)]
    backwards = [order.id for order in reversed(streamed)]
    assert list(street.source().named(backwards)) == streamed[::-1]


def test_deleted_order_comes_as_removed(own_street: Shop) -> None:
    """Without values, and newer than anything known of it."""
    first = next(iter(own_street.source().orders(since=None, resume=None)))
    before_ms = int(time.time() * 1000)
    own_street.edit("S0", "delete")
    (gone,) = own_street.source().named([first.id])
    assert (gone.id, gone.removed, dict(gone.values), list(gone.lines)) == (first.id, True, {}, [])
    assert gone.version >= before_ms


def test_missing_order_does_not_hide_the_others(street: Shop) -> None:
    """What exists comes, beside what never did."""
    known = next(iter(street.source().orders(since=None, resume=None)))
    found = list(street.source().named(["999", known.id]))
    assert [(order.id, order.removed) for order in found] == [("999", True), (known.id, False)]


def test_named_order_has_all_its_lines(shop: Shop) -> None:
    """However many there are."""
    lines = [{"title": "Thing", "sku": f"{place:04}", "quantity": 1, "price": "1"} for place in range(300)]
    shop.put("B", updated_at=moment(2), lines=lines)
    (order,) = shop.source().orders(since=None, resume=None)
    assert [line.values["sku"] for line in next(iter(shop.source().named([order.id]))).lines] == [
        f"{place:04}" for place in range(300)
    ]


def test_nothing_named_yields_nothing(shop: Shop) -> None:
    """And asks for nothing."""
    assert list(shop.source().named([])) == []
    assert shop.wire.requests == []


def test_order_that_is_hidden_from_us_is_not_taken_for_deleted(new_shop: Callable[..., Shop]) -> None:
    """Without read_all_orders Shopify answers alike for an order of last winter and for one that is gone."""
    shop = new_shop()
    shop.put("OLD", created_at="2025-01-01T00:00:00Z", updated_at=moment(1))
    shop.put("NEW", updated_at=moment(2))
    old, new = shop.source().orders(since=None, resume=None)
    recent = replace(shop, settings={"scopes": ["read_orders", "read_customers", "read_products"]}).open()
    assert [order.id for order in recent.source().named([old.id, new.id])] == [new.id]
    assert not recent.source().tells_gone()
    assert shop.open().source().tells_gone()
