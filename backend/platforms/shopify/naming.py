"""Orders by their ids, as they are now."""

import time
from collections.abc import Callable, Iterator, Sequence

from backend.errors import SourceBroken
from backend.platforms.shopify.answer import part
from backend.platforms.shopify.client import ShopifyClient
from backend.platforms.shopify.document import document
from backend.platforms.shopify.gid import order_gid
from backend.platforms.shopify.lines import OrderLines
from backend.platforms.shopify.orders import OrderShape
from backend.platforms.shopify.page_size import FIRST_ORDERS, next_orders
from backend.platforms.source import Order


class NamedOrders:
    def __init__(self, client: ShopifyClient, shape: OrderShape) -> None:
        self._client = client
        self._shape = shape
        self._lines = OrderLines(client, shape)
        self._document = document("orders_named", shape.asked)

    def orders(self, ids: Sequence[str], *, tells_gone: Callable[[], bool]) -> Iterator[Order]:
        """One that no longer exists comes as removed, as of now. `tells_gone`: whether an order that is not found no
        longer exists; without an answer to that it does not come.
        """
        start, size = 0, FIRST_ORDERS
        while start < len(ids):
            wanted = ids[start : start + size]
            asked_at_ms = time.time_ns() // 1_000_000
            answer = self._client.query(
                self._document, ids=[order_gid(number) for number in wanted], **self._lines.variables
            )
            nodes = part(answer.data, "nodes")
            if len(nodes) != len(wanted):
                raise SourceBroken(detail=f"{len(wanted)} orders were asked for by id and {len(nodes)} came")
            for number, node in zip(wanted, nodes, strict=True):
                if node is not None:
                    yield self._shape.order(node, self._lines.of(node), checkpoint={})
                elif tells_gone():
                    yield Order(id=number, version=asked_at_ms, values={}, removed=True)
            start, size = start + len(wanted), next_orders(len(wanted), answer.cost)
