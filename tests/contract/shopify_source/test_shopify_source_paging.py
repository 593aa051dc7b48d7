"""Orders page by page, from a really running Shopify."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.errors import SourceBroken
from backend.platforms.access import FixedAccess
from backend.platforms.shopify.client import ShopifyClient
from backend.platforms.shopify.orders import OrderShape
from backend.platforms.shopify.paging import OrderPages
from backend.platforms.source import Order
from tests.contract.shopify_source.shop import STREET, TOKEN, Shop, moment, names


def everything(shop: Shop, **settings: Any) -> list[Order]:
    return list(shop.source(**settings).orders(since=None, resume=None))


def test_orders_come_once_by_time_of_change(street: Shop) -> None:
    """Every order comes once, the one that changed first before the others, over several pages."""
    assert names(everything(street)) == STREET
    assert len(street.wire.calls("OrdersPage")) > 1


def test_equal_times_lose_no_order(shop: Shop, tmp_path: Path) -> None:
    """Orders that changed in the same second are told apart across pages."""
    shop.load(tmp_path, orders=60, lines=1)
    assert sorted(names(everything(shop))) == [f"#{600000 + order}" for order in range(60)]
    assert len(shop.wire.calls("OrdersPage")) > 2


@pytest.mark.parametrize("api_version", ["2026-01", "2026-07", "2026-10"])
def test_supported_versions_answer_alike(street: Shop, api_version: str) -> None:
    """The versions that are kept working give the same orders."""
    assert names(everything(street, api_version=api_version)) == STREET


def test_order_comes_as_it_is_in_the_shop(street: Shop) -> None:
    """Exact money, times with a zone, text as text, and a refund that shows in the order and in its line."""
    order = everything(street)[-1]
    assert not order.removed
    assert order.version == int(datetime(2026, 10, 1, 10, 9, tzinfo=UTC).timestamp() * 1000)
    assert order.values["updated_at"] == datetime(2026, 10, 1, 10, 9, tzinfo=UTC)
    assert order.values["customer_name"] == "Łukasz Ångström"
    assert (order.values["shipping_city"], order.values["shipping_zip"]) == ("Łódź", "0042")
    assert order.values["financial_status"] == "PARTIALLY_REFUNDED"
    assert order.values["tags"] == "a, b"
    first = order.lines[0].values
    assert (first["sku"], first["quantity"], first["current_quantity"], first["refunded_quantity"]) == ("0042", 3, 2, 1)
    assert (first["unit_price"], first["line_total"]) == (Decimal("0.333"), Decimal("0.999"))
    assert order.lines[1].values["line_total"] == Decimal("-20.00")
    assert order.values["line_count"] == len(order.lines) == 6


def test_cancelled_order_comes_as_removed(street: Shop) -> None:
    """The automation decides what becomes of its rows."""
    assert names(order for order in everything(street) if order.removed) == ["#S4"]


def test_since_includes_its_own_second(street: Shop) -> None:
    """Changed at that second or later; what did not change since does not come."""
    since = datetime(2026, 10, 1, 10, 3, 0, 500_000, tzinfo=UTC)
    source = street.source()
    assert names(source.orders(since=since, resume=None)) == ["#S9", "#S10", "#S11", "#S4", "#S5"]
    assert source.count(since=since) == 5
    assert source.count(since=None) == 12


def test_order_query_narrows_the_stream(street: Shop) -> None:
    """A search of the merchant's own applies together with the time."""
    source = street.source(order_query="status:cancelled OR name:S9")
    assert names(source.orders(since=None, resume=None)) == ["#S9", "#S4"]
    assert names(source.orders(since=datetime(2026, 10, 1, 10, 4, tzinfo=UTC), resume=None)) == ["#S4"]
    assert source.count(since=None) == 2


def test_small_shops_are_paged(street: Shop) -> None:
    """Below the threshold no operation is started."""
    assert len(everything(street, bulk_from_orders=13)) == 12
    assert street.wire.downloads == []


def test_lines_beyond_a_page_all_come(shop: Shop) -> None:
    """An order of 620 lines is whole, in the shop's order, between two small ones."""
    lines = [{"title": f"Thing {place}", "sku": f"{place:04}", "quantity": 1, "price": "1"} for place in range(620)]
    shop.put("A", updated_at=moment(1))
    shop.put("B", updated_at=moment(2), lines=lines)
    shop.put("C", updated_at=moment(3))
    orders = everything(shop)
    assert names(orders) == ["#A", "#B", "#C"]
    assert [line.values["sku"] for line in orders[1].lines] == [f"{place:04}" for place in range(620)]
    assert [line.values["line_number"] for line in orders[1].lines] == list(range(1, 621))
    assert len({line.id for line in orders[1].lines}) == 620
    assert orders[1].values["item_quantity"] == 620


