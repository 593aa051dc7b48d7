"""The local Shopify, asked for orders as an app asks for them."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from graphql import GraphQLNamedType, GraphQLObjectType, get_named_type, is_leaf_type

from infra.local.shopify.schema import load_schema
from infra.local.shopify.server import start
from tests.contract.shopify_shop import ShopifyShop, new_shop

DAY = "2026-11-20T00:00:00Z"

FULL_ORDER: dict[str, Any] = {
    "lines": [
        {
            "title": "Lantern",
            "variant_title": "Red",
            "vendor": "Ikarus",
            "sku": "L-1",
            "quantity": 3,
            "price": "2.50",
            "discount": "0.30",
        }
    ],
    "created_at": "2026-11-01T10:00:00+02:00",
    "updated_at": DAY,
    "processed_at": "2026-11-01T09:00:00Z",
    "closed_at": DAY,
    "test": True,
    "note": "ring twice",
    "email": "ann@example.com",
    "phone": "+3712000000",
    "tags": ["vip", "gift"],
    "taxes_included": False,
    "presentment_currency": "EUR",
    "presentment_rate": "0.5",
    "discount_codes": ["WINTER"],
    "customer": {"id": 7, "first_name": "Ann", "last_name": "Smith", "email": "ann@example.com"},
    "shipping_address": {"name": "Ann Smith", "city": "Riga", "country": "Latvia", "country_code": "LV"},
    "billing_address": {"name": "Ann Smith", "zip": "LV-1000"},
    "shipping": "4.00",
    "tax": "1.00",
}


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    service = start()
    with httpx.Client(base_url=f"http://{service.address}", timeout=60) as client:
        yield client
    service.stop()


@pytest.fixture
def shop(http: httpx.Client) -> ShopifyShop:
    """A new one for every test."""
    return new_shop(http)


def all_fields(kind: GraphQLNamedType, path: tuple[str, ...] = ()) -> str:
    """A selection of everything there is, without going round in circles."""
    assert isinstance(kind, GraphQLObjectType)
    chosen = ["__typename"]
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        arguments = "(first: 5)" if "first" in field.args else ""
        if is_leaf_type(inner):
            chosen.append(name)
        elif inner.name not in path:
            chosen.append(f"{name}{arguments} {{{all_fields(inner, (*path, kind.name))}}}")
    return " ".join(chosen)


def test_every_field_of_an_order_answers(shop: ShopifyShop) -> None:
    """No field of the schema is without something behind it."""
    made = shop.put("1001", **FULL_ORDER)
    shop.edit("1001", "refund", lines=[{"line": "L-1", "quantity": 1}], at=DAY)
    kind = load_schema().type_map["Order"]
    order = shop.data(f"query($id: ID!) {{order(id: $id) {{{all_fields(kind)}}}}}", id=made["id"])["order"]
    euros = {"__typename": "MoneyV2", "amount": "6.1", "currencyCode": "EUR"}
    pounds = {"__typename": "MoneyV2", "amount": "12.2", "currencyCode": "GBP"}
    assert order["totalPriceSet"] == {"__typename": "MoneyBag", "presentmentMoney": euros, "shopMoney": pounds}
    assert (order["createdAt"], order["updatedAt"]) == ("2026-11-01T08:00:00Z", DAY)
    assert (order["displayFinancialStatus"], order["closed"], order["test"]) == ("PARTIALLY_REFUNDED", True, True)
    assert order["customer"]["displayName"] == "Ann Smith"
    assert order["customer"]["numberOfOrders"] == "1"
    assert order["shippingAddress"]["countryCodeV2"] == "LV"
    (line,) = order["lineItems"]["nodes"]
    assert (line["name"], line["quantity"], line["currentQuantity"]) == ("Lantern - Red", 3, 2)
    assert line["discountedTotalSet"]["shopMoney"]["amount"] == "7.2"
    (refund,) = order["refunds"]
    assert refund["totalRefundedSet"]["shopMoney"]["amount"] == "2.4"
    assert refund["refundLineItems"]["edges"][0]["node"]["quantity"] == 1
    missing = [name for name, value in order.items() if value is None]
    assert missing == ["cancelReason", "cancelledAt"]


def test_shop_says_who_it_is_and_what_the_app_may_do(shop: ShopifyShop) -> None:
    """What a connection checks before it is used."""
    answer = shop.data(
        "{shop {myshopifyDomain currencyCode ianaTimezone plan {publicDisplayName}}"
        " currentAppInstallation {accessScopes {handle}}}"
    )
    assert answer["shop"]["myshopifyDomain"] == shop.domain
    assert answer["shop"]["currencyCode"] == "GBP"
    assert {"handle": "read_orders"} in answer["currentAppInstallation"]["accessScopes"]


def test_pages_of_orders_with_equal_times_hold_each_once(shop: ShopifyShop) -> None:
    """By update, with a search, in a page size that divides nothing."""
    for number in range(1, 8):
        shop.put(str(number), updated_at=DAY if number > 2 else "2026-11-19T00:00:00Z")
    query = """query($after: String) {
        orders(first: 2, after: $after, sortKey: UPDATED_AT, query: "updated_at:>='2026-11-20T00:00:00Z'") {
            nodes {name} pageInfo {hasNextPage endCursor}
        }
    }"""
    names, after = [], None
    while True:
        page = shop.data(query, after=after)["orders"]
        names += [node["name"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert names == ["#3", "#4", "#5", "#6", "#7"]


def test_order_that_changes_between_pages_comes_again_at_the_end(shop: ShopifyShop) -> None:
    """And none is passed over for it."""
    for number in range(1, 5):
        shop.put(str(number), updated_at=f"2026-11-0{number}T00:00:00Z")
    query = """query($after: String) {
        orders(first: 2, after: $after, sortKey: UPDATED_AT) {nodes {name} pageInfo {endCursor}}
    }"""
    first = shop.data(query, after=None)["orders"]
    shop.edit("1", "touch")
    second = shop.data(query, after=first["pageInfo"]["endCursor"])["orders"]
    third = shop.data(query, after=second["pageInfo"]["endCursor"])["orders"]
    assert [[node["name"] for node in page["nodes"]] for page in (first, second, third)] == [
        ["#1", "#2"],
        ["#3", "#4"],
        ["#1"],
    ]


def test_orders_can_be_had_from_the_end_and_backwards(shop: ShopifyShop) -> None:
    """Last and before, reverse, and every key to sort by."""
    for number in (1, 2, 3):
        day = f"2026-11-0{number}T00:00:00Z"
        shop.put(str(number), created_at=day, updated_at=day, processed_at=day)

    def names(arguments: str) -> list[str]:
        return [node["name"] for node in shop.data(f"{{orders({arguments}) {{nodes {{name}}}}}}")["orders"]["nodes"]]

    assert names("last: 2") == ["#2", "#3"]
    assert names("first: 2, reverse: true") == ["#3", "#2"]
    assert names("last: 2, reverse: true, sortKey: CREATED_AT") == ["#2", "#1"]
    last = shop.data("{orders(last: 1, sortKey: ID) {edges {cursor}}}")["orders"]["edges"][0]["cursor"]
    assert names(f'last: 1, sortKey: ID, before: "{last}"') == ["#2"]


def test_line_items_are_paged_past_250(shop: ShopifyShop) -> None:
    """The page size has a limit, an order has none."""
    lines = [{"title": f"Item {number}", "quantity": 1, "price": "1"} for number in range(260)]
    made = shop.put("1", lines=lines)
    query = """query($id: ID!, $after: String) {
        order(id: $id) {lineItems(first: 250, after: $after) {nodes {title} pageInfo {hasNextPage endCursor}}}
    }"""
    first = shop.data(query, id=made["id"], after=None)["order"]["lineItems"]
    second = shop.data(query, id=made["id"], after=first["pageInfo"]["endCursor"])["order"]["lineItems"]
    assert [node["title"] for node in [*first["nodes"], *second["nodes"]]] == [line["title"] for line in lines]
    assert [first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]] == [True, False]
    too_many = shop.error("{orders(first: 251) {nodes {id}}}")
    assert too_many["message"] == "the page size must be from 0 to 250; it is 251"


def test_orders_are_found_by_id_and_missing_ones_are_null(shop: ShopifyShop) -> None:
    """In the order of the ids; a line, a refund and a customer too."""
    one, two = shop.put("1", customer={"id": 7}), shop.put("2")
    shop.edit("1", "cancel")
    ids = [two["id"], "gid://shopify/Order/1", one["id"], one["lines"][0]["id"], "gid://shopify/Customer/7"]
    nodes = shop.data("query($ids: [ID!]!) {nodes(ids: $ids) {__typename id}}", ids=ids)["nodes"]
    assert [node and node["id"] for node in nodes] == [ids[0], None, *ids[2:]]
    refund = shop.data("query($id: ID!) {order(id: $id) {refunds {id}}}", id=one["id"])["order"]["refunds"][0]["id"]
    assert shop.data("query($id: ID!) {node(id: $id) {__typename id}}", id=refund)["node"] == {
        "__typename": "Refund",
        "id": refund,
    }


def test_count_says_whether_it_is_exact(shop: ShopifyShop) -> None:
    """It counts no further than it is told to."""
    for number in (1, 2, 3):
        shop.put(str(number))
    query = "query($limit: Int, $q: String) {ordersCount(limit: $limit, query: $q) {count precision}}"
    assert shop.data(query, limit=2)["ordersCount"] == {"count": 2, "precision": "AT_LEAST"}
    assert shop.data(query, limit=3)["ordersCount"] == {"count": 3, "precision": "EXACT"}
    assert shop.data(query, limit=None, q="name:2")["ordersCount"] == {"count": 1, "precision": "EXACT"}


def test_wrong_and_revoked_tokens_are_refused(shop: ShopifyShop) -> None:
    """With Shopify's words; the new token works at once."""
    refusal = {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}
    shop.control(f"/control/shops/{shop.domain}/token", {"access_token": "new"})
    revoked = shop.ask("{shop {name}}")
    assert (revoked.status_code, revoked.json()) == (401, refusal)
    assert shop.ask("{shop {name}}", token="").status_code == 401
    assert shop.ask("{shop {name}}", token="new").status_code == 200


