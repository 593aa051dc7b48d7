"""Large sets: the shop writes its orders into one file in its own time, and they are streamed from it.

Each line of the file is an order, or a line of the order above it (groupObjects).
"""

import json
from collections.abc import Iterator

from backend.errors import ScopeMissing, SourceBroken
from backend.platforms.shopify.bulk_operation import BulkOperations, ExportedFile
from backend.platforms.shopify.client import ExportLost, ShopifyClient
from backend.platforms.shopify.document import document
from backend.platforms.shopify.jsonl import exported_lines
from backend.platforms.shopify.orders import OrderShape
from backend.platforms.shopify.paging import OrderPages
from backend.platforms.shopify.reading import Node
from backend.platforms.source import Checkpoint, Order

KIND = "bulk"

MAX_EXPORTS = 3
"""How many operations a stream may use up: one that failed, was cancelled or has expired is replaced."""


class BulkExport:
    def __init__(self, client: ShopifyClient, shape: OrderShape, *, order_query: str = "") -> None:
        self._client = client
        self._shape = shape
        self._operations = BulkOperations(client)
        self._pages = OrderPages(client, shape, order_query=order_query)
        text = document("bulk_orders", shape.asked)
        # The text is an argument and has no variables; a GraphQL string is written as a JSON string is.
        self._query = text.replace('query: ""', f"query: {json.dumps(order_query)}")

    def orders(self, *, resume: Checkpoint | None) -> Iterator[Order]:
        operation, start = (str(resume["operation"]), int(resume["offset"])) if resume else ("", 0)
        for exports_left in reversed(range(MAX_EXPORTS)):
            if not operation:
                operation, start = self._operations.start(self._query), 0
            try:
                file = self._operations.finished(operation)
                if file is not None:
                    yield from self._exported(file, operation=operation, start=start)
            except ExportLost:
                if not exports_left:
                    raise
                operation = ""
            except ScopeMissing:
                self._name_the_scope()
                raise
            else:
                return

    def _name_the_scope(self) -> None:
        """An operation does not say which permission it lacked; the same question outside of it does (Shopify's own
        advice for BulkOperationErrorCode.ACCESS_DENIED).
        """
        next(self._pages.orders(since="", resume=None), None)

    def _exported(self, file: ExportedFile, *, operation: str, start: int) -> Iterator[Order]:
        root: Node | None = None
        lines: list[Node] = []
        end = start
        for text, after in exported_lines(self._client, file.url, start=start, size_bytes=file.size_bytes):
            node = _parsed(text, after=after)
            parent = node.get("__parentId")
            if parent is None:
                if root is not None:
                    yield self._order(root, lines, operation=operation, end=end)
                root, lines = node, []
            elif root is None or parent != root.get("id"):
                raise SourceBroken(detail=f"the line of {operation} that ends at byte {after} is not below its order")
            else:
                lines.append(node)
            end = after
        if root is not None:
            yield self._order(root, lines, operation=operation, end=end)

    def _order(self, root: Node, lines: list[Node], *, operation: str, end: int) -> Order:
        return self._shape.order(root, lines, checkpoint={"kind": KIND, "operation": operation, "offset": end})


def _parsed(text: bytes, *, after: int) -> Node:
    try:
        node = json.loads(text)
    except ValueError as error:
        raise SourceBroken(detail=f"the exported line that ends at byte {after} is no JSON") from error
    if not isinstance(node, dict):
        raise SourceBroken(detail=f"the exported line that ends at byte {after} is no object")
    return node
