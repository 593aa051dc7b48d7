"""What a shop tells of its changes, on the wire."""

import base64
import hashlib
import hmac
import re
from typing import Any

import pytest

from tests.contract.shopify_shop import TOKEN
from tests.contract.shopify_webhooks.inbox import Inbox, Webhook

ORDER_TOPICS = (
    "ORDERS_CREATE",
    "ORDERS_UPDATED",
    "ORDERS_CANCELLED",
    "ORDERS_EDITED",
    "ORDERS_DELETE",
    "REFUNDS_CREATE",
)
DELETE_ORDER = "mutation($id: ID!) {orderDelete(orderId: $id) {deletedId userErrors {field message code}}}"
TWO = [
    {"title": "Lantern", "sku": "L-1", "quantity": 3, "price": "2.5"},
    {"title": "Wörk", "quantity": 1, "price": "0.001"},
]
ANN = {"id": 7, "first_name": "Ann", "last_name": "Smith", "email": "ann@example.com"}


def is_signed(webhook: Webhook, secret: str) -> bool:
    digest = hmac.new(secret.encode(), webhook.raw, hashlib.sha256).digest()
    return webhook.headers["x-shopify-hmac-sha256"] == base64.b64encode(digest).decode()


def test_webhook_has_shopify_s_headers(inbox: Inbox) -> None:
    """Whose it is, what it is about, and a signature over the bytes of the body."""
    inbox.shop.control("/control/app", {"secret": "hush"})
    inbox.subscribe("ORDERS_CREATE")
    inbox.shop.put("1", lines=TWO)
    (webhook,) = inbox.received()
    assert is_signed(webhook, "hush")
    assert webhook.headers["content-type"] == "application/json"
    assert webhook.headers["x-shopify-topic"] == "orders/create"
    assert webhook.headers["x-shopify-shop-domain"] == inbox.shop.domain
    assert webhook.headers["x-shopify-api-version"] == "2026-10"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z", webhook.headers["x-shopify-triggered-at"])
    assert webhook.event_id != webhook.id


def test_new_secret_signs_from_then_on(inbox: Inbox) -> None:
    """What waits for its next try too."""
    inbox.subscribe("ORDERS_CREATE")
    inbox.trouble(hold=True)
    inbox.shop.put("1")
    inbox.shop.control("/control/app", {"secret": "rotated"})
    inbox.trouble(hold=False)
    (webhook,) = inbox.received()
    assert is_signed(webhook, "rotated")


@pytest.mark.parametrize(
    ("what", "body", "topics"),
    [
        ("touch", {}, {"orders/updated"}),
        ("cancel", {"refund": False}, {"orders/updated", "orders/cancelled"}),
        ("cancel", {}, {"orders/updated", "orders/cancelled", "refunds/create"}),
        ("refund", {}, {"orders/updated", "refunds/create"}),
        ("lines", {"change": [{"line": "L-1", "quantity": 9}]}, {"orders/updated", "orders/edited"}),
        ("lines", {"change": [{"line": "L-1", "title": "Lamp"}]}, {"orders/updated"}),
        ("delete", {}, {"orders/delete"}),
    ],
)
def test_change_is_told_by_its_topics(inbox: Inbox, what: str, body: dict[str, Any], topics: set[str]) -> None:
    """Each once, with one event's id and an id of its own."""
    inbox.shop.put("1")
    inbox.subscribe(*ORDER_TOPICS)
    inbox.shop.edit("1", what, **body)
    webhooks = inbox.received(len(topics))
    assert sorted(webhook.topic for webhook in webhooks) == sorted(topics)
    assert len({webhook.id for webhook in webhooks}) == len(topics)
    assert len({webhook.event_id for webhook in webhooks}) == 1
    assert len(inbox.settled()) == len(topics)


