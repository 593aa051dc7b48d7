"""A look at the newest orders of a really running Shopify."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from backend.automations.preview import MAX_ADDED_UP, MAX_LOOKED_AT
from backend.platforms.sales_day import DAILY_SALES, fields_of_orders
from backend.platforms.shopify.catalogue import ORDERS
from tests.contract.shopify_source.shop import Shop, moment, names

MAX_POINTS = 1_000
"""Which Shopify lets one call count."""


def test_newest_orders_come_first(shop: Shop) -> None:
    """By when they were made, whatever was changed since; as many as asked for."""
    for number in range(6):
        shop.put(f"N{number}", created_at=moment(number), updated_at=moment(30 - number))
    assert names(shop.source(["order_name"]).newest(4)) == ["#N5", "#N4", "#N3", "#N2"]


@pytest.mark.parametrize(
    ("fields", "limit"),
    [(ORDERS, MAX_LOOKED_AT), (fields_of_orders(DAILY_SALES), MAX_ADDED_UP)],
    ids=["orders", "days"],
)
def test_look_at_the_newest_orders_is_one_call(shop: Shop, fields: Collection[str], limit: int) -> None:
    """With all that there is to ask for, and within what one call may cost."""
    shop.put("N")
    shop.source(fields).newest(limit)
    assert [call["first"] for call in shop.wire.calls("OrdersPage")] == [limit]
    assert len(shop.wire.requests) == 1
    (answer,) = shop.wire.answers
    assert answer["extensions"]["cost"]["requestedQueryCost"] < MAX_POINTS


def test_newest_orders_are_what_a_stream_yields(street: Shop) -> None:
    """The same values and lines, without a checkpoint."""
    streamed = {order.id: replace(order, checkpoint={}) for order in street.source().orders(since=None, resume=None)}
    assert {order.id: order for order in street.source().newest(50)} == streamed


def test_order_of_many_lines_has_them_all(shop: Shop) -> None:
    """Those that do not come with it are asked for."""
    shop.put("B", lines=[{"title": "Thing", "sku": f"{place:04}", "quantity": 1, "price": "1"} for place in range(130)])
    (order,) = shop.source().newest(5)
    assert len(order.lines) == 130
