"""Shopify's webhooks: their headers, and what each topic tells.

https://shopify.dev/docs/api/webhooks and https://shopify.dev/docs/apps/build/webhooks/subscribe/https
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from backend.platforms.shopify.reading import instant
from backend.platforms.shopify.shop_domain import SHOP_DOMAIN
from backend.platforms.webhook import AppRemoved, Envelope, OrderChanged, PrivacyAsked, Told

ORDER_TOPICS: Mapping[str, Sequence[str]] = {
    "orders/create": ("id",),
    "orders/updated": ("id",),
    "orders/cancelled": ("id",),
    "orders/delete": ("id",),
    "orders/edited": ("order_edit", "order_id"),
    "refunds/create": ("order_id",),
}
"""Where in the body the order's id stands."""
APP_REMOVED = "app/uninstalled"
SUBSCRIBED_TOPICS = (*ORDER_TOPICS, APP_REMOVED)
OPTIONAL_TOPICS: Mapping[str, str] = {"products/update": "read_products"}
"""Subscribed to where the shop has given the permission, without which Shopify refuses."""
PRIVACY_TOPICS: Mapping[str, str] = {
    "customers/data_request": "orders_requested",
    "customers/redact": "orders_to_redact",
    "shop/redact": "",
}
"""Nobody subscribes to them: they go to the address that the app is registered with. Where the order ids stand."""

_FORMS = {"webhook-id": re.compile(r"[0-9A-Za-z-]{1,100}"), "shop-domain": SHOP_DOMAIN}
"""Of what becomes the id of a document."""
_NEEDED = {"webhook-id", "shop-domain", "topic", "hmac-sha256"}


class ShopifyWebhooks:
    def envelope(self, headers: Mapping[str, str]) -> Envelope:
        given = {name.lower().removeprefix("x-shopify-"): value for name, value in headers.items()}
        if missing := _NEEDED - given.keys():
            raise ValueError(f"no header {min(missing)}")
        for name, form in _FORMS.items():
            if not form.fullmatch(given[name]):
                raise ValueError(f"a wrong {name}")
        return Envelope(
            webhook_id=given["webhook-id"],
            event_id=given.get("event-id", ""),
            shop_domain=given["shop-domain"],
            topic=given["topic"],
            triggered_at=instant(given["triggered-at"]) if "triggered-at" in given else None,
            signature=given["hmac-sha256"],
        )

    def told(self, topic: str, body: bytes) -> Told:
        if topic == APP_REMOVED:
            return AppRemoved()
        if topic in ORDER_TOPICS:
            return OrderChanged(_number(_object(body), *ORDER_TOPICS[topic]))
        if topic in PRIVACY_TOPICS:
            asked = _object(body)
            customer = _number(asked, "customer", "id") if "customer" in asked else None
            return PrivacyAsked(customer, [str(number) for number in asked.get(PRIVACY_TOPICS[topic], [])])
        return None


def _object(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - a wrong body is a wrong value
    return found


def _number(found: Any, *path: str) -> str:
    """An id as text: it does not fit a double."""
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if type(found) is not int:
        raise ValueError(f"no {'.'.join(path)}")
    return str(found)
