"""Bulk operations of the local Shopify: started, watched, cancelled and fetched as an app does it."""

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from infra.local.shopify.server import start
from tests.contract.shopify_shop import TOKEN, ShopifyShop, new_shop

ORDERS = """{orders(sortKey: UPDATED_AT) {edges {node {
    __typename id name customer {displayName} refunds {totalRefundedSet {shopMoney {amount}}}
    lineItems {edges {node {id sku quantity originalUnitPriceSet {shopMoney {amount}}}}}
}}}}"""
LONG_S = 60.0
WEEK_S = 7 * 24 * 3600


class Clock:
    """Real time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead_s = 0

    def __call__(self) -> int:
        return int(time.time()) + self.ahead_s


@pytest.fixture(scope="module")
def service_clock() -> Clock:
    return Clock()


@pytest.fixture
def clock(service_clock: Clock) -> Iterator[Clock]:
    yield service_clock
    service_clock.ahead_s = 0


@pytest.fixture(scope="module")
def http(service_clock: Clock) -> Iterator[httpx.Client]:
    service = start(clock=service_clock)
    with httpx.Client(base_url=f"http://{service.address}", timeout=60) as client:
        yield client
    service.stop()


@pytest.fixture
def shop(http: httpx.Client) -> ShopifyShop:
    """A new one for every test."""
    return new_shop(http)


def two_orders(shop: ShopifyShop) -> tuple[Any, Any]:
    lines = [{"title": "Mug", "sku": sku, "quantity": 2, "price": "1.25"} for sku in ("M-1", "M-2")]
    first = shop.put("1", lines=lines, customer={"id": 7, "first_name": "Ann"}, updated_at="2026-11-01T00:00:00Z")
    return first, shop.put("2", updated_at="2026-11-02T00:00:00Z")


def receive(http: httpx.Client, url: str, *, into: bytearray) -> None:
    """Keeps what has come when the connection breaks."""
    with http.stream("GET", url) as response:
        for chunk in response.iter_raw():
            into += chunk


def test_grouped_result_has_children_below_their_parents(shop: ShopifyShop) -> None:
    """Each with the id of its parent, and nothing but what was asked for."""
    first, second = two_orders(shop)
    shop.edit("2", "refund", at="2026-11-02T00:00:00Z")
    done = shop.bulk_ended(shop.run_bulk(ORDERS))
    assert (done["status"], done["errorCode"], done["partialDataUrl"]) == ("COMPLETED", None, None)
    assert (done["objectCount"], done["rootObjectCount"]) == ("5", "2")
    mug = {"quantity": 2, "originalUnitPriceSet": {"shopMoney": {"amount": "1.25"}}, "__parentId": first["id"]}
    lantern = {"quantity": 1, "originalUnitPriceSet": {"shopMoney": {"amount": "2.5"}}, "__parentId": second["id"]}
    assert shop.fetch(done["url"]) == [
        {"__typename": "Order", "id": first["id"], "name": "#1", "customer": {"displayName": "Ann"}, "refunds": []},
        {"id": first["lines"][0]["id"], "sku": "M-1", **mug},
        {"id": first["lines"][1]["id"], "sku": "M-2", **mug},
        {
            "__typename": "Order",
            "id": second["id"],
            "name": "#2",
            "customer": None,
            "refunds": [{"totalRefundedSet": {"shopMoney": {"amount": "2.5"}}}],
        },
        {"id": second["lines"][0]["id"], "sku": "L-1", **lantern},
    ]


def test_ungrouped_result_has_children_anywhere(shop: ShopifyShop) -> None:
    """The same objects, with the children away from their parents: the default since 2026-01."""
    two_orders(shop)
    grouped = shop.fetch(shop.bulk_ended(shop.run_bulk(ORDERS, group=True))["url"])
    ungrouped = shop.fetch(shop.bulk_ended(shop.run_bulk(ORDERS, group=False))["url"])
    assert sorted(grouped, key=str) == sorted(ungrouped, key=str)
    assert ["__parentId" in row for row in ungrouped] == [False, False, True, True, True]
    mutation = f'mutation {{bulkOperationRunQuery(query: """{ORDERS}""") {{bulkOperation {{id}}}}}}'
    by_default = shop.data(mutation)["bulkOperationRunQuery"]["bulkOperation"]["id"]
    assert shop.fetch(shop.bulk_ended(by_default)["url"]) == ungrouped


def test_bulk_query_keeps_to_its_search(shop: ShopifyShop) -> None:
    """As the same connection would in a request."""
    two_orders(shop)
    query = "{orders(query: \"updated_at:>='2026-11-02T00:00:00Z'\") {edges {node {name}}}}"
    assert shop.fetch(shop.bulk_ended(shop.run_bulk(query))["url"]) == [{"name": "#2"}]


def test_result_with_nothing_in_it_has_no_address(shop: ShopifyShop) -> None:
    """Nothing can be fetched where nothing was found."""
    done = shop.bulk_ended(shop.run_bulk(ORDERS))
    assert (done["status"], done["objectCount"], done["url"]) == ("COMPLETED", "0", None)


def test_result_can_be_fetched_in_parts(shop: ShopifyShop) -> None:
    """From where a download broke off."""
    two_orders(shop)
    done = shop.bulk_ended(shop.run_bulk(ORDERS))
    whole = shop.http.get(done["url"])
    assert int(whole.headers["Content-Length"]) == len(whole.content) == int(done["fileSize"])
    part = shop.http.get(done["url"], headers={"Range": "bytes=100-"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 100-{len(whole.content) - 1}/{len(whole.content)}"
    assert part.content == whole.content[100:]


def test_download_that_is_cut_can_be_taken_up_again(shop: ShopifyShop) -> None:
    """The fault sends half of it and hangs up."""
    two_orders(shop)
    url = shop.bulk_ended(shop.run_bulk(ORDERS))["url"]
    shop.fault("download_cut")
    received = bytearray()
    with pytest.raises(httpx.RemoteProtocolError):
        receive(shop.http, url, into=received)
    rest = shop.http.get(url, headers={"Range": f"bytes={len(received)}-"}).content
    assert received
    assert rest
    assert bytes(received) + rest == shop.http.get(url).content


def test_result_is_for_whoever_has_its_address_for_seven_days(shop: ShopifyShop, clock: Clock) -> None:
    """No token is needed, but the address cannot be guessed; then the operation says that it expired."""
    two_orders(shop)
    operation = shop.run_bulk(ORDERS)
    url = shop.bulk_ended(operation)["url"]
    assert shop.http.get(url.replace(".jsonl", "x.jsonl")).status_code == 404
    assert shop.http.get(url).status_code == 200
    clock.ahead_s = WEEK_S + 1
    assert shop.http.get(url).status_code == 404
    assert (shop.bulk(operation)["status"], shop.bulk(operation)["url"]) == ("EXPIRED", None)


def test_progress_can_be_watched_and_shop_goes_on_meanwhile(shop: ShopifyShop) -> None:
    """The result is of the moment at which the operation began to run."""
    two_orders(shop)
    shop.fault("bulk_delay", delay_s=LONG_S)
    operation = shop.run_bulk(ORDERS)
    running = shop.bulk_when(operation, lambda state: state["objectCount"] != "0")
    assert (running["status"], running["url"], running["completedAt"]) == ("RUNNING", None, None)
    shop.put("3")
    shop.http.delete("/control/faults")
    done = shop.bulk_ended(operation)
    assert (shop.counts()["orders"], done["status"], done["rootObjectCount"]) == (3, "COMPLETED", "2")


def test_cancelled_operation_ends_without_a_result(shop: ShopifyShop) -> None:
    """First it is being cancelled, then it is; once it is, it cannot be again."""
    two_orders(shop)
    shop.fault("bulk_delay", delay_s=LONG_S)
    operation = shop.run_bulk(ORDERS)
    cancel = """mutation($id: ID!) {
        bulkOperationCancel(id: $id) {bulkOperation {status} userErrors {field message}}
    }"""
    cancelled = shop.data(cancel, id=operation)["bulkOperationCancel"]
    assert cancelled == {"bulkOperation": {"status": "CANCELING"}, "userErrors": []}
    assert shop.bulk_ended(operation)["status"] == "CANCELED"
    again = shop.data(cancel, id=operation)["bulkOperationCancel"]["userErrors"]
    assert again == [{"field": None, "message": "A bulk operation cannot be canceled when it is canceled"}]
    unknown = shop.data(cancel, id="gid://shopify/BulkOperation/999")["bulkOperationCancel"]
    assert unknown["userErrors"] == [{"field": ["id"], "message": "Bulk operation does not exist"}]


def test_five_operations_run_at_once_and_no_sixth(shop: ShopifyShop) -> None:
    """The sixth is refused with the names of those that run."""
    two_orders(shop)
    shop.fault("bulk_delay", times=5, delay_s=LONG_S)
    running = [shop.run_bulk(ORDERS) for _ in range(5)]
    mutation = """mutation($query: String!) {
        bulkOperationRunQuery(query: $query) {bulkOperation {id} userErrors {field message code}}
    }"""
    sixth = shop.data(mutation, query=ORDERS)["bulkOperationRunQuery"]
    assert sixth["bulkOperation"] is None
    (error,) = sixth["userErrors"]
    assert (error["code"], error["field"]) == ("OPERATION_IN_PROGRESS", None)
    assert all(operation in error["message"] for operation in running)
    newest = shop.data("{bulkOperations(first: 2) {nodes {id}}}")["bulkOperations"]["nodes"]
    assert newest == [{"id": running[4]}, {"id": running[3]}]


def test_failed_operation_leaves_what_it_had(shop: ShopifyShop) -> None:
    """As partial data, at an address of its own."""
    two_orders(shop)
    shop.fault("bulk_failed")
    failed = shop.bulk_ended(shop.run_bulk(ORDERS))
    assert (failed["status"], failed["errorCode"], failed["url"]) == ("FAILED", "INTERNAL_SERVER_ERROR", None)
    assert [row.get("name") for row in shop.fetch(failed["partialDataUrl"])] == ["#1", None, None]


def test_query_that_may_not_run_is_a_user_error(shop: ShopifyShop) -> None:
    """And no operation is made of it."""
    mutation = """mutation($query: String!) {
        bulkOperationRunQuery(query: $query) {bulkOperation {id} userErrors {field message code}}
    }"""
    refused = shop.data(mutation, query="{orders {edges {node {id}")["bulkOperationRunQuery"]
    assert refused["bulkOperation"] is None
    assert refused["userErrors"][0]["field"] == ["query"]
    assert refused["userErrors"][0]["code"] == "INVALID"
    assert refused["userErrors"][0]["message"].startswith("Invalid bulk query: ")
    assert shop.counts()["bulk_operations"] == 0


def test_query_beyond_scopes_or_simulation_is_an_error(shop: ShopifyShop) -> None:
    """Before anything runs."""
    mutation = "mutation($query: String!) {bulkOperationRunQuery(query: $query) {bulkOperation {id}}}"
    search = '{orders(query: "tag:vip") {edges {node {id}}}}'
    assert shop.error(mutation, query=search)["extensions"]["code"] == "NOT_SIMULATED"
    shop.make(scopes=["read_products"])
    assert shop.error(mutation, query=ORDERS)["extensions"]["code"] == "ACCESS_DENIED"


def test_scope_that_a_nested_field_lacks_fails_the_operation(shop: ShopifyShop) -> None:
    """It is found while it runs, as at Shopify."""
    two_orders(shop)
    shop.make(scopes=["read_orders"], access_token=TOKEN)
    failed = shop.bulk_ended(shop.run_bulk(ORDERS))
    assert (failed["status"], failed["errorCode"]) == ("FAILED", "ACCESS_DENIED")
