"""Orders by the time of their last change, page by page.

An order that changes meanwhile moves to the end and comes once more; none is passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backend.errors import SourceBroken
from backend.platforms.shopify.answer import Answer, part
from backend.platforms.shopify.client import ShopifyClient
from backend.platforms.shopify.document import document
from backend.platforms.shopify.lines import OrderLines
from backend.platforms.shopify.order_search import changed_since
from backend.platforms.shopify.orders import OrderShape
from backend.platforms.shopify.page_size import FIRST_ORDERS, next_orders
from backend.platforms.source import Checkpoint, Order

KIND = "pages"

MAX_DEPTH_ORDERS = 20_000
"""Shopify pages through 25,000 objects at most (https://shopify.dev/docs/api/usage/limits): before that the search
begins anew at the time that was reached."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the stream stands. Times are the shop's own text; an empty one is the beginning."""

    since: str
    after: str | None = None
    reached: str = ""
    """When the last order that was yielded had changed."""

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> "Place":
        return cls(str(checkpoint["since"]), str(checkpoint["after"]), str(checkpoint["reached"]))

    def restarted(self) -> "Place":
        return Place(self.reached or self.since)


class OrderPages:
    def __init__(
        self,
        client: ShopifyClient,
        shape: OrderShape,
        *,
        order_query: str = "",
        max_depth_orders: int = MAX_DEPTH_ORDERS,
    ) -> None:
        self._client = client
        self._shape = shape
        self._lines = OrderLines(client, shape)
        self._document = document("orders_page", shape.asked)
        self._order_query = order_query
        self._max_depth_orders = max_depth_orders

    def orders(self, *, since: str, resume: Checkpoint | None) -> Iterator[Order]:
        place, answer = self._entered(Place.of(resume) if resume else Place(since))
        seen: set[str] = set()
        first, depth = FIRST_ORDERS, 0
        while True:
            edges = part(answer.data, "orders", "edges")
            for edge in edges:
                node = part(edge, "node")
                place = Place(place.since, part(edge, "cursor"), part(node, "updatedAt"))
                checkpoint = {"kind": KIND, "since": place.since, "after": edge["cursor"], "reached": place.reached}
                yield self._shape.order(node, self._lines.of(node), checkpoint=checkpoint)
            if not part(answer.data, "orders", "pageInfo", "hasNextPage"):
                return
            if not edges or place.after in seen:
                raise SourceBroken(detail="a page of orders came twice, or empty with more to follow")
            seen.add(str(place.after))
            depth += len(edges)
            if depth >= self._max_depth_orders and place.reached > place.since:
                place, depth = place.restarted(), 0
                seen.clear()
            first = next_orders(first, answer.cost)
            answer = self._page(place, first=first)

    def newest(self, limit: int) -> list[Order]:
        """By when they were made; in one call, but for lines that do not come with their order."""
        answer = self._page(Place(since=""), first=limit, sort="CREATED_AT", reverse=True)
        nodes = [part(edge, "node") for edge in part(answer.data, "orders", "edges")]
        return [self._shape.order(node, self._lines.of(node), checkpoint={}) for node in nodes]

    def _entered(self, place: Place) -> tuple[Place, Answer]:
        """A cursor from an earlier attempt may have lost its meaning: then from the time it had reached."""
        try:
            return place, self._page(place, first=FIRST_ORDERS)
        except SourceBroken:
            if place.after is None:
                raise
        place = place.restarted()
        return place, self._page(place, first=FIRST_ORDERS)

    def _page(self, place: Place, *, first: int, **order: Any) -> Answer:
        return self._client.query(
            self._document,
            first=first,
            after=place.after,
            search=changed_since(place.since, order_query=self._order_query),
            **self._lines.variables,
            **order,
        )
