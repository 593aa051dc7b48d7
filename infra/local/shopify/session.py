"""What one request may see: a shop, its rows as of one instant, and the app's scopes."""

import sqlite3
from dataclasses import dataclass

from infra.local.shopify.bulk_operations import BulkOperations
from infra.local.shopify.order_search import Condition
from infra.local.shopify.orders import Orders
from infra.local.shopify.refusal import access_denied
from infra.local.shopify.shop import Shop
from infra.local.shopify.shops import ShopRow
from infra.local.shopify.subscriptions import Subscriptions

RECENT_S = 60 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    """`now` is in seconds since 1970; `base_url` is where this server was reached, with its last slash."""

    shop: Shop
    shop_number: int
    orders: Orders
    operations: BulkOperations
    subscriptions: Subscriptions
    base_url: str
    now: int

    @classmethod
    def open(cls, connection: sqlite3.Connection, row: ShopRow, *, base_url: str, now: int) -> "Session":
        return cls(
            shop=row.shop,
            shop_number=row.number,
            orders=Orders(connection, row.number),
            operations=BulkOperations(connection, row.number),
            subscriptions=Subscriptions(connection, row.number),
            base_url=base_url,
            now=now,
        )

    def require(self, scope: str, *, field: str) -> None:
        if scope not in self.shop.scopes:
            raise access_denied(field, scope)

    @property
    def visible(self) -> Condition:
        """Without `read_all_orders` an app sees the orders of the last 60 days only."""
        if "read_all_orders" in self.shop.scopes:
            return Condition()
        return Condition("created_at >= ?", (self.now - RECENT_S,))
