"""Days of sales, added up from a really running Shopify."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backend.platforms.daily_sales import DailySales
from backend.platforms.sales_day import DAILY_SALES, fields_of_orders
from backend.platforms.source import Order
from tests.contract.shopify_source.shop import Shop

EDGE_DAYS = 60
"""Shopify shows no older orders to those who may not read all."""


def days_of(shop: Shop, **changes: Any) -> DailySales:
    return DailySales(
        shop.source(fields_of_orders(DAILY_SALES), lines=False, **changes),
        zone=ZoneInfo("Europe/Berlin"),
        currency="EUR",
        clock=lambda: datetime.now(UTC),
        pause=lambda _: None,
    )


def told(days: DailySales) -> dict[str, Order]:
    return {day.id: day for day in days.orders(since=None, resume=None)}


@pytest.mark.parametrize("bulk_from_orders", [1, 10**9], ids=["bulk", "pages"])
def test_figures_of_a_day_are_the_shops(shop: Shop, bulk_from_orders: int) -> None:
    """Whichever way the orders came, with tax in the prices and without."""
    line = {"title": "Thing", "sku": "A", "quantity": 4, "price": "30.00", "discount": "20.00"}
    day = {"created_at": "2026-10-01T10:00:00Z", "lines": [line], "tax": "20.00", "shipping": "6.00"}
    shop.put("1", **day, taxes_included=False)
    shop.put("2", **day, taxes_included=True)
    shop.put("3", **day, taxes_included=True)
    shop.put("4", **day, taxes_included=True, test=True)
    shop.edit("2", "refund", lines=[{"line": "A", "quantity": 2}])
    shop.edit("3", "cancel")
    (only,) = told(days_of(shop, bulk_from_orders=bulk_from_orders)).values()
    assert only.values == {
        "day": date(2026, 10, 1),
        "orders": 3,
        "items": 12,
        "gross_sales": 120 + 2 * 100,  # where prices include tax, without it
        "discounts": 3 * 20,
        "refunds": 40 + 80,  # half of the second, and all of the third
        "net_sales": 100 + 40,
        "taxes": 20 + 10,
        "shipping": 2 * 6,
        "total_sales": 182,
        "average_order": Decimal("86.67"),
        "currency": "EUR",
    }


def test_days_are_told_as_far_as_orders_are_shown(new_shop: Callable[..., Shop]) -> None:
    """The day at the edge, and one more to be sure, are not."""
    shop = new_shop()
    now = datetime.now(UTC)
    for age in range(EDGE_DAYS - 3, EDGE_DAYS + 2):
        placed_at = (now - timedelta(days=age, seconds=-60)).isoformat()
        shop.put(str(age), created_at=placed_at, updated_at=placed_at)
    everything = told(days_of(shop))
    recent = told(days_of(replace(shop, settings={"scopes": ["read_orders"]}).open()))
    assert len(everything) == 5
    assert [*recent] == [*everything][-2:]
    assert [day.values for day in recent.values()] == [everything[name].values for name in recent]


def test_memory_goes_by_days(shop: Shop, tmp_path: Path) -> None:
    """Of an order no more is kept than its id."""
    shop.load(tmp_path, orders=3_000, lines=1)
    days = days_of(shop, bulk_from_orders=1)
    tracemalloc.start()
    try:
        assert days.count(since=None) == 1
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    (day,) = days.orders(since=None, resume=None)
    assert (day.values["orders"], shop.operations_made) == (3_000, 1)
    assert peak_bytes < 3_000 * 600
