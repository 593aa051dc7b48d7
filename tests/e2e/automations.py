"""Automations for tests of the API, where what is in the spreadsheet does not matter."""

import uuid
from typing import Any

import httpx

from infra.local.demo.merchant import Merchant
from tests.shop import Shop


def connect_shop(merchant: Merchant) -> str:
    """A new shop's connection."""
    return merchant.connect(Shop.new(merchant.stack))


def configuration(connection_id: str, **changes: Any) -> dict[str, Any]:
    """One row an order, in a spreadsheet that is only a name."""
    return {
        "name": "Orders",
        "connection_id": connection_id,
        "destination": {"spreadsheet_id": f"sheet-{uuid.uuid4().hex}"},
        "columns": [
            {"key": "order_name", "header": "Order", "type": "text"},
            {"key": "total", "header": "Total", "type": "money"},
        ],
    } | changes


def any_automation(merchant: Merchant, **changes: Any) -> dict[str, Any]:
    """With everything that it needs."""
    merchant.link_account()
    answer = merchant.http.post("/v1/automations", json=configuration(connect_shop(merchant), **changes))
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


def start_run(merchant: Merchant, automation_id: str, key: str) -> httpx.Response:
    return merchant.http.post(f"/v1/automations/{automation_id}/runs", headers={"Idempotency-Key": key})
