"""A shop on a running local Shopify, asked over HTTP as an app asks and changed as a merchant changes it."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

PATIENCE_S = 30.0
TOKEN = "shpat_of_the_test"
LATEST = "2026-10"


@dataclass(frozen=True)
class ShopifyShop:
    http: httpx.Client
    domain: str

    def ask(self, query: str, /, *, token: str = TOKEN, version: str = LATEST, **variables: Any) -> httpx.Response:
        return self.http.post(
            f"/shops/{self.domain}/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": token},
        )

    def data(self, query: str, /, **variables: Any) -> Any:
        answer = self.ask(query, **variables).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def error(self, query: str, /, **variables: Any) -> Any:
        response = self.ask(query, **variables)
        assert response.status_code == 200, response.text
        (error,) = response.json()["errors"]
        return error

    def make(self, **settings: Any) -> None:
        self.control("/control/shops", {"domain": self.domain, "access_token": TOKEN, **settings})

    def put(self, name: str, **order: Any) -> Any:
        """Makes or replaces an order; one line, unless it is told otherwise."""
        lines = [{"title": "Lantern", "sku": "L-1", "quantity": 1, "price": "2.50"}]
        return self.control(f"/control/shops/{self.domain}/orders", {"name": name, "lines": lines, **order})

    def edit(self, name: str, what: str, **body: Any) -> Any:
        return self.control(f"/control/shops/{self.domain}/orders/{name}/{what}", body)

    def load(self, path: object) -> httpx.Response:
        return self.http.post(f"/control/shops/{self.domain}/load", json={"path": str(path)})

    def counts(self) -> Any:
        return self.http.get(f"/control/shops/{self.domain}").json()

    def fault(self, kind: str, **settings: Any) -> None:
        self.control("/control/faults", {"kind": kind, **settings})

    def control(self, path: str, body: dict[str, Any]) -> Any:
        response = self.http.post(path, json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def run_bulk(self, query: str, *, group: bool = True) -> str:
        """The id of the operation."""
        mutation = """mutation($query: String!, $group: Boolean!) {
            bulkOperationRunQuery(query: $query, groupObjects: $group) {
                bulkOperation {id status} userErrors {field message code}
            }
        }"""
        started = self.data(mutation, query=query, group=group)["bulkOperationRunQuery"]
        assert started["userErrors"] == []
        assert started["bulkOperation"]["status"] == "CREATED"
        return str(started["bulkOperation"]["id"])

    def bulk(self, operation: str) -> Any:
        query = """query($id: ID!) {bulkOperation(id: $id) {
            status errorCode objectCount rootObjectCount fileSize url partialDataUrl completedAt
        }}"""
        return self.data(query, id=operation)["bulkOperation"]

    def bulk_when(self, operation: str, is_so: Callable[[Any], bool]) -> Any:
        until_s = time.monotonic() + PATIENCE_S
        while not is_so(state := self.bulk(operation)):
            assert time.monotonic() < until_s, state
            time.sleep(0.01)
        return state

    def bulk_ended(self, operation: str) -> Any:
        return self.bulk_when(operation, lambda state: state["status"] not in {"CREATED", "RUNNING", "CANCELING"})

    def fetch(self, url: str) -> list[Any]:
        response = self.http.get(url)
        assert response.status_code == 200
        return [json.loads(line) for line in response.text.splitlines()]


def new_shop(http: httpx.Client) -> ShopifyShop:
    """An empty one that no other test has seen, and no trouble left over."""
    http.delete("/control/faults")
    shop = ShopifyShop(http, f"test-{secrets.token_hex(8)}.myshopify.com")
    shop.make()
    return shop
