"""Subscribing to webhooks, as an app does it."""

from typing import Any

import httpx
import pytest

from infra.local.shopify.app import App
from infra.local.shopify.server import start
from tests.contract.shopify_shop import ShopifyShop, new_shop
from tests.contract.shopify_webhooks.inbox import Inbox
from tests.contract.worker import Worker

FULL = """query($id: ID!) {webhookSubscription(id: $id) {
    id legacyResourceId topic uri format createdAt updatedAt apiVersion {handle displayName supported}
}}"""
PAGE = """query($after: String, $topics: [WebhookSubscriptionTopic!], $uri: String) {
    webhookSubscriptions(first: 2, after: $after, topics: $topics, uri: $uri) {
        nodes {topic} pageInfo {hasNextPage endCursor}
    }
}"""
UPDATE = """mutation($id: ID!, $uri: String) {
    webhookSubscriptionUpdate(id: $id, webhookSubscription: {uri: $uri}) {
        webhookSubscription {uri} userErrors {field message}
    }
}"""
DELETE = """mutation($id: ID!) {
    webhookSubscriptionDelete(id: $id) {deletedWebhookSubscriptionId userErrors {field message}}
}"""
ADDRESS = ["webhookSubscription", "callbackUrl"]
UNKNOWN = [{"field": ["id"], "message": "Webhook subscription does not exist"}]


def messages(answer: Any) -> list[str]:
    return [error["message"] for error in answer["userErrors"]]


def test_subscription_tells_all_about_itself(inbox: Inbox) -> None:
    """By its id, with the version of the API that its webhooks are written in."""
    (identity,) = inbox.subscribe("ORDERS_CREATE")
    found = inbox.shop.data(FULL, id=identity)["webhookSubscription"]
    assert found.pop("createdAt") == found.pop("updatedAt")
    assert found == {
        "id": identity,
        "legacyResourceId": identity.rsplit("/", 1)[1],
        "topic": "ORDERS_CREATE",
        "uri": inbox.uri,
        "format": "JSON",
        "apiVersion": {"handle": "2026-10", "displayName": "2026-10", "supported": True},
    }


def test_subscriptions_are_listed_page_by_page(inbox: Inbox) -> None:
    """The oldest first, each once."""
    topics = ["ORDERS_CREATE", "ORDERS_UPDATED", "APP_UNINSTALLED"]
    inbox.subscribe(*topics)
    first = inbox.shop.data(PAGE)["webhookSubscriptions"]
    second = inbox.shop.data(PAGE, after=first["pageInfo"]["endCursor"])["webhookSubscriptions"]
    assert [node["topic"] for node in first["nodes"] + second["nodes"]] == topics
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"topics": ["ORDERS_UPDATED", "REFUNDS_CREATE"]}, ["ORDERS_UPDATED"]),
        ({"topics": []}, []),
        ({"uri": "https://example.com/elsewhere"}, ["ORDERS_CREATE"]),
    ],
)
def test_subscriptions_are_found_by_topic_and_address(inbox: Inbox, filters: dict[str, Any], found: list[str]) -> None:
    """Those that have one of the topics, or the very address."""
    inbox.subscribe("ORDERS_UPDATED")
    inbox.ask("ORDERS_CREATE", uri="https://example.com/elsewhere")
    nodes = inbox.shop.data(PAGE, **filters)["webhookSubscriptions"]["nodes"]
    assert [node["topic"] for node in nodes] == found


def test_address_is_taken_once_a_topic(inbox: Inbox) -> None:
    """The second one is refused in Shopify's words, and another topic is not."""
    inbox.subscribe("ORDERS_CREATE", "ORDERS_UPDATED")
    again = inbox.ask("ORDERS_CREATE")
    taken = {"field": ADDRESS, "message": "Address for this topic has already been taken"}
    assert again == {"webhookSubscription": None, "userErrors": [taken]}
    assert len(inbox.subscriptions()) == 2


