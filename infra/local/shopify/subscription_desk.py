"""Takes, changes and ends webhook subscriptions. Errors come back as user errors, in Shopify's words."""

from dataclasses import replace
from typing import Any, TypeAlias

from infra.local.shopify.refusal import not_simulated
from infra.local.shopify.session import Session
from infra.local.shopify.subscription import FORBIDDEN_TOPIC, Subscription, address_problems
from infra.local.shopify.subscriptions import Subscriptions
from infra.local.shopify.topics import Topic, needed_scope
from infra.local.shopify.webhooks import Webhooks

UserErrors: TypeAlias = list[dict[str, Any]]

_MISSING: UserErrors = [{"field": ["id"], "message": "Webhook subscription does not exist"}]


class SubscriptionDesk:
    def __init__(self, session: Session, webhooks: Webhooks) -> None:
        self._session = session
        self._webhooks = webhooks

    def create(self, topic: Topic, *, uri: str) -> tuple[Subscription | None, UserErrors]:
        scope = needed_scope(topic)
        if scope is not None and scope not in self._session.shop.scopes:
            return None, [{"field": ["topic"], "message": FORBIDDEN_TOPIC}]
        asked = Subscription(topic, uri.strip(), created_at=self._session.now, updated_at=self._session.now)
        with self._webhooks.writing() as outbox:
            subscriptions = Subscriptions(outbox.connection, self._session.shop_number)
            errors = self._errors(asked, subscriptions)
            return (None, errors) if errors else (subscriptions.add(asked), [])

    def update(self, subscription_id: int, *, uri: str | None) -> tuple[Subscription | None, UserErrors]:
        with self._webhooks.writing() as outbox:
            subscriptions = Subscriptions(outbox.connection, self._session.shop_number)
            current = subscriptions.get(subscription_id)
            if current is None:
                return None, _MISSING
            asked = replace(current, uri=current.uri if uri is None else uri.strip(), updated_at=self._session.now)
            errors = self._errors(asked, subscriptions)
            if errors:
                return None, errors
            subscriptions.save(asked)
            return asked, []

    def delete(self, subscription_id: int) -> UserErrors:
        with self._webhooks.writing() as outbox:
            subscriptions = Subscriptions(outbox.connection, self._session.shop_number)
            if subscriptions.get(subscription_id) is None:
                return _MISSING
            subscriptions.remove(subscription_id)
            return []

    def _errors(self, asked: Subscription, subscriptions: Subscriptions) -> UserErrors:
        if asked.uri.startswith(("pubsub://", "arn:")):
            raise not_simulated("webhooks by Google Pub/Sub and Amazon EventBridge")
        allows_http = self._webhooks.app.allows_http
        problems = address_problems(asked, others=subscriptions.all(), allows_http=allows_http)
        return [{"field": ["webhookSubscription", "callbackUrl"], "message": problem} for problem in problems]
