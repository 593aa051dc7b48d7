"""From Shopify's JSON to orders."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import InvalidInput, SourceBroken
from backend.platforms.shopify.catalogue import ORDERS
from backend.platforms.shopify.orders import OrderShape
from backend.platforms.source import Order

EVERYTHING = OrderShape(tuple(ORDERS))


def money(amount: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": amount}}


def order_node(**changes: Any) -> dict[str, Any]:
    return {
        "id": "gid://shopify/Order/5410000000536365",
        "name": "#536365",
        "createdAt": "2010-12-01T08:26:00Z",
        "processedAt": "2010-12-01T08:26:00Z",
        "updatedAt": "2010-12-01T10:26:00+02:00",
        "cancelledAt": None,
        "cancelReason": None,
        "closedAt": None,
        "displayFinancialStatus": "PAID",
        "displayFulfillmentStatus": "FULFILLED",
        "currencyCode": "GBP",
        "totalPriceSet": money("139.12"),
        "currentTotalPriceSet": money("139.12"),
        "subtotalPriceSet": money("139.12"),
        "totalTaxSet": None,
        "totalDiscountsSet": money("0.00"),
        "totalShippingPriceSet": money("0.00"),
        "totalRefundedSet": money("0.00"),
        "currentSubtotalPriceSet": money("139.12"),
        "currentTotalTaxSet": money("0.00"),
        "currentShippingPriceSet": money("0.00"),
        "taxesIncluded": True,
        "customer": {"id": "gid://shopify/Customer/17850", "displayName": "Łukasz Ångström"},
        "email": "lukasz@example.com",
        "phone": "+44 0042",
        "note": "=1+1",
        "tags": ["vip", "wholesale"],
        "test": False,
        "sourceName": "web",
        "discountCodes": [],
        "shippingAddress": {
            "name": "Łukasz Ångström",
            "city": "London",
            "zip": "0042",
            "province": None,
            "country": "United Kingdom",
            "countryCodeV2": "GB",
        },
    } | changes


def line_node(**changes: Any) -> dict[str, Any]:
    return {
        "id": "gid://shopify/LineItem/9007199254740993",
        "sku": "0042",
        "title": "WHITE HANGING HEART",
        "variantTitle": None,
        "vendor": "Acme",
        "quantity": 6,
        "currentQuantity": 4,
        "originalUnitPriceSet": money("2.55"),
        "totalDiscountSet": money("1.10"),
        "variant": {"id": "gid://shopify/ProductVariant/11"},
        "product": {"id": "gid://shopify/Product/22"},
    } | changes


def read(node: dict[str, Any], *lines: dict[str, Any]) -> Order:
    return EVERYTHING.order(node, lines, checkpoint={"kind": "pages"})


def test_order_has_every_field_of_its_level() -> None:
    """Every field of an order comes, with exact money, times in UTC and text that stays text."""
    order = read(order_node(), line_node(), line_node(id="gid://shopify/LineItem/2", quantity=1))
    assert order.values == {
        "order_id": "5410000000536365",
        "order_name": "#536365",
        "created_at": datetime(2010, 12, 1, 8, 26, tzinfo=UTC),
        "processed_at": datetime(2010, 12, 1, 8, 26, tzinfo=UTC),
        "updated_at": datetime(2010, 12, 1, 8, 26, tzinfo=UTC),
        "cancelled_at": None,
        "cancel_reason": None,
        "closed_at": None,
        "financial_status": "PAID",
        "fulfillment_status": "FULFILLED",
        "currency": "GBP",
        "total": Decimal("139.12"),
        "current_total": Decimal("139.12"),
        "subtotal": Decimal("139.12"),
        "tax": None,
        "discounts": Decimal("0.00"),
        "shipping": Decimal("0.00"),
        "refunded": Decimal("0.00"),
        "current_subtotal": Decimal("139.12"),
        "current_tax": Decimal("0.00"),
        "current_shipping": Decimal("0.00"),
        "taxes_included": True,
        "customer_id": "17850",
        "customer_name": "Łukasz Ångström",
        "customer_email": "lukasz@example.com",
        "phone": "+44 0042",
        "note": "=1+1",
        "tags": "vip, wholesale",
        "test": False,
        "source_name": "web",
        "discount_codes": None,
        "shipping_name": "Łukasz Ångström",
        "shipping_city": "London",
        "shipping_zip": "0042",
        "shipping_province": None,
        "shipping_country": "United Kingdom",
        "shipping_country_code": "GB",
        "line_count": 2,
        "item_quantity": 7,
    }


def test_line_has_every_field_of_its_level() -> None:
    """Every field of a line comes; ids beyond 2^53 keep all their digits."""
    (line,) = read(order_node(), line_node()).lines
    assert line.id == "9007199254740993"
    assert line.values == {
        "line_id": "9007199254740993",
        "line_number": 1,
        "sku": "0042",
        "product_title": "WHITE HANGING HEART",
        "variant_title": None,
        "vendor": "Acme",
        "quantity": 6,
        "current_quantity": 4,
        "refunded_quantity": 2,
        "unit_price": Decimal("2.55"),
        "line_total": Decimal("15.30"),
        "line_discount": Decimal("1.10"),
        "variant_id": "11",
        "product_id": "22",
    }


def test_order_carries_id_version_and_checkpoint() -> None:
    """The version is the time of the last change in milliseconds, whatever zone it came in."""
    order = read(order_node(updatedAt="2010-12-01T10:26:00.125+02:00"))
    assert (order.id, order.version, order.checkpoint) == ("5410000000536365", 1291191960125, {"kind": "pages"})


def test_lines_are_numbered_in_their_order() -> None:
    """The first line of an order is number 1."""
    lines = [line_node(id=f"gid://shopify/LineItem/{number}") for number in (7, 3, 5)]
    assert [(line.id, line.values["line_number"]) for line in read(order_node(), *lines).lines] == [
        ("7", 1),
        ("3", 2),
        ("5", 3),
    ]


def test_guest_has_no_customer() -> None:
    """A guest's order has empty customer fields, and its email stays."""
    values = read(order_node(customer=None)).values
    assert (values["customer_id"], values["customer_name"], values["customer_email"]) == (
        None,
        None,
        "lukasz@example.com",
    )


