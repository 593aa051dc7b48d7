"""The bodies of webhooks about the shop, its products and its customers' privacy, shaped as in order_payloads."""

from collections.abc import Sequence
from typing import Any

from infra.local.shopify.gid import article_id, gid
from infra.local.shopify.instant import iso_in_zone
from infra.local.shopify.order import Order
from infra.local.shopify.shops import ShopRow
from infra.local.shopify.topics import ComplianceTopic

_ORDERS_FIELD = {"customers/data_request": "orders_requested", "customers/redact": "orders_to_redact"}


def shop_payload(row: ShopRow) -> dict[str, Any]:
    return {
        "id": row.number,
        "name": row.shop.name,
        "email": row.shop.email,
        "myshopify_domain": row.shop.domain,
        "currency": row.shop.currency,
        "iana_timezone": row.shop.timezone,
    }


def product_payload(row: ShopRow, *, sku: str, title: str, at: int) -> dict[str, Any]:
    """A product with its one variant."""
    number, instant = article_id(sku), iso_in_zone(at, row.shop.timezone)
    variant = {
        "id": number,
        "admin_graphql_api_id": gid("ProductVariant", number),
        "product_id": number,
        "sku": sku,
        "title": "Default Title",
        "updated_at": instant,
    }
    return {
        "id": number,
        "admin_graphql_api_id": gid("Product", number),
        "title": title,
        "status": "active",
        "updated_at": instant,
        "variants": [variant],
    }


def compliance_payload(
    row: ShopRow, topic: ComplianceTopic, *, customer_id: int | None, orders: Sequence[Order]
) -> dict[str, Any]:
    """`orders` are the customer's; shop/redact has no customer."""
    payload: dict[str, Any] = {"shop_id": row.number, "shop_domain": row.shop.domain}
    if topic == "shop/redact":
        return payload
    known = next((order.customer for order in orders if order.customer), None)
    payload["customer"] = {"id": customer_id, "email": known.email if known else None, "phone": None}
    payload[_ORDERS_FIELD[topic]] = [order.id for order in orders]
    if topic == "customers/data_request":
        payload["data_request"] = {"id": article_id(f"{row.shop.domain} {customer_id}")}
    return payload