def test_unknown_shop_is_not_found(http: httpx.Client) -> None:
    """Whatever the token."""
    assert ShopifyShop(http, "nobody.myshopify.com").ask("{shop {name}}").status_code == 404


def test_answer_says_which_version_gave_it(shop: ShopifyShop) -> None:
    """A retired version falls forward, one that never was is not found, and every answer can be traced."""
    retired = shop.ask("{shop {name}}", version="2024-01")
    assert retired.headers["X-Shopify-API-Version"] == "2026-01"
    assert retired.headers["X-Request-Id"]
    assert shop.ask("{shop {name}}", version="latest").status_code == 404


@pytest.mark.parametrize(
    ("scopes", "query", "denied"),
    [
        (["read_customers"], "{orders(first: 1) {nodes {id}}}", "orders"),
        (["read_customers"], "{ordersCount {count}}", "ordersCount"),
        (["read_orders"], "{orders(first: 1) {nodes {customer {id}}}}", "customer"),
        (["read_orders"], "{orders(first: 1) {nodes {lineItems(first: 1) {nodes {product {id}}}}}}", "product"),
    ],
)
def test_missing_scope_is_denied_field_by_field(shop: ShopifyShop, scopes: list[str], query: str, denied: str) -> None:
    """In an answer with HTTP 200 that names the field."""
    shop.make(scopes=scopes)
    shop.put("1", customer={"id": 1})
    error = shop.error(query)
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert error["message"].startswith(f"Access denied for {denied} field. Required access: `read_")
    assert error["path"][-1] == denied


