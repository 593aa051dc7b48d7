"""Connecting shops through HTTP."""

from typing import Any

import httpx
import pytest
from google.cloud import firestore

from infra.local.demo.merchant import Merchant
from tests.e2e.automations import any_automation
from tests.shop import Shop, trouble


def connect(merchant: Merchant, domain: str, token: str) -> httpx.Response:
    body = {"platform": "shopify", "shop_domain": domain, "access_token": token}
    return merchant.http.post("/v1/connections", json=body)


def test_connected_shop_tells_who_it_is(merchant: Merchant) -> None:
    """The connection shows what the shop itself said."""
    shop = Shop.new(merchant.stack, currency="EUR", timezone="Europe/Berlin")
    answer = connect(merchant, shop.domain, shop.token)
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["shop_domain"], shown["currency"], shown["time_zone"]) == (shop.domain, "EUR", "Europe/Berlin")
    assert "read_orders" in shown["scopes"]
    assert merchant.http.get(f"/v1/connections/{shown['id']}").json() == shown
    assert merchant.http.get("/v1/connections").json() == {"connections": [shown]}


@pytest.mark.parametrize("written", ["https://{}/", " {} ", "HTTPS://{}"])
def test_shop_is_found_however_its_address_is_written(merchant: Merchant, written: str) -> None:
    """People paste the address from the browser; it is the same shop."""
    shop = Shop.new(merchant.stack)
    assert connect(merchant, written.format(shop.domain.upper()), shop.token).json()["shop_domain"] == shop.domain


@pytest.mark.parametrize(
    "domain", ["shop.example.com", "-x.myshopify.com", "a.b.myshopify.com", "x.myshopify.com\n.evil.example", ""]
)
def test_address_of_no_shop_is_refused(merchant: Merchant, domain: str) -> None:
    """The access token is never sent to a host that is not Shopify's."""
    refused = connect(merchant, domain, "shpat_x")
    assert refused.status_code == 422
    assert "my-shop.myshopify.com" in refused.json()["fields"]["shop_domain"]


def test_wrong_token_is_told_by_its_field(merchant: Merchant) -> None:
    """A token that the shop refuses is not stored."""
    shop = Shop.new(merchant.stack)
    refused = connect(merchant, shop.domain, "shpat_wrong")
    assert refused.status_code == 422
    assert "does not accept this access token" in refused.json()["fields"]["access_token"]
    assert merchant.http.get("/v1/connections").json() == {"connections": []}


def test_missing_scope_is_named(merchant: Merchant) -> None:
    """A token that may not read orders is of no use, and the merchant learns which permission is missing."""
    shop = Shop.new(merchant.stack, scopes=["read_products"])
    refused = connect(merchant, shop.domain, shop.token)
    assert refused.status_code == 422
    assert "read_orders" in refused.json()["fields"]["access_token"]


def test_shop_that_fails_is_no_fault_of_the_merchant(merchant: Merchant) -> None:
    """A shop that is down is told as something that passes, without waiting for it."""
    shop = Shop.new(merchant.stack)
    trouble(merchant.stack, "503")
    refused = connect(merchant, shop.domain, shop.token)
    assert (refused.status_code, refused.json()["retriable"]) == (503, True)
    assert int(refused.headers["Retry-After"]) >= 1
    assert connect(merchant, shop.domain, shop.token).status_code == 201


def test_shop_has_one_tenant(merchant: Merchant, other_merchant: Merchant) -> None:
    """A webhook must find one tenant, so a shop that is connected elsewhere is refused until it is free."""
    shop = Shop.new(merchant.stack)
    connection_id = connect(merchant, shop.domain, shop.token).json()["id"]
    refused = connect(other_merchant, shop.domain, shop.token)
    assert refused.status_code == 409
    assert "already connected" in refused.json()["detail"]
    assert merchant.http.delete(f"/v1/connections/{connection_id}").status_code == 204
    assert connect(other_merchant, shop.domain, shop.token).status_code == 201


def test_connecting_again_replaces_the_token(merchant: Merchant, documents: firestore.Client) -> None:
    """There is one connection a shop, and its stored secret is sealed."""
    shop = Shop.new(merchant.stack)

    def stored(connection_id: str) -> dict[str, Any]:
        return documents.document(f"tenants/{merchant.tenant_id}/connections/{connection_id}").get().to_dict() or {}

    first = connect(merchant, shop.domain, shop.token).json()
    before = stored(first["id"])
    again = connect(merchant, shop.domain, shop.token).json()
    after = stored(again["id"])
    assert (again["id"], again["created_at"]) == (first["id"], first["created_at"])
    assert before["sealed_access_token"] != after["sealed_access_token"]
    assert shop.token not in repr(after)


def test_connection_in_use_is_kept(merchant: Merchant) -> None:
    """No automation loses its shop by accident."""
    automation = any_automation(merchant)
    connection = f"/v1/connections/{automation['configuration']['connection_id']}"
    assert merchant.http.delete(connection).status_code == 409
    assert merchant.http.delete(f"/v1/automations/{automation['id']}").status_code == 204
    assert merchant.http.delete(connection).status_code == 204
    assert merchant.http.get(connection).status_code == 404
