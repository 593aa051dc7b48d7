"""What is not Shopify's of the local Shopify: filling shops, changing orders, and trouble on demand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.local.shopify.server import start
from tests.contract.shopify_shop import ShopifyShop, new_shop

SAMPLE = Path(__file__).resolve().parents[2] / "infra/local/shopify/sample/uci_online_retail_sample.csv.gz"
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
LINE = "536365,85123A,LANTERN,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n"

ORDER = """query($search: String) {orders(first: 1, query: $search) {nodes {
    name updatedAt cancelledAt cancelReason displayFinancialStatus
    totalPriceSet {shopMoney {amount}} currentTotalPriceSet {shopMoney {amount}} totalRefundedSet {shopMoney {amount}}
    customer {displayName}
    lineItems(first: 10) {nodes {id sku quantity currentQuantity originalUnitPriceSet {shopMoney {amount}}}}
}}}"""


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


def order(shop: ShopifyShop, name: str) -> Any:
    nodes = shop.data(ORDER, search=f"name:{name}")["orders"]["nodes"]
    return nodes[0] if nodes else None


def test_shipped_sample_loads_once(shop: ShopifyShop) -> None:
    """All of it; the second time adds nothing."""
    once, again = shop.load(SAMPLE).json(), shop.load(SAMPLE).json()
    assert once == {"orders": 1_200, "lines": 20_822, "added_orders": 1_200, "added_lines": 20_822}
    assert again == {"orders": 1_200, "lines": 20_822, "added_orders": 0, "added_lines": 0}
    assert shop.counts() == {
        "domain": shop.domain,
        "orders": 1_200,
        "lines": 20_822,
        "bulk_operations": 0,
        "throttled": 0,
    }


def test_loading_again_keeps_edits(shop: ShopifyShop, tmp_path: Path) -> None:
    """An order that is there stays as it is; one that is new is added."""
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + LINE)
    shop.load(path)
    shop.edit("536365", "touch", at="2026-11-01T00:00:00Z")
    path.write_text(HEADER + LINE + LINE.replace("536365", "C536366").replace(",6,", ",-6,"))
    assert shop.load(path).json() == {"orders": 2, "lines": 2, "added_orders": 1, "added_lines": 1}
    assert order(shop, "536365")["updatedAt"] == "2026-11-01T00:00:00Z"
    credit = order(shop, "C536366")
    assert (credit["displayFinancialStatus"], credit["lineItems"]["nodes"][0]["quantity"]) == ("REFUNDED", -6)


def test_broken_file_loads_nothing(shop: ShopifyShop, tmp_path: Path) -> None:
    """And says where it is broken, and what was expected there."""
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + LINE + LINE.replace("2.55", "cheap"))
    refused = shop.load(path)
    assert refused.status_code == 422
    assert refused.json() == {
        "error": f"{path}: line 3, column UnitPrice: expected a decimal number; it is 'cheap'",
        "line": 3,
        "column": "UnitPrice",
        "expected": "a decimal number; it is 'cheap'",
    }
    assert shop.counts()["orders"] == 0


def test_missing_file_is_named(shop: ShopifyShop, tmp_path: Path) -> None:
    """With the system's own reason."""
    refused = shop.load(tmp_path / "none.csv")
    assert refused.status_code == 422
    assert refused.json() == {"error": f"{tmp_path}/none.csv cannot be read: No such file or directory"}


def test_order_is_replaced_by_one_of_its_name(shop: ShopifyShop) -> None:
    """With exactly the lines it is given."""
    two = [{"title": "Mug", "sku": sku, "quantity": 1, "price": "1"} for sku in ("A", "B")]
    first = shop.put("1001", lines=two)
    second = shop.put("#1001", lines=two[:1])
    assert first["id"] == second["id"]
    assert [line["sku"] for line in order(shop, "1001")["lineItems"]["nodes"]] == ["A"]
    assert shop.counts()["orders"] == 1


def test_lines_are_added_changed_and_removed(shop: ShopifyShop) -> None:
    """The others keep their ids, and the total follows."""
    made = shop.put("1", lines=[{"title": "Mug", "sku": sku, "quantity": 1, "price": "1"} for sku in "ABC"])
    edit = {
        "add": [{"title": "Jar", "sku": "D", "quantity": 1, "price": "5"}],
        "change": [{"line": made["lines"][0]["id"], "quantity": 4, "price": "2"}, {"line": "C", "removed": 1}],
        "remove": ["B"],
    }
    shop.edit("1", "lines", at="2026-11-01T00:00:00Z", **edit)
    changed = order(shop, "1")
    assert changed["updatedAt"] == "2026-11-01T00:00:00Z"
    assert changed["totalPriceSet"]["shopMoney"]["amount"] == "14.0"
    assert changed["currentTotalPriceSet"]["shopMoney"]["amount"] == "13.0"
    lines = changed["lineItems"]["nodes"]
    assert [(line["sku"], line["quantity"], line["currentQuantity"]) for line in lines] == [
        ("A", 4, 4),
        ("C", 1, 0),
        ("D", 1, 1),
    ]
    assert [line["id"] for line in lines[:2]] == [made["lines"][0]["id"], made["lines"][2]["id"]]


