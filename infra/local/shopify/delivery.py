"""One webhook on its way to one address: what it says and how it is signed. Pure."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from infra.local.shopify.versions import WEBHOOK_VERSION

RETRIES = 8
RETRIED_FOR_S = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class Delivery:
    """The same through all retries: neither a later change of the order nor one of the address touches it.

    `event_id` is shared by all that one change has caused; `subscription_id` is None for an address that the app is
    registered with.
    """

    id: str
    event_id: str
    topic: str
    shop: str
    shop_number: int
    subscription_id: int | None
    uri: str
    triggered_at: str
    body: bytes

    def headers(self, *, secret: str) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-Topic": self.topic,
            "X-Shopify-Hmac-Sha256": signature(self.body, secret=secret),
            "X-Shopify-Shop-Domain": self.shop,
            "X-Shopify-API-Version": WEBHOOK_VERSION,
            "X-Shopify-Webhook-Id": self.id,
            "X-Shopify-Event-Id": self.event_id,
            "X-Shopify-Triggered-At": self.triggered_at,
        }


def signature(body: bytes, *, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def pause_s(failures: int, *, window_s: float = RETRIED_FOR_S) -> float | None:
    """How long to wait after so many failures, each pause twice the last; None when it is given up.

    Shopify says "8 times over 4 hours using an exponential backoff schedule" (changelog, 10 September 2024), no more.
    """
    if failures > RETRIES:
        return None
    return float(window_s * 2 ** (failures - 1) / (2**RETRIES - 1))