def test_app_without_read_all_orders_sees_sixty_days(shop: ShopifyShop) -> None:
    """Older orders are as if they were not there."""
    shop.make(scopes=["read_orders"])
    old = shop.put("1", created_at="2020-01-01T00:00:00Z")
    shop.put("2")
    assert shop.data("{orders(first: 5) {nodes {name}}}")["orders"]["nodes"] == [{"name": "#2"}]
    assert shop.data("query($id: ID!) {order(id: $id) {id}}", id=old["id"])["order"] is None


def test_field_that_is_not_simulated_is_named(shop: ShopifyShop) -> None:
    """It may be published or not; nothing is answered as if it were empty."""
    error = shop.error("{orders(first: 1) {nodes {id riskLevel}}}")
    assert error["extensions"] == {"code": "NOT_SIMULATED", "typeName": "Order", "fieldName": "riskLevel"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Required parameter missing or invalid: query"),
        (b'{"query": 1}', "Required parameter missing or invalid: query"),
        (b'{"query": "{shop {name}}", "variables": []}', "Required parameter missing or invalid: variables"),
        (b'{"query": "{shop {"}', "Syntax Error: Expected Name, found <EOF>."),
        (b'{"query": "query($n: Int!) {orders(first: $n) {nodes {id}}}"}', "Variable"),
        (b'{"query": "query A {shop {name}} query B {shop {name}}"}', "No operation of that name"),
    ],
)
def test_request_that_is_none_is_told_why(shop: ShopifyShop, body: bytes, message: str) -> None:
    """With HTTP 200, as all errors of GraphQL."""
    response = shop.http.post(
        f"/shops/{shop.domain}/admin/api/2026-10/graphql.json",
        content=body,
        headers={"X-Shopify-Access-Token": "shpat_of_the_test", "Content-Type": "application/json"},
    )
    assert response.status_code == 200
    assert response.json()["errors"][0]["message"].startswith(message)


def test_query_that_is_too_dear_is_refused(shop: ShopifyShop) -> None:
    """At more than 1,000 points, before anything is taken from the bucket."""
    ids = ["gid://shopify/Order/1"] * 1_001
    error = shop.error("query($ids: [ID!]!) {nodes(ids: $ids) {id}}", ids=ids)
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert (error["extensions"]["cost"], error["extensions"]["maxCost"]) == (1_001, 1_000)


def test_who_asks_too_fast_is_throttled(shop: ShopifyShop) -> None:
    """With HTTP 200, no data, no actual cost, and the state of the bucket to wait by."""
    ids = ["gid://shopify/Order/1"] * 900
    for _ in range(50):
        body = shop.ask("query($ids: [ID!]!) {nodes(ids: $ids) {id}}", ids=ids).json()
        if "errors" in body:
            break
        assert body["extensions"]["cost"]["actualQueryCost"] == 900
    assert "data" not in body
    assert body["errors"][0]["extensions"]["code"] == "THROTTLED"
    cost = body["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (900, None)
    assert cost["throttleStatus"]["currentlyAvailable"] < 900
    assert cost["throttleStatus"]["restoreRate"] == 100.0
