"""How each field of the catalogue is read from Shopify's JSON.

A reader of an order takes its node and the nodes of its lines; a reader of a line takes its node and its place, from 1.
Where the JSON breaks the published schema a reader raises what Python raises there; orders.py puts it into words.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from backend.platforms.field import Value
from backend.platforms.shopify.gid import number_of

Node: TypeAlias = Mapping[str, Any]
OrderReader: TypeAlias = Callable[[Node, Sequence[Node]], Value]
LineReader: TypeAlias = Callable[[Node, int], Value]


def instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)


def _exactly(name: str, kind: type) -> Callable[[Node, object], Any]:
    """A non-null scalar of the published type."""

    def read(node: Node, _: object) -> Any:
        value = node[name]
        if type(value) is not kind:
            raise TypeError(name)
        return value

    return read


def _optional(name: str) -> Callable[[Node, object], str | None]:
    def read(node: Node, _: object) -> str | None:
        value = node[name]
        if value is None or type(value) is str:
            return value
        raise TypeError(name)

    return read


def _id(name: str) -> Callable[[Node, object], str]:
    return lambda node, _: number_of(node[name])


def _id_within(part: str) -> Callable[[Node, object], str | None]:
    """Of a thing that may be absent: a guest has no customer, a custom item no variant."""
    return lambda node, _: None if node[part] is None else number_of(node[part]["id"])


def _within(part: str, name: str) -> Callable[[Node, object], str | None]:
    return lambda node, _: None if node[part] is None else node[part][name]


def _instant(name: str) -> Callable[[Node, object], datetime | None]:
    return lambda node, _: None if node[name] is None else instant(node[name])


def _joined(name: str) -> Callable[[Node, object], str | None]:
    return lambda node, _: ", ".join(node[name]) or None


def _money(name: str) -> Callable[[Node, object], Decimal]:
    """In the shop's currency."""
    return lambda node, _: Decimal(node[name]["shopMoney"]["amount"])


def _optional_money(name: str) -> Callable[[Node, object], Decimal | None]:
    return lambda node, _: None if node[name] is None else Decimal(node[name]["shopMoney"]["amount"])


_unit_price = _money("originalUnitPriceSet")

ORDER_READERS: Mapping[str, OrderReader] = {
    "order_id": _id("id"),
    "order_name": _exactly("name", str),
    "created_at": lambda node, _: instant(node["createdAt"]),
    "processed_at": lambda node, _: instant(node["processedAt"]),
    "updated_at": lambda node, _: instant(node["updatedAt"]),
    "cancelled_at": _instant("cancelledAt"),
    "cancel_reason": _optional("cancelReason"),
    "closed_at": _instant("closedAt"),
    "financial_status": _optional("displayFinancialStatus"),
    "fulfillment_status": _exactly("displayFulfillmentStatus", str),
    "currency": _exactly("currencyCode", str),
    "total": _money("totalPriceSet"),
    "current_total": _money("currentTotalPriceSet"),
    "subtotal": _optional_money("subtotalPriceSet"),
    "tax": _optional_money("totalTaxSet"),
    "discounts": _optional_money("totalDiscountsSet"),
    "shipping": _money("totalShippingPriceSet"),
    "refunded": _money("totalRefundedSet"),
    "current_subtotal": _money("currentSubtotalPriceSet"),
    "current_tax": _money("currentTotalTaxSet"),
    "current_shipping": _money("currentShippingPriceSet"),
    "taxes_included": _exactly("taxesIncluded", bool),
    "customer_id": _id_within("customer"),
    "customer_name": _within("customer", "displayName"),
    "customer_email": _optional("email"),
    "phone": _optional("phone"),
    "note": _optional("note"),
    "tags": _joined("tags"),
    "test": _exactly("test", bool),
    "source_name": _optional("sourceName"),
    "discount_codes": _joined("discountCodes"),
    "shipping_name": _within("shippingAddress", "name"),
    "shipping_city": _within("shippingAddress", "city"),
    "shipping_zip": _within("shippingAddress", "zip"),
    "shipping_province": _within("shippingAddress", "province"),
    "shipping_country": _within("shippingAddress", "country"),
    "shipping_country_code": _within("shippingAddress", "countryCodeV2"),
    "line_count": lambda _, lines: len(lines),
    "item_quantity": lambda _, lines: sum(line["quantity"] for line in lines),
}

LINE_READERS: Mapping[str, LineReader] = {
    "line_id": _id("id"),
    "line_number": lambda _, place: place,
    "sku": _optional("sku"),
    "product_title": _exactly("title", str),
    "variant_title": _optional("variantTitle"),
    "vendor": _optional("vendor"),
    "quantity": _exactly("quantity", int),
    "current_quantity": _exactly("currentQuantity", int),
    "refunded_quantity": lambda node, _: node["quantity"] - node["currentQuantity"],
    "unit_price": _unit_price,
    "line_total": lambda node, place: node["quantity"] * _unit_price(node, place),
    "line_discount": _money("totalDiscountSet"),
    "variant_id": _id_within("variant"),
    "product_id": _id_within("product"),
}