def test_order_is_cancelled_and_refunded(shop: ShopifyShop) -> None:
    """With a reason; or without a refund when it was not paid."""
    shop.put("1")
    shop.edit("1", "cancel", reason="FRAUD", at="2026-11-01T00:00:00Z")
    cancelled = order(shop, "1")
    assert (cancelled["cancelledAt"], cancelled["cancelReason"]) == ("2026-11-01T00:00:00Z", "FRAUD")
    assert (cancelled["displayFinancialStatus"], cancelled["totalRefundedSet"]["shopMoney"]["amount"]) == (
        "REFUNDED",
        "2.5",
    )
    shop.put("2")
    shop.edit("2", "cancel", refund=False)
    assert order(shop, "2")["displayFinancialStatus"] == "VOIDED"


def test_deleted_order_is_gone(shop: ShopifyShop) -> None:
    """With its lines."""
    shop.put("1")
    shop.edit("1", "delete")
    assert order(shop, "1") is None
    assert (shop.counts()["orders"], shop.counts()["lines"]) == (0, 0)


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        (
            "/control/shops",
            {"domain": "a.example.com", "access_token": "t"},
            422,
            "domain: String should match pattern",
        ),
        ("/control/shops", {"domain": "a.myshopify.com", "token": "t"}, 422, "access_token: Field required"),
        ("/control/shops/{shop}/load", {"path": "/x"}, 422, "/x cannot be read"),
        ("/control/shops/b.myshopify.com/token", {"access_token": "t"}, 404, "there is no shop b.myshopify.com"),
        ("/control/shops/{shop}/orders", {"name": "too long a name"}, 422, "name: String should match"),
        ("/control/shops/{shop}/orders", {"name": "1", "color": "red"}, 422, "color: Extra inputs"),
        ("/control/shops/{shop}/orders/9/touch", {}, 404, "there is no order 9"),
        (
            "/control/shops/{shop}/orders/1/refund",
            {"lines": [{"line": "X", "quantity": 1}]},
            422,
            "the order",
        ),
        ("/control/faults", {"kind": "flood"}, 422, "kind: Input should be"),
    ],
)
def test_senseless_request_is_refused_with_a_reason(
    shop: ShopifyShop, path: str, body: dict[str, Any], status: int, error: str
) -> None:
    """The field that is wrong is named, and nothing happens."""
    shop.put("1")
    refused = shop.http.post(path.format(shop=shop.domain), json=body)
    assert refused.status_code == status
    assert error in refused.json()["error"]


@pytest.mark.parametrize(("kind", "status"), [("429", 429), ("503", 503)])
def test_asked_for_failure_comes_when_asked_for(shop: ShopifyShop, kind: str, status: int) -> None:
    """After so many answers that go well, so many times, and then no more."""
    shop.fault(kind, skip=1, times=2)
    answers = [shop.ask("{shop {name}}") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, status, status, 200]
    assert kind != "429" or answers[1].headers["Retry-After"] == "2.0"


def test_asked_for_throttling_looks_like_the_real_one(shop: ShopifyShop) -> None:
    """HTTP 200, no actual cost."""
    shop.fault("throttled")
    body = shop.ask("{shop {name}}").json()
    assert body["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert body["extensions"]["cost"]["actualQueryCost"] is None


def test_dropped_connection_gives_no_answer(shop: ShopifyShop) -> None:
    """Though what was asked for was done."""
    shop.fault("drop")
    mutation = 'mutation {bulkOperationRunQuery(query: "{orders {edges {node {id}}}}") {bulkOperation {id}}}'
    with pytest.raises(httpx.TransportError):
        shop.ask(mutation)
    assert shop.counts()["bulk_operations"] == 1


def test_slow_answer_comes_all_the_same(shop: ShopifyShop) -> None:
    """After the delay that was asked for, which a client may not wait for."""
    shop.fault("delay", delay_s=0.4, times=2)
    with pytest.raises(httpx.ReadTimeout):
        shop.http.post(f"/shops/{shop.domain}/admin/api/2026-10/graphql.json", timeout=0.05)
    assert shop.ask("{shop {name}}").status_code == 200


def test_trouble_can_be_called_off(shop: ShopifyShop) -> None:
    """Nothing that has not happened yet happens then."""
    shop.fault("503", times=9)
    shop.http.delete("/control/faults")
    assert shop.ask("{shop {name}}").status_code == 200