@pytest.mark.parametrize(
    ("uri", "problems"),
    [
        (" ", ["Address can't be blank"]),
        ("example.com/hooks", ["Address is invalid"]),
        ("http://example.com/hooks", ["Address protocol http:// is not supported"]),
        ("http://127.0.0.1.example.com/", ["Address protocol http:// is not supported"]),
        ("https://a.myshopify.com/", ["Address cannot be a Shopify or an internal domain"]),
        (
            "ftp://localhost/x",
            ["Address protocol ftp:// is not supported", "Address cannot be a Shopify or an internal domain"],
        ),
    ],
)
def test_senseless_address_is_refused(inbox: Inbox, uri: str, problems: list[str]) -> None:
    """With everything that is wrong about it, and nothing is subscribed."""
    assert messages(inbox.ask("ORDERS_CREATE", uri=uri)) == problems
    assert inbox.subscriptions() == []


def test_plain_http_is_refused_unless_allowed(worker: Worker) -> None:
    """To this machine too, as Shopify refuses it."""
    service = start(app=App("secret"))
    with httpx.Client(base_url=f"http://{service.address}") as http:
        answer = Inbox(new_shop(http), worker, "/").ask("ORDERS_CREATE")
    service.stop()
    assert messages(answer) == [
        "Address protocol http:// is not supported",
        "Address cannot be a Shopify or an internal domain",
    ]


def test_cloud_queue_is_not_simulated(inbox: Inbox) -> None:
    """Shopify would take it, so it is not called wrong."""
    with pytest.raises(AssertionError, match="NOT_SIMULATED"):
        inbox.ask("ORDERS_CREATE", uri="pubsub://project:topic")


def test_topic_needs_its_scope(inbox: Inbox) -> None:
    """An app that may not read orders is told of none."""
    inbox.shop.make(scopes=["read_products"])
    refused = inbox.ask("ORDERS_CREATE")
    assert messages(refused) == ["You cannot create a webhook subscription with the specified topic"]
    inbox.subscribe("PRODUCTS_UPDATE", "APP_UNINSTALLED")


def test_changed_address_takes_what_comes(inbox: Inbox, worker: Worker) -> None:
    """And what was sent before went to the old one."""
    (identity,) = inbox.subscribe("ORDERS_CREATE")
    inbox.shop.put("1")
    inbox.received()
    moved = Inbox(inbox.shop, worker, f"{inbox.path}/moved")
    answer = inbox.shop.data(UPDATE, id=identity, uri=moved.uri)["webhookSubscriptionUpdate"]
    assert answer == {"webhookSubscription": {"uri": moved.uri}, "userErrors": []}
    inbox.shop.put("2")
    assert [webhook.body["name"] for webhook in moved.received()] == ["#2"]
    assert len(inbox.received()) == 1


def test_address_cannot_be_changed_to_a_wrong_one(inbox: Inbox) -> None:
    """Nor a subscription that is not there be changed."""
    kept, other = inbox.subscribe("ORDERS_CREATE", "ORDERS_UPDATED")
    inbox.shop.data(DELETE, id=other)
    for identity, uri, message in [
        (kept, "http://example.com/", "Address protocol http:// is not supported"),
        (other, inbox.uri, "Webhook subscription does not exist"),
    ]:
        assert messages(inbox.shop.data(UPDATE, id=identity, uri=uri)["webhookSubscriptionUpdate"]) == [message]
    assert [each["uri"] for each in inbox.subscriptions()] == [inbox.uri]


def test_subscription_is_deleted_once(inbox: Inbox) -> None:
    """The second time there is none."""
    (identity,) = inbox.subscribe("ORDERS_CREATE")
    once, twice = (inbox.shop.data(DELETE, id=identity)["webhookSubscriptionDelete"] for _ in range(2))
    assert once == {"deletedWebhookSubscriptionId": identity, "userErrors": []}
    assert twice == {"deletedWebhookSubscriptionId": None, "userErrors": UNKNOWN}
    assert inbox.subscriptions() == []


def test_shops_do_not_see_each_other(inbox: Inbox) -> None:
    """Another shop's subscription is not there, and its orders are not told of."""
    other: ShopifyShop = new_shop(inbox.shop.http)
    (identity,) = inbox.subscribe("ORDERS_CREATE")
    assert other.data(FULL, id=identity)["webhookSubscription"] is None
    assert other.data(DELETE, id=identity)["webhookSubscriptionDelete"]["userErrors"] == UNKNOWN
    other.put("theirs")
    inbox.shop.put("ours")
    assert [webhook.body["name"] for webhook in inbox.received()] == ["#ours"]