def test_order_is_written_as_the_rest_api_writes_it(inbox: Inbox) -> None:
    """Ids as numbers and as global ids, money with two decimals, instants in the shop's time zone."""
    inbox.shop.make(timezone="Europe/Riga")
    inbox.subscribe("ORDERS_CREATE")
    made = inbox.shop.put(
        "1001",
        lines=TWO,
        created_at="2026-11-01T10:00:00Z",
        customer=ANN,
        tags=["vip", "gift"],
        shipping="4",
        presentment_currency="EUR",
        presentment_rate="0.5",
    )
    (webhook,) = inbox.received()
    order, line = webhook.body, webhook.body["line_items"][0]
    assert (f"gid://shopify/Order/{order['id']}", order["name"]) == (made["id"], "#1001")
    assert order["admin_graphql_api_id"] == made["id"]
    assert order["created_at"] == "2026-11-01T12:00:00+02:00"
    assert (order["financial_status"], order["fulfillment_status"]) == ("paid", None)
    assert (order["tags"], order["cancelled_at"], order["refunds"]) == ("vip, gift", None, [])
    assert order["total_price"] == "11.501"
    assert order["total_shipping_price_set"] == {
        "shop_money": {"amount": "4.00", "currency_code": "GBP"},
        "presentment_money": {"amount": "2.00", "currency_code": "EUR"},
    }
    assert order["customer"] == {**ANN, "admin_graphql_api_id": "gid://shopify/Customer/7"}
    assert line["admin_graphql_api_id"] == f"gid://shopify/LineItem/{line['id']}" == made["lines"][0]["id"]
    assert (line["price"], line["quantity"], line["sku"], line["product_exists"]) == ("2.50", 3, "L-1", True)
    assert order["line_items"][1]["title"].encode() in webhook.raw


def test_replaced_order_is_an_updated_one(inbox: Inbox) -> None:
    """The first of a name is created."""
    inbox.subscribe("ORDERS_CREATE", "ORDERS_UPDATED")
    inbox.shop.put("1")
    inbox.received()
    inbox.shop.put("1", note="again")
    assert inbox.topics(2) == ["orders/create", "orders/updated"]


def test_refund_names_its_order_and_lines(inbox: Inbox) -> None:
    """With how many units, and the order's line."""
    made = inbox.shop.put("1", lines=TWO)
    inbox.subscribe("REFUNDS_CREATE")
    inbox.shop.edit("1", "refund", lines=[{"line": "L-1", "quantity": 2}], note="broken")
    (webhook,) = inbox.received()
    (line,) = webhook.body["refund_line_items"]
    assert made["id"] == f"gid://shopify/Order/{webhook.body['order_id']}"
    assert (webhook.body["note"], line["quantity"], line["subtotal"]) == ("broken", 2, 5.0)
    assert line["line_item"]["sku"] == "L-1"


def test_edit_says_how_many_units_more_and_fewer(inbox: Inbox) -> None:
    """Of which lines, added and removed ones too."""
    made = inbox.shop.put("1", lines=TWO)
    inbox.subscribe("ORDERS_EDITED")
    added = [{"title": "Jar", "sku": "J", "quantity": 4, "price": "1"}]
    changed = inbox.shop.edit("1", "lines", add=added, remove=["L-1"])
    numbers = [int(line["id"].rsplit("/", 1)[1]) for line in (changed["lines"][-1], made["lines"][0])]
    (webhook,) = inbox.received()
    assert webhook.body["order_edit"]["line_items"] == {
        "additions": [{"id": numbers[0], "delta": 4}],
        "removals": [{"id": numbers[1], "delta": 3}],
    }


def test_order_deleted_by_an_app_is_told_by_its_number(inbox: Inbox) -> None:
    """It is gone then, and cannot be deleted again."""
    inbox.shop.make(scopes=["read_orders", "write_orders"])
    inbox.subscribe("ORDERS_DELETE")
    identity = inbox.shop.put("1")["id"]
    once, twice = (inbox.shop.data(DELETE_ORDER, id=identity)["orderDelete"] for _ in range(2))
    assert once == {"deletedId": identity, "userErrors": []}
    missing = {"field": ["orderId"], "message": "Order does not exist", "code": "NOT_FOUND"}
    assert twice == {"deletedId": None, "userErrors": [missing]}
    (webhook,) = inbox.received()
    assert webhook.body == {"id": int(identity.rsplit("/", 1)[1])}


