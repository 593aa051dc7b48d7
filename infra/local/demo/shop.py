"""A shop on the simulated Shopify."""

from pathlib import Path
from typing import Any

from infra.local.demo.refusal import told
from infra.local.stack import Stack

DOMAIN = "demo-shop.myshopify.com"
TOKEN = "shpat_" + "0" * 32


class Shop:
    def __init__(self, stack: Stack, *, domain: str = DOMAIN, token: str = TOKEN) -> None:
        self.domain = domain
        self.token = token
        self._stack = stack
        self._shops = f"{stack.urls['shopify']}/control/shops"

    def open(self, **settings: Any) -> None:
        """As it was before, or new."""
        body = {"domain": self.domain, "access_token": self.token, "currency": "GBP", **settings}
        told(self._stack.http.post(self._shops, json=body))

    def load(self, file: Path) -> dict[str, int]:
        """Raises Refused, with the line and the column, for a file that cannot be understood."""
        return self._control("load", {"path": str(file.resolve())})

    def _control(self, what: str, body: Any) -> dict[str, Any]:
        return told(self._stack.http.post(f"{self._shops}/{self.domain}/{what}", json=body))
