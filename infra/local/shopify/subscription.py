"""A webhook subscription as it is kept, and what may not become one. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from infra.local.service import LOOPBACK
from infra.local.shopify.topics import Topic

TAKEN = "Address for this topic has already been taken"
FORBIDDEN_TOPIC = "You cannot create a webhook subscription with the specified topic"


@dataclass(frozen=True, slots=True)
class Subscription:
    topic: Topic
    uri: str
    created_at: int
    updated_at: int
    id: int = 0


def address_problems(subscription: Subscription, *, others: Iterable[Subscription], allows_http: bool) -> list[str]:
    """In Shopify's words. `allows_http` lets in what Shopify does not: http to this machine."""
    uri = subscription.uri
    problems = [] if allows_http and _is_local_http(uri) else _uri_problems(uri)
    is_taken = any(
        other.uri == uri and other.topic == subscription.topic for other in others if other.id != subscription.id
    )
    return [*problems, TAKEN] if is_taken else problems


def _is_local_http(uri: str) -> bool:
    return uri.startswith((f"http://{LOOPBACK}/", f"http://{LOOPBACK}:"))


def _uri_problems(uri: str) -> list[str]:
    if not uri.strip():
        return ["Address can't be blank"]
    parts = urlsplit(uri)
    host = parts.hostname or ""
    if not parts.scheme or not host:
        return ["Address is invalid"]
    problems = [] if parts.scheme == "https" else [f"Address protocol {parts.scheme}:// is not supported"]
    if host in {"localhost", LOOPBACK} or host.endswith((".localhost", ".myshopify.com", ".shopify.com")):
        problems.append("Address cannot be a Shopify or an internal domain")
    return problems
