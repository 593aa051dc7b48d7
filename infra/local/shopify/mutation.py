"""Mutation, as the schema has it."""

from typing import Any

from graphql import GraphQLResolveInfo

from infra.local.shopify.bulk import BulkRunner
from infra.local.shopify.bulk_nodes import BulkOperationNode
from infra.local.shopify.bulk_operation import BulkOperation
from infra.local.shopify.change import order_events
from infra.local.shopify.gid import gid_number
from infra.local.shopify.orders import Orders
from infra.local.shopify.session import Session
from infra.local.shopify.shops import ShopRow
from infra.local.shopify.subscription import Subscription
from infra.local.shopify.subscription_desk import SubscriptionDesk, UserErrors
from infra.local.shopify.subscription_nodes import SubscriptionNode
from infra.local.shopify.topics import Topic
from infra.local.shopify.webhooks import Webhooks


class Mutation:
    def __init__(self, session: Session, *, bulk: BulkRunner, webhooks: Webhooks) -> None:
        self._session = session
        self._bulk = bulk
        self._webhooks = webhooks
        self._subscriptions = SubscriptionDesk(session, webhooks)

    def bulkOperationRunQuery(
        self,
        info: GraphQLResolveInfo[Any],
        /,
        *,
        query: str,
        groupObjects: bool,  # noqa: N803 - the wire's name
    ) -> dict[str, Any]:
        del info
        operation, errors = self._bulk.run(self._session, query=query, group_objects=groupObjects)
        return self._operation(operation, errors)

    def bulkOperationCancel(self, info: GraphQLResolveInfo[Any], /, *, id: str) -> dict[str, Any]:  # noqa: A002 - the wire's
        del info
        operation, errors = self._bulk.cancel(self._session, gid_number(id, "BulkOperation"))
        return self._operation(operation, errors)

    def orderDelete(
        self,
        info: GraphQLResolveInfo[Any],
        /,
        *,
        orderId: str,  # noqa: N803 - the wire's name
    ) -> dict[str, Any]:
        del info
        self._session.require("write_orders", field="orderDelete")
        row = ShopRow(self._session.shop_number, self._session.shop)
        with self._webhooks.writing() as outbox:
            orders = Orders(outbox.connection, row.number)
            state = orders.state(gid_number(orderId, "Order"))
            if state is None:
                missing = {"field": ["orderId"], "message": "Order does not exist", "code": "NOT_FOUND"}
                return {"deletedId": None, "userErrors": [missing]}
            orders.delete(state[0].id)
            outbox.announce(row, order_events(state, None, shop=row.shop))
        return {"deletedId": orderId, "userErrors": []}

    def webhookSubscriptionCreate(
        self,
        info: GraphQLResolveInfo[Any],
        /,
        *,
        topic: Topic,
        webhookSubscription: dict[str, Any],  # noqa: N803 - the wire's name
    ) -> dict[str, Any]:
        del info
        return _subscription(*self._subscriptions.create(topic, uri=webhookSubscription.get("uri") or ""))

    def webhookSubscriptionUpdate(
        self,
        info: GraphQLResolveInfo[Any],
        /,
        *,
        id: str,  # noqa: A002 - the wire's name
        webhookSubscription: dict[str, Any],  # noqa: N803 - the wire's name
    ) -> dict[str, Any]:
        del info
        number = gid_number(id, "WebhookSubscription")
        return _subscription(*self._subscriptions.update(number, uri=webhookSubscription.get("uri")))

    def webhookSubscriptionDelete(self, info: GraphQLResolveInfo[Any], /, *, id: str) -> dict[str, Any]:  # noqa: A002 - the wire's
        del info
        errors = self._subscriptions.delete(gid_number(id, "WebhookSubscription"))
        return {"deletedWebhookSubscriptionId": None if errors else id, "userErrors": errors}

    def _operation(self, operation: BulkOperation | None, errors: list[dict[str, Any]]) -> dict[str, Any]:
        node = None if operation is None else BulkOperationNode(operation, self._session)
        return {"bulkOperation": node, "userErrors": errors}


def _subscription(subscription: Subscription | None, errors: UserErrors) -> dict[str, Any]:
    node = None if subscription is None else SubscriptionNode(subscription)
    return {"webhookSubscription": node, "userErrors": errors}
