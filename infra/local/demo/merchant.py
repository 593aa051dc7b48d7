"""Ann, who runs a shop: what she does in the sidebar, done over the same wire."""

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import httpx

from infra.local.demo.google_account import GoogleAccount
from infra.local.demo.refusal import told
from infra.local.demo.shop import Shop
from infra.local.stack import Stack

EMAIL = "ann@shop.example"
COLUMNS = [
    ("order_name", "Order", "text"),
    ("created_at", "Date", "datetime"),
    ("customer_name", "Customer", "text"),
    ("shipping_country", "Country", "text"),
    ("financial_status", "Status", "text"),
    ("sku", "SKU", "text"),
    ("product_title", "Product", "text"),
    ("quantity", "Quantity", "integer"),
    ("unit_price", "Unit price", "money"),
    ("line_total", "Line total", "money"),
    ("line_id", "Line id", "text"),
]
ENDED = frozenset({"completed", "failed", "cancelled"})
TIMEOUT_S = 60.0
LOOK_EVERY_S = 0.25


class Merchant:
    def __init__(self, stack: Stack, *, email: str = EMAIL, transport: httpx.BaseTransport | None = None) -> None:
        """Many merchants may share a transport: to make one costs more than a call."""
        self.stack = stack
        self.email = email
        self.google = GoogleAccount(stack, email)
        self.http = httpx.Client(base_url=stack.urls["backend"], timeout=TIMEOUT_S, transport=transport)
        """Her sidebar's calls to the API."""

    def sign_in(self) -> None:
        session = told(self.http.post("/v1/token", json={"identity_token": self.google.identity_token()}))
        self.token: str = session["token"]
        self.tenant_id: str = session["tenant"]["id"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def link_account(self) -> str:
        """The linked account's id."""
        return str(told(self.http.post("/v1/accounts", json={"refresh_token": self.google.consent()}))["id"])

    def connect(self, shop: Shop) -> str:
        """The connection's id."""
        body = {"platform": "shopify", "shop_domain": shop.domain, "access_token": shop.token}
        return str(told(self.http.post("/v1/connections", json=body))["id"])

    def create_automation(
        self, connection_id: str, spreadsheet_id: str, *, key: str | None = None, **changes: Any
    ) -> dict[str, Any]:
        """One row a line of an order, in a tab that is yet to be made, unless `changes` say otherwise."""
        body = {
            "name": "Order lines",
            "connection_id": connection_id,
            "destination": {"spreadsheet_id": spreadsheet_id, "title": "Order lines"},
            "columns": [{"key": name, "header": header, "type": type_} for name, header, type_ in COLUMNS],
            "row_mode": "line",
        }
        return told(self.http.post("/v1/automations", json=body | changes, headers=_idempotency(key)))

    def change_automation(self, automation_id: str, **changes: Any) -> dict[str, Any]:
        """Whatever its version is now."""
        version = self.automation(automation_id)["version"]
        return told(self.http.patch(f"/v1/automations/{automation_id}", json={"version": version, **changes}))

    def resume(self, automation_id: str, **changes: Any) -> dict[str, Any]:
        return told(self.http.post(f"/v1/automations/{automation_id}/resume", json=changes))

    def automation(self, automation_id: str) -> dict[str, Any]:
        return told(self.http.get(f"/v1/automations/{automation_id}"))

    def start_run(self, automation_id: str, *, key: str | None = None, kind: str = "sync") -> dict[str, Any]:
        url = f"/v1/automations/{automation_id}/runs"
        return told(self.http.post(url, json={"kind": kind}, headers=_idempotency(key)))

    def run(self, run_id: str) -> dict[str, Any]:
        return told(self.http.get(f"/v1/runs/{run_id}"))

    def open_runs(self, automation_id: str) -> list[dict[str, Any]]:
        """Those that have not ended, the oldest first; the newest twenty of them."""
        page = told(self.http.get("/v1/runs", params={"automation_id": automation_id, "open": True}))
        return list(reversed(page["runs"]))

    def cancel_run(self, run_id: str) -> dict[str, Any]:
        return told(self.http.post(f"/v1/runs/{run_id}/cancel"))

    def watch(self, run_id: str, *, pause: Callable[[float], object]) -> Iterator[dict[str, Any]]:
        """The run as it goes, until it has ended."""
        while True:
            run = self.run(run_id)
            yield run
            if run["status"] in ENDED:
                return
            pause(LOOK_EVERY_S)

    def close(self) -> None:
        self.http.close()


def _idempotency(key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": key or secrets.token_hex(8)}
