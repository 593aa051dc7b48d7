"""Ann, who runs a shop: what she does in the sidebar, done over the same wire."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from infra.local.stack import ADDON_AUDIENCE, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, Stack

EMAIL = "ann@shop.example"
SHOP = "demo-shop.myshopify.com"
SHOP_TOKEN = "shpat_" + "0" * 32
SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "openid", "https://www.googleapis.com/auth/userinfo.email"]
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
TIMEOUT_S = 600.0


class Refused(RuntimeError):
    """Somebody answered with an error; the message is what they said."""


class Merchant:
    def __init__(self, stack: Stack, *, email: str = EMAIL, shop: str = SHOP) -> None:
        self._stack = stack
        self.email = email
        self.shop = shop
        self._http = httpx.Client(timeout=TIMEOUT_S)

    def open_shop(self) -> str:
        """The shop as it was before, or a new one; its access token."""
        body = {"domain": self.shop, "access_token": SHOP_TOKEN, "currency": "GBP"}
        self._post(f"{self._stack.urls['shopify']}/control/shops", body)
        return SHOP_TOKEN

    def load_orders(self, file: Path) -> dict[str, int]:
        """Raises Refused, with the line and the column, for a file that cannot be understood."""
        url = f"{self._stack.urls['shopify']}/control/shops/{self.shop}/load"
        loaded: dict[str, int] = self._post(url, {"path": str(file.resolve())})
        return loaded

    def sign_in(self) -> None:
        identity = self._stack.urls["identity"]
        self._post(f"{identity}/control/users", {"email": self.email})
        told = self._post(f"{identity}/control/identity-tokens", {"email": self.email, "audience": ADDON_AUDIENCE})
        session = self._api("POST", "/v1/token", {"identity_token": told["id_token"]})
        self._http.headers["Authorization"] = f"Bearer {session['token']}"

    def link_account(self) -> None:
        client = {"client_id": OAUTH_CLIENT_ID, "client_secret": OAUTH_CLIENT_SECRET}
        grant = {"email": self.email, "scopes": SCOPES, **client}
        granted = self._post(f"{self._stack.urls['identity']}/control/refresh-tokens", grant)
        self._refresh_token = granted["refresh_token"]
        self._api("POST", "/v1/accounts", {"refresh_token": self._refresh_token})

    def connect(self, shop_token: str) -> str:
        body = {"platform": "shopify", "shop_domain": self.shop, "access_token": shop_token}
        return str(self._api("POST", "/v1/connections", body)["id"])

    def create_spreadsheet(self) -> str:
        answer = self._http.post(
            f"{self._stack.urls['sheets']}/v4/spreadsheets",
            json={"properties": {"title": "Shop books"}},
            headers=self.google_authorization(),
        )
        return str(self._told(answer)["spreadsheetId"])

    def create_automation(self, connection_id: str, spreadsheet_id: str, **changes: Any) -> dict[str, Any]:
        """One row a line of an order, in a tab that is yet to be made, unless `changes` say otherwise."""
        columns = [{"key": key, "header": header, "type": type_} for key, header, type_ in COLUMNS]
        body = {
            "name": "Order lines",
            "connection_id": connection_id,
            "destination": {"spreadsheet_id": spreadsheet_id, "title": "Order lines"},
            "columns": columns,
            "row_mode": "line",
        }
        return self._api(
            "POST", "/v1/automations", body | changes, headers={"Idempotency-Key": "the demo's automation"}
        )

    def change_automation(self, automation_id: str, **changes: Any) -> dict[str, Any]:
        version = self.automation(automation_id)["version"]
        return self._api("PATCH", f"/v1/automations/{automation_id}", {"version": version, **changes})

    def automation(self, automation_id: str) -> dict[str, Any]:
        return self._api("GET", f"/v1/automations/{automation_id}")

    def start_run(self, automation_id: str) -> dict[str, Any]:
        key = {"Idempotency-Key": secrets.token_hex(8)}
        return self._api("POST", f"/v1/automations/{automation_id}/runs", headers=key)

    def run(self, run_id: str) -> dict[str, Any]:
        return self._api("GET", f"/v1/runs/{run_id}")

    def watch(self, run_id: str, pause: Any) -> Iterator[dict[str, Any]]:
        """The run as it goes, until it has ended."""
        while True:
            run = self.run(run_id)
            yield run
            if run["status"] in {"completed", "failed", "cancelled"}:
                return
            pause(0.5)

    def google_authorization(self) -> dict[str, str]:
        """Ann's own access to her spreadsheets, as her browser has it."""
        grant = {
            "grant_type": "refresh_token",
            "refresh_token": self._refresh_token,
            "client_id": OAUTH_CLIENT_ID,
            "client_secret": OAUTH_CLIENT_SECRET,
        }
        answer = self._told(self._http.post(f"{self._stack.urls['identity']}/token", data=grant))
        return {"Authorization": f"Bearer {answer['access_token']}"}

    def close(self) -> None:
        self._http.close()

    def _api(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
        url = self._stack.urls["backend"] + path
        return self._told(self._http.request(method, url, json=body, headers=headers))

    def _post(self, url: str, body: Any) -> dict[str, Any]:
        return self._told(self._http.post(url, json=body))

    @staticmethod
    def _told(answer: httpx.Response) -> dict[str, Any]:
        if answer.is_success:
            told: dict[str, Any] = answer.json()
            return told
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        error = problem.get("error")
        said = problem.get("detail") or (error.get("message") if isinstance(error, dict) else error) or answer.text
        fields = "".join(f"\n  {field}: {why}" for field, why in problem.get("fields", {}).items())
        raise Refused(f"{answer.request.method} {answer.request.url.path}: {said}{fields}")
