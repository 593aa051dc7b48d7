"""Whether a shop accepts us, asked of a really running Shopify."""

from collections.abc import Callable

import pytest

from backend.errors import ConnectionRefused, ScopeMissing, UpstreamUnavailable
from backend.platforms.access import FixedAccess
from backend.platforms.shopify.access import ShopIdentity, check_access
from tests.contract.shopify_source.shop import TOKEN, Shop


def checked(shop: Shop, token: str = TOKEN) -> ShopIdentity:
    return check_access(
        base_url=shop.base_url, api_version="2026-10", access=FixedAccess(token), timeout_s=10.0, pause=shop.patience
    )


def test_access_tells_who_the_shop_is(new_shop: Callable[..., Shop]) -> None:
    """Its name, domain, currency, time zone and what it lets us do."""
    shop = new_shop(currency="EUR", timezone="Europe/Warsaw")
    identity = checked(shop)
    assert (identity.domain, identity.currency, identity.time_zone) == (shop.domain, "EUR", "Europe/Warsaw")
    assert identity.name
    assert {"read_orders", "read_all_orders"} <= identity.scopes


def test_access_to_recent_orders_only_is_told(new_shop: Callable[..., Shop]) -> None:
    """Without read_all_orders Shopify shows 60 days."""
    assert "read_all_orders" not in checked(new_shop(scopes=["read_orders"])).scopes


def test_access_without_orders_is_refused(new_shop: Callable[..., Shop]) -> None:
    """There is nothing to export then."""
    with pytest.raises(ScopeMissing, match="read_orders"):
        checked(new_shop(scopes=["read_products"]))


def test_wrong_token_is_refused(shop: Shop) -> None:
    """The merchant reads what to do."""
    with pytest.raises(ConnectionRefused, match="Connect the shop again"):
        checked(shop, token="shpat_wrong")


def test_unknown_shop_is_refused(shop: Shop) -> None:
    """A mistyped address is told apart from a wrong token."""
    shop.domain = "nobody.myshopify.com"
    with pytest.raises(ConnectionRefused, match="no Shopify shop at this address"):
        checked(shop)


def test_someone_waits_for_the_answer(shop: Shop) -> None:
    """So a shop that does not answer is tried only twice."""
    shop.trouble("503", times=5)
    with pytest.raises(UpstreamUnavailable):
        checked(shop)
    assert len(shop.patience.asked_s) == 1
