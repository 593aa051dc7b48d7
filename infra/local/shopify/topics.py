"""What webhooks are about: the values of WebhookSubscriptionTopic, and the topics that nobody subscribes to."""

from typing import Literal

Topic = Literal[
    "APP_UNINSTALLED",
    "ORDERS_CANCELLED",
    "ORDERS_CREATE",
    "ORDERS_DELETE",
    "ORDERS_EDITED",
    "ORDERS_UPDATED",
    "PRODUCTS_UPDATE",
    "REFUNDS_CREATE",
]

ComplianceTopic = Literal["customers/data_request", "customers/redact", "shop/redact"]
"""Sent to the address the app is registered with, whatever it has subscribed to."""


def header_name(topic: Topic) -> str:
    """As X-Shopify-Topic has it: orders/create."""
    return topic.lower().replace("_", "/", 1)


def needed_scope(topic: Topic) -> str | None:
    """What an app must be allowed before it may subscribe."""
    if topic == "APP_UNINSTALLED":
        return None
    return "read_products" if topic == "PRODUCTS_UPDATE" else "read_orders"
