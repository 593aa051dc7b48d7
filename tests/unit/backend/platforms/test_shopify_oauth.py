"""Whether Shopify itself sent a browser back."""

import pytest
from pydantic import SecretStr

from backend.platforms.shopify.oauth import ShopifyOAuth

PUBLISHED = {
    "code": "0907a61c0c8d55e99db179b68161bc00",
    "hmac": "4712bf92ffc2917d15a2f5a273e39f0116667419aa4b6ac0b3baaf26fa3c4d20",
    "shop": "some-shop.myshopify.com",
    "timestamp": "1337178173",
}
"""Shopify's own example, signed with `hush`."""


def is_signed(query: dict[str, str], *, secret: str = "hush") -> bool:
    return ShopifyOAuth(client_id="app", secret=SecretStr(secret), scopes="read_orders").is_signed(query)


def test_published_example_is_signed() -> None:
    """In whatever order the query comes."""
    assert is_signed(PUBLISHED)
    assert is_signed(dict(reversed(PUBLISHED.items())))


@pytest.mark.parametrize(
    "change", [{"shop": "other-shop.myshopify.com"}, {"more": "x"}, {"hmac": ""}, {"hmac": "é"}, {"hmac": "0" * 64}]
)
def test_changed_query_is_not_signed(change: dict[str, str]) -> None:
    """Every part counts, known or not."""
    assert not is_signed(PUBLISHED | change)


def test_another_secret_signs_nothing() -> None:
    """Nor does a query without a signature pass."""
    assert not is_signed(PUBLISHED, secret="shush")
    assert not is_signed({})
