"""A signed-in person with an HTTP client of their own."""

import uuid
from typing import Any

import httpx

from tests.e2e.stack import Stack


class Merchant:
    def __init__(self, stack: Stack, email: str) -> None:
        self.stack = stack
        self.email = email
        self.http = httpx.Client(base_url=stack.api, timeout=20.0)
        answer = self.http.post("/v1/token", json={"identity_token": stack.identity_token(email)})
        assert answer.status_code == 200, answer.text
        self.token: str = stack.keep_secret(answer.json()["token"])
        self.tenant_id: str = answer.json()["tenant"]["id"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def link_account(self) -> str:
        answer = self.http.post("/v1/accounts", json={"refresh_token": self.stack.refresh_token(self.email)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def connect_shop(self) -> str:
        domain, token = self.stack.open_shop()
        body = {"platform": "shopify", "shop_domain": domain, "access_token": token}
        answer = self.http.post("/v1/connections", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def configuration(self, connection_id: str, **changes: Any) -> dict[str, Any]:
        return {
            "name": "Orders",
            "connection_id": connection_id,
            "destination": {"spreadsheet_id": f"sheet-{uuid.uuid4().hex}"},
            "columns": [
                {"key": "order_name", "header": "Order", "type": "text"},
                {"key": "total", "header": "Total", "type": "money"},
            ],
        } | changes

    def create_automation(self, **changes: Any) -> dict[str, Any]:
        """With everything that it needs."""
        self.link_account()
        answer = self.http.post("/v1/automations", json=self.configuration(self.connect_shop(), **changes))
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created

    def start_run(self, automation_id: str, key: str) -> httpx.Response:
        return self.http.post(f"/v1/automations/{automation_id}/runs", headers={"Idempotency-Key": key})
