"""What the product does about its subscriptions, seen at the shop."""

import pytest

from backend.errors import ConnectionRefused, SourceBroken
from backend.platforms.access import FixedAccess
from backend.platforms.shopify.subscriptions import keep_subscriptions
from backend.platforms.shopify.webhook import OPTIONAL_TOPICS, SUBSCRIBED_TOPICS
from tests.contract.shopify_shop import LATEST, TOKEN, ShopifyShop

HERE = "https://webhooks.example/shopify"
ELSEWHERE = "https://old.example/shopify"
LIST = "{webhookSubscriptions(first: 100) {nodes {id topic uri}}}"
DELETE = "mutation($id: ID!) {webhookSubscriptionDelete(id: $id) {userErrors {message}}}"
NAMES = {topic: topic.upper().replace("/", "_") for topic in (*SUBSCRIBED_TOPICS, *OPTIONAL_TOPICS)}
WANTED = sorted((name, HERE) for name in NAMES.values())


def keep(shop: ShopifyShop, *, address: str = HERE, token: str = TOKEN) -> None:
    keep_subscriptions(
        base_url=f"{shop.http.base_url}/shops/{shop.domain}".replace("//shops", "/shops"),
        api_version=LATEST,
        access=FixedAccess(token),
        address=address,
        timeout_s=10,
        pause=lambda _: None,
    )


def standing(shop: ShopifyShop) -> list[tuple[str, str]]:
    nodes = shop.data(LIST)["webhookSubscriptions"]["nodes"]
    return sorted((node["topic"], node["uri"]) for node in nodes)


def test_every_topic_is_subscribed_once(shop: ShopifyShop) -> None:
    """However often it is asked for."""
    keep(shop)
    keep(shop)
    assert standing(shop) == WANTED


def test_topic_whose_permission_is_missing_is_left_out(shop: ShopifyShop) -> None:
    """The others are subscribed to all the same; when the permission comes, so does the topic."""
    shop.make(scopes=["read_orders"])
    keep(shop)
    assert standing(shop) == sorted((NAMES[topic], HERE) for topic in SUBSCRIBED_TOPICS)
    shop.make(scopes=["read_orders", "read_products"])
    keep(shop)
    assert standing(shop) == WANTED


def test_ended_subscription_is_made_again(shop: ShopifyShop) -> None:
    """Shopify ends one whose address failed for too long."""
    keep(shop)
    shop.data(DELETE, id=shop.data(LIST)["webhookSubscriptions"]["nodes"][2]["id"])
    assert standing(shop) != WANTED
    keep(shop)
    assert standing(shop) == WANTED


def test_earlier_address_is_left(shop: ShopifyShop) -> None:
    """When the ingress has moved, nothing is sent to where it was."""
    keep(shop, address=ELSEWHERE)
    keep(shop)
    assert standing(shop) == WANTED


def test_address_that_shopify_refuses(shop: ShopifyShop) -> None:
    """It is said, rather than that nobody ever hears of a change."""
    with pytest.raises(SourceBroken) as told:
        keep(shop, address="http://webhooks.example/shopify")
    assert "not supported" in told.value.detail


def test_token_that_is_refused(shop: ShopifyShop) -> None:
    """As with every other call to the shop."""
    with pytest.raises(ConnectionRefused):
        keep(shop, token="shpat_wrong")
