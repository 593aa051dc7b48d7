"""A simulated shop of a test's own: its orders, what happens to them, and what it says of them itself."""

import secrets
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self, TypeAlias
from urllib.parse import quote

from infra.local.demo import shop as demo
from infra.local.demo.refusal import told
from infra.local.stack import Stack

Row: TypeAlias = tuple[Any, ...]

API_VERSION = "2026-10"
PATIENCE_S = 60.0
ORDERS = """
query Orders($after: String) {
  orders(first: 100, after: $after, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      name
      lineItems(first: 50) {
        nodes { id sku title quantity originalUnitPriceSet { shopMoney { amount } } }
      }
    }
  }
}
"""


class Shop(demo.Shop):
    @classmethod
    def new(cls, stack: Stack, **settings: Any) -> Self:
        """A shop that nobody else has, of the plan with the largest bucket."""
        shop = cls(stack, domain=f"shop-{uuid.uuid4().hex[:12]}.myshopify.com", token=f"shpat_{secrets.token_hex(16)}")
        shop.open(**{"plan": "plus"} | settings)
        return shop

    def fill(self, file: Path, *, orders: int, lines: int = 2) -> None:
        """So many orders of so many lines each, by way of a file: #500000, #500001, …"""
        file.write_text(invoices(orders, lines))
        self.load(file)

    def put(self, name: str, **order: Any) -> str:
        """Make the order, or replace it; it changed now. Its id, as webhooks and runs name it."""
        made = self._control("orders", {"name": name, **order})
        return str(made["id"]).rpartition("/")[2]

    def edit(self, name: str, what: str, **details: Any) -> None:
        """`what` is one of cancel, delete, lines, refund, touch (infra.local.shopify.control_orders)."""
        self._control(f"orders/{quote(name)}/{what}", details)

    def trouble_webhooks(self, **trouble: Any) -> None:
        """Those of all shops; see infra.local.shopify's README."""
        told(self._stack.http.post(f"{self._stack.urls['shopify']}/control/webhooks", json=trouble))

    def end_webhook_trouble(self) -> None:
        told(self._stack.http.delete(f"{self._stack.urls['shopify']}/control/webhooks"))

    def await_webhooks(self) -> None:
        """Until all that this shop has to say was delivered."""
        give_up_at = time.monotonic() + PATIENCE_S
        while {webhook["state"] for webhook in self._webhooks()} - {"delivered"}:
            assert time.monotonic() < give_up_at, "webhooks were not delivered"
            time.sleep(0.05)

    def uninstall(self) -> None:
        """Its owner removes the app."""
        self._control("uninstall", {})

    def expire_tokens(self) -> None:
        """Those that an app was given on the consent page have had their hour."""
        self._control("token/expire", {})

    def empty_bucket(self) -> None:
        """Of the points that its API may be called for, as somebody's great many calls would."""
        self._stack.http.delete(f"{self._shops}/{self.domain}/points").raise_for_status()

    def opens_to(self, token: str) -> bool:
        """Whether a call with this token is answered."""
        url = f"{self._stack.urls['shopify']}/shops/{self.domain}/admin/api/{API_VERSION}/graphql.json"
        asked = {"query": "{ shop { name } }"}
        return self._stack.http.post(url, json=asked, headers={"X-Shopify-Access-Token": token}).is_success

    def refused_calls(self) -> int:
        """How many there were not enough points for."""
        return int(self._stack.http.get(f"{self._shops}/{self.domain}").json()["throttled"])

    def replace_token(self, token: str) -> None:
        """The old one is revoked."""
        self._control("token", {"access_token": token})
        self.token = token

    def bulk_operations(self) -> int:
        """How many were ever started."""
        return int(self._stack.http.get(f"{self._shops}/{self.domain}").json()["bulk_operations"])

    def rows(self) -> list[Row]:
        """(order, SKU, product, quantity, unit price, line total, line id) of each line, as the API tells them."""
        return sorted(row for order in self._orders() for row in _rows(order))

    def _webhooks(self) -> list[dict[str, Any]]:
        url = f"{self._stack.urls['shopify']}/control/webhooks"
        sent: list[dict[str, Any]] = self._stack.http.get(url, params={"shop": self.domain}).json()
        return sent

    def _orders(self) -> Iterator[dict[str, Any]]:
        url = f"{self._stack.urls['shopify']}/shops/{self.domain}/admin/api/{API_VERSION}/graphql.json"
        after = None
        while True:
            body = {"query": ORDERS, "variables": {"after": after}}
            answer = self._stack.http.post(url, json=body, headers={"X-Shopify-Access-Token": self.token}).json()
            assert "errors" not in answer, answer["errors"]
            page = answer["data"]["orders"]
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]


def trouble(stack: Stack, kind: str, *, times: int = 1, skip: int = 0, delay_s: float = 1.0) -> None:
    """For the next calls to any shop; see infra.local.shopify.faults."""
    body = {"kind": kind, "times": times, "skip": skip, "delay_s": delay_s}
    stack.http.post(f"{stack.urls['shopify']}/control/faults", json=body).raise_for_status()


def invoices(orders: int, lines: int) -> str:
    """A file in the columns of the UCI Online Retail data."""
    head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    return head + "".join(_lines(orders, lines))


def _lines(orders: int, lines: int) -> Iterable[str]:
    for order in range(orders):
        placed_at = f"2011-01-{1 + order % 28:02d} {order % 24:02d}:00:00"
        for line in range(lines):
            quantity, price = 1 + (order + line) % 7, f"{1 + line}.{order % 90 + 10}"
            thing = f"{10_000 + line:05d}A,THING {line} OF {order}"
            yield f"{500_000 + order},{thing},{quantity},{placed_at},{price},,United Kingdom\n"


def _rows(order: dict[str, Any]) -> Iterator[Row]:
    for line in order["lineItems"]["nodes"]:
        price = float(line["originalUnitPriceSet"]["shopMoney"]["amount"])
        total = round(line["quantity"] * price, 4)
        line_id = line["id"].rsplit("/", 1)[1]
        yield order["name"], line["sku"], line["title"], line["quantity"], price, total, line_id
