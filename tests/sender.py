"""Webhooks as Shopify sends them, one by one, so that a test says what is in them and how often they come."""

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

import httpx

from infra.local.demo.google_account import GoogleAccount
from infra.local.demo.merchant import Merchant
from infra.local.stack import SHOPIFY_APP_SECRET, TASKS_ACCOUNT


class Sender:
    """Sends to one ingress, about one shop."""

    def __init__(self, url: str, shop_domain: str) -> None:
        self._url = f"{url}/shopify"
        self._shop_domain = shop_domain
        self._http = httpx.Client(timeout=30.0)

    def send(
        self,
        topic: str,
        body: Any,
        *,
        webhook_id: str | None = None,
        secret: str = SHOPIFY_APP_SECRET,
        **headers: str,
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        signature = base64.b64encode(hmac.new(secret.encode(), content, hashlib.sha256).digest()).decode()
        given = {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": signature,
            "X-Shopify-Shop-Domain": self._shop_domain,
            "X-Shopify-Webhook-Id": webhook_id or str(uuid.uuid4()),
            "X-Shopify-Event-Id": str(uuid.uuid4()),
            "X-Shopify-Triggered-At": "2026-03-29T18:00:27.877041743Z",
        }
        return self._http.post(self._url, content=content, headers=given | headers)

    def close(self) -> None:
        self._http.close()


def take_changes(merchant: Merchant, connection_id: str) -> int:
    """As Cloud Tasks calls when a window ends; how many changes were taken."""
    stack = merchant.stack
    token = GoogleAccount(stack, TASKS_ACCOUNT).identity_token(audience=stack.urls["backend"])
    answer = stack.http.post(
        f"{stack.urls['backend']}/v1/internal/connections/{connection_id}/changes",
        json={"tenant_id": merchant.tenant_id},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 200, answer.text
    return int(answer.json()["taken"])
