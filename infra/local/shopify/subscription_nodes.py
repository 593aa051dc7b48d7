"""WebhookSubscription, as the schema has it."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLResolveInfo

from infra.local.shopify.connection import Key, ListConnection
from infra.local.shopify.gid import gid
from infra.local.shopify.instant import iso
from infra.local.shopify.session import Session
from infra.local.shopify.subscription import Subscription
from infra.local.shopify.versions import WEBHOOK_VERSION


class SubscriptionNode:
    kind = "WebhookSubscription"

    def __init__(self, subscription: Subscription) -> None:
        self.id = gid(self.kind, subscription.id)
        self.legacyResourceId = str(subscription.id)
        self.topic = subscription.topic
        self.uri = subscription.uri
        self.format = "JSON"
        self.createdAt = iso(subscription.created_at)
        self.updatedAt = iso(subscription.updated_at)
        self.apiVersion = {"handle": WEBHOOK_VERSION, "displayName": WEBHOOK_VERSION, "supported": True}


class SubscriptionsConnection:
    """QueryRoot.webhookSubscriptions"""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, info: GraphQLResolveInfo[Any], /, **arguments: Any) -> dict[str, Any]:
        return self._asked_for(**arguments)(info, **arguments)

    def every(self, **arguments: Any) -> Iterator[SubscriptionNode]:
        return self._asked_for(**arguments).every()

    def _asked_for(
        self, *, topics: list[str] | None = None, uri: str | None = None, **_: Any
    ) -> ListConnection[Subscription]:
        chosen = [
            each
            for each in self._session.subscriptions.all()
            if (topics is None or each.topic in topics) and (uri is None or each.uri == uri)
        ]
        return ListConnection(lambda: chosen, key=_key, node=SubscriptionNode)


def _key(subscription: Subscription) -> Key:
    return subscription.created_at, subscription.id
