"""The orders of one Shopify shop, as the rest of the product sees them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

import httpx

from backend.platforms.access import Access
from backend.platforms.shopify import bulk, paging
from backend.platforms.shopify.access import SHOWN_FOR, sees_all_orders
from backend.platforms.shopify.answer import part
from backend.platforms.shopify.bulk import BulkExport
from backend.platforms.shopify.client import ShopifyClient
from backend.platforms.shopify.document import document
from backend.platforms.shopify.naming import NamedOrders
from backend.platforms.shopify.order_search import changed_since, search_time
from backend.platforms.shopify.orders import OrderShape
from backend.platforms.shopify.paging import OrderPages
from backend.platforms.shopify.throttle import Throttle
from backend.platforms.source import Checkpoint, Order, Pause


class ShopifyOrders:
    """Conforms to backend.platforms.source.Source. For one thread."""

    def __init__(
        self,
        *,
        base_url: str,
        api_version: str,
        access: Access,
        fields: Collection[str],
        bulk_from_orders: int,
        timeout_s: float,
        pause: Pause,
        order_query: str = "",
        lines: bool = True,
        throttle: Throttle | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`fields` are keys of the catalogue; no other value is fetched. Without `lines`, an order's lines are left
        out unless one of the fields needs them. `throttle` is what earlier streams learned of the shop's bucket.
        """
        self._client = ShopifyClient(
            base_url=base_url,
            api_version=api_version,
            access=access,
            timeout_s=timeout_s,
            pause=pause,
            throttle=throttle,
            transport=transport,
        )
        self._shape = OrderShape(fields, lines=lines)
        self._bulk_from_orders = bulk_from_orders
        self._order_query = order_query
        self._tells_gone: bool | None = None

    def count(self, *, since: datetime | None) -> int:
        search = changed_since(_time(since), order_query=self._order_query)
        return int(part(self._client.query(document("orders_count"), search=search).data, "ordersCount", "count"))

    def orders(self, *, since: datetime | None, resume: Checkpoint | None) -> Iterator[Order]:
        """A stream that is resumed keeps the way on which it was begun."""
        kind = resume["kind"] if resume else None
        if kind == bulk.KIND or (kind is None and since is None and self.count(since=None) >= self._bulk_from_orders):
            return BulkExport(self._client, self._shape, order_query=self._order_query).orders(resume=resume)
        return self._pages().orders(since=_time(since), resume=resume if kind == paging.KIND else None)

    def named(self, ids: Sequence[str]) -> Iterator[Order]:
        return NamedOrders(self._client, self._shape).orders(ids, tells_gone=self.tells_gone)

    def newest(self, limit: int) -> list[Order]:
        """Those that were made last, the newest first, without checkpoints."""
        return self._pages().newest(limit)

    def tells_gone(self) -> bool:
        if self._tells_gone is None:
            self._tells_gone = sees_all_orders(self._client)
        return self._tells_gone

    def shown_for(self) -> timedelta | None:
        return None if self.tells_gone() else SHOWN_FOR

    def close(self) -> None:
        self._client.close()

    def _pages(self) -> OrderPages:
        return OrderPages(self._client, self._shape, order_query=self._order_query)


def _time(since: datetime | None) -> str:
    return search_time(since) if since else ""
