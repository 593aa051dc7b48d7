"""Whether a shop accepts us, who it is, and what it lets us see."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backend.platforms.access import Access
from backend.platforms.shopify.answer import missing_scope, part
from backend.platforms.shopify.client import ShopifyClient
from backend.platforms.shopify.document import document
from backend.platforms.source import Pause

NEEDED_SCOPE = "read_orders"
ALL_ORDERS_SCOPE = "read_all_orders"
"""Without it Shopify hides the orders that are older than 60 days: asked for by id, they are null like deleted ones."""
SHOWN_FOR = timedelta(days=59)
"""A day less, since time goes on while orders are read, and an order may be placed a little after it was made."""
MAX_FAILURES = 1


@dataclass(frozen=True, slots=True)
class ShopIdentity:
    name: str
    domain: str
    currency: str
    time_zone: str
    scopes: frozenset[str]


def sees_all_orders(client: ShopifyClient) -> bool:
    return ALL_ORDERS_SCOPE in granted_scopes(client.query(document("shop_access")).data)


def check_access(
    *, base_url: str, api_version: str, access: Access, timeout_s: float, pause: Pause = time.sleep
) -> ShopIdentity:
    """Someone waits for the answer, so a passing failure is tried again only once."""
    client = ShopifyClient(
        base_url=base_url,
        api_version=api_version,
        access=access,
        timeout_s=timeout_s,
        pause=pause,
        max_failures=MAX_FAILURES,
    )
    try:
        data = client.query(document("shop_access")).data
    finally:
        client.close()
    shop = part(data, "shop")
    scopes = granted_scopes(data)
    if NEEDED_SCOPE not in scopes:
        raise missing_scope(NEEDED_SCOPE)
    return ShopIdentity(
        name=str(part(shop, "name")),
        domain=str(part(shop, "myshopifyDomain")),
        currency=str(part(shop, "currencyCode")),
        time_zone=str(part(shop, "ianaTimezone")),
        scopes=scopes,
    )


def granted_scopes(data: Any) -> frozenset[str]:
    """Of an answer that tells currentAppInstallation.accessScopes."""
    return frozenset(str(part(scope, "handle")) for scope in part(data, "currentAppInstallation", "accessScopes"))