def test_every_checkpoint_yields_the_rest(street: Shop) -> None:
    """Wherever a run stopped, the next attempt goes on right behind it."""
    for place, order in enumerate(everything(street)):
        rest = street.source(["order_name"]).orders(since=None, resume=order.checkpoint)
        assert names(rest) == STREET[place + 1 :]


def test_checkpoint_keeps_its_since(street: Shop) -> None:
    """A resumed stream is still about the same time span."""
    since = datetime(2026, 10, 1, 10, 3, tzinfo=UTC)
    first = next(iter(street.source().orders(since=since, resume=None)))
    rest = street.source().orders(since=since, resume=first.checkpoint)
    assert names([first, *rest]) == ["#S9", "#S10", "#S11", "#S4", "#S5"]
    assert {call["search"] for call in street.wire.calls("OrdersPage")} == {"updated_at:>='2026-10-01T10:03:00Z'"}


def test_lost_cursor_begins_at_the_time_reached(street: Shop) -> None:
    """A cursor that Shopify no longer takes costs a few orders twice, and none is passed over."""
    checkpoint = {**everything(street)[4].checkpoint, "after": "bm90IGEgY3Vyc29y"}
    assert names(street.source().orders(since=None, resume=checkpoint)) == STREET[4:]


def test_order_that_changes_meanwhile_comes_again(own_street: Shop) -> None:
    """It moves to the end of the stream, where it is as it is now."""
    stream = own_street.source().orders(since=None, resume=None)
    before = next(stream)
    own_street.edit("S0", "touch", at=moment(30))
    after = list(stream)[-1]
    assert (before.id, before.version < after.version) == (after.id, True)


@pytest.mark.parametrize("a_minute", [4, 1_000])
def test_deep_streams_begin_anew_where_they_are(shop: Shop, tmp_path: Path, a_minute: int) -> None:
    """Before Shopify's limit of depth the search starts again from the time reached; no order is lost on the way."""
    shop.load(tmp_path, orders=150, lines=1, a_minute=a_minute)
    client = ShopifyClient(
        base_url=shop.base_url,
        api_version="2026-10",
        access=FixedAccess(TOKEN),
        timeout_s=10.0,
        pause=shop.patience,
        transport=shop.wire,
    )
    pages = OrderPages(client, OrderShape(["order_name"]), max_depth_orders=10)
    found = list(dict.fromkeys(names(pages.orders(since="", resume=None))))
    assert sorted(found) == [f"#{600000 + order}" for order in range(150)]
    assert len({call["search"] for call in shop.wire.calls("OrdersPage")}) > 1


def test_lines_are_left_out_when_not_wanted(street: Shop) -> None:
    """A tab with one row an order asks for no lines, and counts them only where a column does."""
    assert {len(order.lines) for order in everything(street, fields=["order_name"], lines=False)} == {0}
    assert "lineItems" not in street.wire.requests[-1].content.decode()
    counted = everything(street, fields=["order_name", "line_count"], lines=False)
    assert {order.values["line_count"] for order in counted} == {2, 4, 6}


def test_lines_come_without_any_field_of_theirs(street: Shop) -> None:
    """One row a line needs to know the lines even when no column shows anything of them."""
    assert {len(order.lines) for order in everything(street, fields=["order_name"])} == {2, 4, 6}


def test_pages_grow_but_stay_affordable(shop: Shop, tmp_path: Path) -> None:
    """From one order up, by what the shop says a page counts, and never above what one call may count."""
    shop.load(tmp_path, orders=300, lines=1)
    assert len(everything(shop)) == 300
    sizes = [call["first"] for call in shop.wire.calls("OrdersPage")]
    assert sizes[0] == 1
    assert sizes == sorted(sizes)
    assert sizes[-1] > 50
    assert all(answer["extensions"]["cost"]["requestedQueryCost"] <= 1000 for answer in shop.wire.answers)


def test_repeated_page_is_refused(street: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page token that comes twice would be followed for ever."""
    forward = street.wire.handle_request
    kept: list[httpx.Response] = []

    def stuck(request: httpx.Request) -> httpx.Response:
        kept.append(forward(request))
        return kept[0]

    monkeypatch.setattr(street.wire, "handle_request", stuck)
    with pytest.raises(SourceBroken) as caught:
        list(street.source().orders(since=datetime(2026, 1, 1, tzinfo=UTC), resume=None))
    assert "came twice" in caught.value.detail
    assert len(kept) == 2
