"""An address that a shop's webhooks are sent to, on a real HTTP server."""

import json
import time
from dataclasses import dataclass
from typing import Any

from tests.contract.shopify_shop import PATIENCE_S, ShopifyShop
from tests.contract.worker import Delivery, Worker

CREATE = """mutation($topic: WebhookSubscriptionTopic!, $uri: String!) {
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: {uri: $uri, format: JSON}) {
        webhookSubscription {id} userErrors {field message}
    }
}"""
LIST = "{webhookSubscriptions(first: 50) {nodes {id topic uri}}}"


@dataclass(frozen=True)
class Webhook:
    topic: str
    id: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def event_id(self) -> str:
        return self.headers["x-shopify-event-id"]


@dataclass(frozen=True)
class Inbox:
    shop: ShopifyShop
    worker: Worker
    path: str

    @property
    def uri(self) -> str:
        return self.worker.url + self.path

    def subscribe(self, *topics: str) -> list[str]:
        """The ids of the subscriptions."""
        return [str(self.ask(topic)["webhookSubscription"]["id"]) for topic in topics]

    def ask(self, topic: str, *, uri: str | None = None) -> Any:
        return self.shop.data(CREATE, topic=topic, uri=self.uri if uri is None else uri)["webhookSubscriptionCreate"]

    def subscriptions(self) -> list[Any]:
        return list(self.shop.data(LIST)["webhookSubscriptions"]["nodes"])

    def answer(self, *statuses: int) -> None:
        """In this order; what comes after them is answered 200."""
        self.worker.answers[self.path] = list(statuses)

    def received(self, count: int = 1) -> list[Webhook]:
        """All that have arrived as soon as there are so many, in the order of their arrival."""
        return [_webhook(each) for each in self.worker.wait_for(self.path, count=count)]

    def topics(self, count: int = 1) -> list[str]:
        return [webhook.topic for webhook in self.received(count)]

    def trouble(self, **what: Any) -> None:
        self.shop.control("/control/webhooks", what)

    def sent(self) -> list[Any]:
        return list(self.shop.http.get("/control/webhooks", params={"shop": self.shop.domain}).json())

    def settled(self) -> list[Any]:
        """What the shop has sent, when there is nothing that it would still send."""
        until_s = time.monotonic() + PATIENCE_S
        while any(each["state"] == "waiting" for each in self.sent()):
            assert time.monotonic() < until_s, self.sent()
            time.sleep(0.01)
        return self.sent()


def _webhook(delivery: Delivery) -> Webhook:
    headers = {name.lower(): value for name, value in delivery.headers.items()}
    return Webhook(headers["x-shopify-topic"], headers["x-shopify-webhook-id"], headers, delivery.body)