def test_app_without_the_scope_deletes_nothing(inbox: Inbox) -> None:
    """And is told which scope it lacks."""
    identity = inbox.shop.put("1")["id"]
    assert inbox.shop.error(DELETE_ORDER, id=identity)["extensions"]["requiredAccess"] == "`write_orders` access scope."
    assert inbox.shop.counts()["orders"] == 1


def test_changed_product_is_told(inbox: Inbox) -> None:
    """Under the ids that the lines of orders name."""
    made = inbox.shop.put("1")
    inbox.subscribe("PRODUCTS_UPDATE", "ORDERS_UPDATED")
    inbox.shop.control(f"/control/shops/{inbox.shop.domain}/products", {"sku": "L-1", "title": "Lamp"})
    inbox.shop.edit("1", "touch")
    product, order = sorted((webhook.body for webhook in inbox.received(2)), key=lambda body: "line_items" in body)
    assert product["id"] == order["line_items"][0]["product_id"]
    assert (product["title"], product["variants"][0]["sku"]) == ("Lamp", "L-1")
    assert order["admin_graphql_api_id"] == made["id"]


def test_uninstalled_app_hears_of_it_and_of_nothing_more(inbox: Inbox) -> None:
    """Its token is revoked, and when it comes back it has no subscriptions."""
    inbox.subscribe("APP_UNINSTALLED", "ORDERS_CREATE")
    inbox.shop.control(f"/control/shops/{inbox.shop.domain}/uninstall", {})
    assert inbox.shop.ask("{shop {name}}").status_code == 401
    inbox.shop.put("1")
    assert inbox.topics() == ["app/uninstalled"]
    assert len(inbox.settled()) == 1
    inbox.shop.control(f"/control/shops/{inbox.shop.domain}/token", {"access_token": TOKEN})
    assert inbox.subscriptions() == []


@pytest.mark.parametrize(
    ("topic", "customer", "fields"),
    [
        ("customers/data_request", 7, {"customer", "orders_requested", "data_request"}),
        ("customers/redact", 7, {"customer", "orders_to_redact"}),
        ("shop/redact", None, set()),
    ],
)
def test_compliance_topic_goes_where_the_app_is_registered(
    inbox: Inbox, topic: str, customer: int | None, fields: set[str]
) -> None:
    """Signed like all others; nobody subscribes to it."""
    inbox.shop.control("/control/app", {"secret": "hush", "compliance_uri": inbox.uri})
    order = inbox.shop.put("1", customer=ANN)
    inbox.shop.control(f"/control/shops/{inbox.shop.domain}/compliance", {"topic": topic, "customer": customer})
    (webhook,) = inbox.received()
    assert webhook.topic == topic
    assert is_signed(webhook, "hush")
    assert set(webhook.body) == {"shop_id", "shop_domain", *fields}
    named = webhook.body.get("orders_requested", webhook.body.get("orders_to_redact", []))
    assert [f"gid://shopify/Order/{number}" for number in named] == ([order["id"]] if fields else [])
    assert webhook.body.get("customer", {}).get("email") == ("ann@example.com" if fields else None)


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("/control/shops/{shop}/compliance", {"topic": "shop/redact", "customer": 7}, 422, "customer: is needed for"),
        ("/control/shops/{shop}/compliance", {"topic": "customers/redact"}, 422, "customer: is needed for"),
        ("/control/shops/{shop}/compliance", {"topic": "orders/create"}, 422, "topic: Input should be"),
        ("/control/shops/b.myshopify.com/uninstall", {}, 404, "there is no shop b.myshopify.com"),
        ("/control/webhooks", {"loose": 1}, 422, "loose: Extra inputs"),
        ("/control/webhooks", {"retried_for_s": 0}, 422, "retried_for_s: Input should be greater than 0"),
    ],
)
def test_senseless_request_is_refused_with_a_reason(
    inbox: Inbox, path: str, body: dict[str, Any], status: int, error: str
) -> None:
    """The field that is wrong is named, and nothing is sent."""
    inbox.shop.control("/control/app", {"compliance_uri": inbox.uri})
    refused = inbox.shop.http.post(path.format(shop=inbox.shop.domain), json=body)
    assert refused.status_code == status
    assert error in refused.json()["error"]
    assert inbox.sent() == []