def test_order_without_address_has_empty_fields() -> None:
    """Digital orders have no shipping address."""
    values = read(order_node(shippingAddress=None)).values
    assert {values[key] for key in values if key.startswith("shipping_")} == {None}


def test_custom_item_has_no_variant() -> None:
    """A line that was typed in by hand belongs to no product."""
    (line,) = read(order_node(), line_node(variant=None, product=None, sku=None)).lines
    assert (line.values["variant_id"], line.values["product_id"], line.values["sku"]) == (None, None, None)


def test_cancelled_order_is_removed() -> None:
    """The automation decides what becomes of a cancelled order's rows; its values come all the same."""
    order = read(order_node(cancelledAt="2010-12-02T00:00:00Z", cancelReason="CUSTOMER"))
    assert order.removed
    assert order.values["cancel_reason"] == "CUSTOMER"


def test_order_that_is_not_cancelled_stays() -> None:
    """Refunded or archived is not removed."""
    assert not read(order_node(closedAt="2010-12-02T00:00:00Z", displayFinancialStatus="REFUNDED")).removed


def test_credit_note_keeps_its_sign() -> None:
    """A negative quantity makes a negative line total."""
    (line,) = read(order_node(), line_node(quantity=-6, currentQuantity=0)).lines
    assert (line.values["line_total"], line.values["refunded_quantity"]) == (Decimal("-15.30"), -6)


@given(quantity=st.integers(-(10**6), 10**6), price=st.decimals(0, 10**9, places=4))
def test_line_total_is_exact(quantity: int, price: Decimal) -> None:
    """Quantity times unit price, to the last decimal."""
    (line,) = read(order_node(), line_node(quantity=quantity, originalUnitPriceSet=money(str(price)))).lines
    assert line.values["line_total"] == Decimal(quantity) * price


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)), st.integers(1, 10**6))  # noqa: DTZ001 - zone below
def test_later_change_has_larger_version(moment: datetime, later_ms: int) -> None:
    """Versions compare as the times do, down to a millisecond."""
    first = read(order_node(updatedAt=moment.isoformat(timespec="milliseconds") + "Z")).version
    then = datetime.fromtimestamp((first + later_ms) / 1000, UTC).isoformat(timespec="microseconds")
    assert read(order_node(updatedAt=then)).version > first


def test_only_what_is_asked_for_is_read() -> None:
    """The JSON of a pruned document is enough for the fields it was pruned to."""
    shape = OrderShape(["order_name", "sku"])
    node = {"id": "gid://shopify/Order/1", "updatedAt": "2010-12-01T08:26:00Z", "cancelledAt": None, "name": "#1"}
    order = shape.order(node, [{"id": "gid://shopify/LineItem/2", "sku": "A"}], checkpoint={})
    assert (order.values, [line.values for line in order.lines]) == ({"order_name": "#1"}, [{"sku": "A"}])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": None}, "order_id"),
        ({"id": "5410000000536365"}, "order_id"),
        ({"updatedAt": None}, "updated_at"),
        ({"createdAt": "yesterday"}, "created_at"),
        ({"processedAt": "2010-12-01T08:26:00"}, "processed_at"),
        ({"name": None}, "order_name"),
        ({"totalPriceSet": None}, "total"),
        ({"totalPriceSet": money("12,50")}, "total"),
        ({"currentTotalPriceSet": {"shopMoney": None}}, "current_total"),
        ({"customer": {"displayName": "x"}}, "customer_id"),
        ({"tags": None}, "tags"),
        ({"test": None}, "test"),
        ({"note": 7}, "note"),
    ],
)
def test_malformed_order_names_the_field(change: dict[str, Any], field: str) -> None:
    """What breaks the published schema is refused, and the log says which field of which order it was."""
    with pytest.raises(SourceBroken) as caught:
        read(order_node(**change))
    assert f": {field} is missing or malformed" in caught.value.detail


@pytest.mark.parametrize("name", ["cancelledAt", "discountCodes", "shippingAddress", "phone"])
def test_absent_field_is_not_taken_for_empty(name: str) -> None:
    """Null is an answer; a field that did not come at all is none."""
    node = order_node()
    del node[name]
    with pytest.raises(SourceBroken):
        read(node)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": 7}, "line_id"),
        ({"quantity": None}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"originalUnitPriceSet": money("")}, "unit_price"),
        ({"title": None}, "product_title"),
    ],
)
def test_malformed_line_names_the_field(change: dict[str, Any], field: str) -> None:
    """The same for a line, with its place in the order."""
    shape = OrderShape([field])
    with pytest.raises(SourceBroken) as caught:
        shape.order(order_node(), [line_node(), line_node(**change)], checkpoint={})
    assert f"line 2: {field} is missing or malformed" in caught.value.detail


def test_refusal_tells_no_content() -> None:
    """What a customer wrote does not reach the log."""
    with pytest.raises(SourceBroken) as caught:
        read(order_node(createdAt="secret", note="secret"))
    assert "secret" not in caught.value.detail + caught.value.message


def test_unknown_field_is_refused() -> None:
    """A key that is in no catalogue cannot be asked for."""
    with pytest.raises(InvalidInput) as caught:
        OrderShape(["order_name", "colour"])
    assert list(caught.value.fields) == ["colour"]
