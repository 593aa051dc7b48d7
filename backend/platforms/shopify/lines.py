"""All lines of an order, however many pages they take."""

from collections.abc import Mapping
from typing import Any

from backend.errors import SourceBroken, UpstreamUnavailable
from backend.platforms.shopify.answer import part
from backend.platforms.shopify.client import ShopifyClient
from backend.platforms.shopify.document import document
from backend.platforms.shopify.orders import OrderShape
from backend.platforms.shopify.page_size import LINES_A_PAGE, LINES_WITH_ORDER
from backend.platforms.shopify.reading import Node


class OrderLines:
    def __init__(self, client: ShopifyClient, shape: OrderShape) -> None:
        self._client = client
        self._wanted = shape.with_lines
        self._document = document("order_lines", shape.asked)

        self.variables: Mapping[str, int] = {"lines": LINES_WITH_ORDER} if shape.with_lines else {}
        """For the documents that fetch an order together with its first lines."""

    def of(self, node: Node) -> list[Node]:
        """The lines that came with the order, and then the rest of them."""
        if not self._wanted:
            return []
        connection = part(node, "lineItems")
        lines: list[Node] = list(part(connection, "nodes"))
        seen: set[str] = set()
        while part(connection, "pageInfo", "hasNextPage"):
            after = part(connection, "pageInfo", "endCursor")
            if after in seen:
                raise SourceBroken(detail=f"order {node['id']!r}: a page of lines came twice")
            seen.add(after)
            connection = self._page(node["id"], after)
            lines += part(connection, "nodes")
        return lines

    def _page(self, order_id: str, after: str) -> Mapping[str, Any]:
        data = self._client.query(self._document, id=order_id, first=LINES_A_PAGE, after=after).data
        if data.get("order") is None:
            raise UpstreamUnavailable(detail=f"order {order_id!r} was deleted while its lines were read")
        connection: Mapping[str, Any] = part(data, "order", "lineItems")
        return connection
