"""Shopify's search syntax: https://shopify.dev/docs/api/usage/search-syntax"""

from datetime import UTC, datetime


def search_time(moment: datetime) -> str:
    """In whole seconds, rounded down, so that nothing is missed."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def changed_since(since: str, *, order_query: str) -> str:
    """All orders where both are empty."""
    terms = [f"({order_query})"] if order_query else []
    if since:
        terms.append(f"updated_at:>='{since}'")
    return " AND ".join(terms)
