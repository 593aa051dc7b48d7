"""A shop on a really running Shopify, and what merchants, platforms and networks do to it."""

import json
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

from backend.platforms.access import FixedAccess
from backend.platforms.shopify.catalogue import ORDERS
from backend.platforms.shopify.source import ShopifyOrders
from backend.platforms.source import Order, Pause

TOKEN = "shpat_first"
CSV_HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


def plain_transport() -> httpx.HTTPTransport:
    """Reading all the certificates of the world takes longer than a test."""
    return httpx.HTTPTransport(verify=False)


@dataclass
class Wire(httpx.BaseTransport):
    """The real connection, with a record of what went over it."""

    real: httpx.HTTPTransport = field(default_factory=plain_transport)
    requests: list[httpx.Request] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    """Of calls; not of downloads."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = self.real.handle_request(request)
        if request.method != "POST":
            return response
        body = response.read()
        if response.status_code == 200:
            self.answers.append(json.loads(body))
        return httpx.Response(response.status_code, headers=response.headers, content=body)

    def close(self) -> None:
        self.real.close()

    def calls(self, operation: str) -> list[dict[str, Any]]:
        """The variables of each call of this operation."""
        bodies = [json.loads(request.content) for request in self.requests if request.method == "POST"]
        return [body["variables"] for body in bodies if f" {operation}" in body["query"]]

    @property
    def downloads(self) -> list[httpx.Request]:
        return [request for request in self.requests if request.method == "GET"]


@dataclass
class Patience:
    """A pause that is cut short, so that tests do not last as long as what they are about; it keeps what was asked."""

    asked_s: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.asked_s.append(seconds)
        threading.Event().wait(min(seconds, 0.02))


@dataclass
class Shop:
    address: str
    domain: str
    settings: dict[str, Any] = field(default_factory=dict)
    wire: Wire = field(default_factory=Wire)
    patience: Patience = field(default_factory=Patience)

    def open(self) -> "Shop":
        self.control("shops", {"domain": self.domain, "access_token": TOKEN, **self.settings})
        return self

    @property
    def base_url(self) -> str:
        return f"http://{self.address}/shops/{self.domain}"

    def control(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        with httpx.Client(base_url=f"http://{self.address}/control/", transport=plain_transport()) as http:
            response = http.get(path) if body is None else http.post(path, json=body)
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def graphql(self, query: str) -> dict[str, Any]:
        """As somebody else would ask."""
        with httpx.Client(base_url=self.base_url, transport=plain_transport()) as http:
            headers = {"X-Shopify-Access-Token": TOKEN}
            answer = http.post("/admin/api/2026-10/graphql.json", json={"query": query}, headers=headers).json()
        return dict(answer["data"])

    def as_new(self) -> "Shop":
        """The same shop with nothing on record."""
        return replace(self, wire=Wire(), patience=Patience())

    def load(self, folder: Path, *, orders: int, lines: int, a_minute: int = 1_000) -> None:
        """That many orders, so many of them in the same minute."""
        rows = [
            f"{600000 + order},SKU{line},Ząb,1,12/1/2010 8:{order // a_minute:02},1.5,17850,Norway"
            for order in range(orders)
            for line in range(lines)
        ]
        file = folder / "invoices.csv"
        file.write_text("\n".join([CSV_HEADER, *rows]) + "\n", encoding="utf-8")
        loaded = self.control(f"shops/{self.domain}/load", {"path": str(file)})
        assert (loaded["orders"], loaded["lines"]) == (orders, orders * lines)

    def put(self, name: str, **order: Any) -> None:
        order.setdefault("lines", [{"title": f"Thing of {name}", "sku": f"SKU-{name}", "quantity": 2, "price": "1.25"}])
        self.control(f"shops/{self.domain}/orders", {"name": name, **order})

    def edit(self, name: str, what: str, **body: Any) -> None:
        self.control(f"shops/{self.domain}/orders/{name}/{what}", body)

    def trouble(self, kind: str, **fault: Any) -> None:
        self.control("faults", {"kind": kind, **fault})

    def end_trouble(self) -> None:
        with httpx.Client(base_url=f"http://{self.address}/control/", transport=plain_transport()) as http:
            assert http.delete("faults").is_success

    def empty_bucket(self) -> None:
        """Somebody has called a great many times."""
        with httpx.Client(base_url=f"http://{self.address}/control/", transport=plain_transport()) as http:
            assert http.delete(f"shops/{self.domain}/points").is_success

    @property
    def refused_calls(self) -> int:
        """For which there were not enough points."""
        return int(self.control(f"shops/{self.domain}")["throttled"])

    @property
    def operations_made(self) -> int:
        return int(self.control(f"shops/{self.domain}")["bulk_operations"])

    def source(
        self,
        fields: Collection[str] = tuple(ORDERS),
        *,
        bulk_from_orders: int = 10**9,
        pause: Pause | None = None,
        timeout_s: float = 10.0,
        token: str = TOKEN,
        api_version: str = "2026-10",
        **settings: Any,
    ) -> ShopifyOrders:
        """Pages unless told otherwise."""
        return ShopifyOrders(
            base_url=self.base_url,
            api_version=api_version,
            access=FixedAccess(token),
            fields=fields,
            bulk_from_orders=bulk_from_orders,
            timeout_s=timeout_s,
            pause=pause or self.patience,
            transport=self.wire,
            **settings,
        )


def names(orders: Iterable[Order]) -> list[Any]:
    return [order.values["order_name"] for order in orders]


def until(condition: Callable[[], bool], *, within_s: float = 10.0) -> None:
    end_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end_s, "it did not come to pass"
        time.sleep(0.02)


def moment(minute: int, second: int = 0) -> str:
    return f"2026-10-01T10:{minute:02}:{second:02}Z"


def busy_street(shop: Shop) -> Shop:
    """Twelve orders of every kind; STREET has their names in the order of their last change."""
    customer = {"id": 17850, "first_name": "Łukasz", "last_name": "Ångström"}
    address = {"name": "Łukasz", "city": "Łódź", "zip": "0042", "country": "Poland", "country_code": "PL"}
    lines = [
        {"title": "Jabłko żółte", "sku": "0042", "quantity": 3, "price": "0.333", "discount": "0.10", "vendor": "Sad"},
        {"title": "=SUM(A1)", "quantity": -2, "price": "10.00"},
    ]
    for number in range(12):
        shop.put(
            f"S{number}",
            updated_at=moment(number // 3),
            created_at=moment(0),
            lines=lines * (1 + number % 3),
            customer=customer if number % 2 else None,
            shipping_address=address if number % 3 else None,
            tags=["a", "b"],
            note="zażółć\ngęślą",
        )
    shop.edit("S4", "cancel", at=moment(8))
    shop.edit("S5", "refund", at=moment(9), lines=[{"line": "0042", "quantity": 1}])
    return shop


STREET = ["#S0", "#S1", "#S2", "#S3", "#S6", "#S7", "#S8", "#S9", "#S10", "#S11", "#S4", "#S5"]
