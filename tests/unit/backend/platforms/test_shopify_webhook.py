"""What Shopify's webhooks say."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.platforms.shopify.webhook import SUBSCRIBED_TOPICS, ShopifyWebhooks
from backend.platforms.webhook import AppRemoved, OrderChanged, PrivacyAsked, Told

HEADERS = {
    "X-Shopify-Topic": "orders/updated",
    "X-Shopify-Hmac-SHA256": "c2lnbmF0dXJl",
    "X-Shopify-Shop-Domain": "some-shop.myshopify.com",
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    "X-Shopify-Event-Id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
    "X-Shopify-Triggered-At": "2026-03-29T18:00:27.877041743Z",
}
ORDER_ID = 820982911946154508
"""As in Shopify's examples: too large for a double."""


def told(topic: str, body: Any) -> Told:
    return ShopifyWebhooks().told(topic, json.dumps(body).encode())


def test_headers_are_read_whatever_their_case() -> None:
    """HTTP does not care, and neither do proxies."""
    reader = ShopifyWebhooks()
    envelope = reader.envelope({name.lower(): value for name, value in HEADERS.items()})
    assert envelope == reader.envelope(HEADERS)
    assert (envelope.shop_domain, envelope.topic) == ("some-shop.myshopify.com", "orders/updated")
    assert envelope.triggered_at == datetime(2026, 3, 29, 18, 0, 27, 877041, UTC)


@pytest.mark.parametrize("name", ["Topic", "Hmac-SHA256", "Shop-Domain", "Webhook-Id"])
def test_needed_headers_are_missed(name: str) -> None:
    """Without one of these nothing can be verified or noted."""
    with pytest.raises(ValueError, match=name.lower()):
        ShopifyWebhooks().envelope({key: value for key, value in HEADERS.items() if not key.endswith(name)})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Shopify-Webhook-Id", "a/b"),
        ("X-Shopify-Webhook-Id", "a" * 101),
        ("X-Shopify-Shop-Domain", "some-shop.myshopify.com/x"),
        ("X-Shopify-Shop-Domain", "some-shop.example"),
    ],
)
def test_headers_that_name_documents_are_checked(name: str, value: str) -> None:
    """They are not signed, and must not lead to another place in the database."""
    with pytest.raises(ValueError, match="wrong"):
        ShopifyWebhooks().envelope(HEADERS | {name: value})


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("orders/create", {"id": ORDER_ID}),
        ("orders/updated", {"id": ORDER_ID}),
        ("orders/cancelled", {"id": ORDER_ID}),
        ("orders/delete", {"id": ORDER_ID}),
        ("orders/edited", {"order_edit": {"id": 1, "order_id": ORDER_ID}}),
        ("refunds/create", {"id": 1, "order_id": ORDER_ID}),
    ],
)
def test_order_topics_name_their_order(topic: str, body: Any) -> None:
    """Also where the body is about something else of the order; every digit of the id is kept."""
    assert told(topic, body) == OrderChanged("820982911946154508")
    assert topic in SUBSCRIBED_TOPICS


def test_other_topics() -> None:
    """A removed app, demands of privacy about a customer and about a shop, and what nobody here waits for."""
    customer = {"shop_id": 1, "customer": {"id": 191167, "email": "a@b.example"}, "orders_to_redact": [299938, 280263]}
    assert told("app/uninstalled", {"id": 1}) == AppRemoved()
    assert told("customers/redact", customer) == PrivacyAsked("191167", ["299938", "280263"])
    assert told("shop/redact", {"shop_id": 1}) == PrivacyAsked(None, [])
    assert told("products/update", {"id": 1}) is None


@pytest.mark.parametrize("body", [{}, [], {"id": "1"}, {"id": True}, {"id": 1.5}])
def test_body_that_breaks_the_topics_word(body: Any) -> None:
    """It is told apart rather than guessed."""
    with pytest.raises(ValueError, match="no"):
        told("orders/updated", body)


def test_body_that_is_no_json() -> None:
    """The same for what cannot even be read."""
    with pytest.raises(ValueError, match="Expecting"):
        ShopifyWebhooks().told("orders/updated", b"not json")
