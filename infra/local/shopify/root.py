"""QueryRoot, as the schema has it."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo

from infra.local.shopify.bulk_nodes import BulkOperationNode
from infra.local.shopify.connection import Connection, ListConnection
from infra.local.shopify.gid import gid_number, order_of_line, order_of_refund, parse_gid
from infra.local.shopify.order import Order
from infra.local.shopify.order_nodes import CustomerNode, LineItemNode, OrderNode, OrdersConnection, RefundNode
from infra.local.shopify.order_search import Condition, order_condition
from infra.local.shopify.refusal import bad_request, not_simulated
from infra.local.shopify.session import Session
from infra.local.shopify.shop_nodes import AppInstallationNode, ShopNode
from infra.local.shopify.subscription_nodes import SubscriptionNode, SubscriptionsConnection


class QueryRoot:
    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def shop(self) -> ShopNode:
        return ShopNode(self._session)

    @property
    def currentAppInstallation(self) -> AppInstallationNode:
        return AppInstallationNode(self._session)

    @property
    def orders(self) -> Connection:
        return OrdersConnection(self._session)

    def order(self, info: GraphQLResolveInfo[Any], /, *, id: str) -> OrderNode | None:  # noqa: A002 - the wire's name
        del info
        self._session.require("read_orders", field="order")
        order = self._order(gid_number(id, "Order"))
        return None if order is None else OrderNode(order, self._session)

    def ordersCount(
        self, info: GraphQLResolveInfo[Any], /, *, limit: int | None = None, query: str | None = None
    ) -> dict[str, Any]:
        del info
        self._session.require("read_orders", field="ordersCount")
        condition = order_condition(query).and_(self._session.visible)
        count = self._session.orders.count(condition, limit=None if limit is None else limit + 1)
        if limit is not None and count > limit:
            return {"count": limit, "precision": "AT_LEAST"}
        return {"count": count, "precision": "EXACT"}

    def node(self, info: GraphQLResolveInfo[Any], /, *, id: str) -> Any:  # noqa: A002 - the wire's name
        del info
        parsed = parse_gid(id)
        if parsed is None:
            raise bad_request(f"Invalid global id '{id}'")
        kind, number = parsed
        finder = self._finders.get(kind)
        if finder is None:
            raise not_simulated(f"finding a {kind} by its id; simulated are {', '.join(self._finders)}")
        return finder(number)

    def nodes(self, info: GraphQLResolveInfo[Any], /, *, ids: list[str]) -> list[Any]:
        return [self.node(info, id=each) for each in ids]

    def bulkOperation(
        self,
        info: GraphQLResolveInfo[Any],
        /,
        *,
        id: str,  # noqa: A002 - the wire's name
    ) -> BulkOperationNode | None:
        del info
        return self._bulk_operation(gid_number(id, "BulkOperation"))

    @property
    def bulkOperations(self) -> Connection:
        """The newest first, unlike all other connections: its default order, reversed."""
        return ListConnection(
            lambda: reversed(self._session.operations.all()),
            key=lambda operation: (-operation.id, operation.id),
            node=lambda operation: BulkOperationNode(operation, self._session),
        )

    @property
    def webhookSubscriptions(self) -> Connection:
        return SubscriptionsConnection(self._session)

    def webhookSubscription(
        self,
        info: GraphQLResolveInfo[Any],
        /,
        *,
        id: str,  # noqa: A002 - the wire's name
    ) -> SubscriptionNode | None:
        del info
        return self._subscription(gid_number(id, "WebhookSubscription"))

    @property
    def _finders(self) -> dict[str, Callable[[int], Any]]:
        return {
            "Order": self._order_node,
            "LineItem": self._line_item,
            "Refund": self._refund,
            "Customer": self._customer,
            "BulkOperation": self._bulk_operation,
            "WebhookSubscription": self._subscription,
            "Shop": lambda number: ShopNode(self._session) if number == self._session.shop_number else None,
        }

    def _order(self, number: int) -> Order | None:
        """As far as the app may see it."""
        orders = self._session.orders
        visible = orders.count(Condition("id = ?", (number,)).and_(self._session.visible))
        return orders.get(number) if visible else None

    def _order_node(self, number: int) -> OrderNode | None:
        self._session.require("read_orders", field="node")
        order = self._order(number)
        return None if order is None else OrderNode(order, self._session)

    def _line_item(self, number: int) -> LineItemNode | None:
        self._session.require("read_orders", field="node")
        order = self._order(order_of_line(number))
        line = order and self._session.orders.line(order.id, number)
        return LineItemNode(line, order, self._session) if order and line else None

    def _refund(self, number: int) -> RefundNode | None:
        self._session.require("read_orders", field="node")
        order = self._order(order_of_refund(number))
        refunds = order.refunds if order else ()
        return next((RefundNode(each, order, self._session) for each in refunds if order and each.id == number), None)

    def _customer(self, number: int) -> CustomerNode | None:
        self._session.require("read_customers", field="node")
        orders = self._session.orders.every(Condition("customer_id = ?", (number,)), sort="id", reverse=True)
        return next((CustomerNode(order.customer, self._session) for order in orders if order.customer), None)

    def _bulk_operation(self, number: int) -> BulkOperationNode | None:
        operation = self._session.operations.get(number)
        return None if operation is None else BulkOperationNode(operation, self._session)

    def _subscription(self, number: int) -> SubscriptionNode | None:
        subscription = self._session.subscriptions.get(number)
        return None if subscription is None else SubscriptionNode(subscription)
