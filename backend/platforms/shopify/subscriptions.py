"""What a shop tells us of: webhook subscriptions, which Shopify ends when an address fails for too long."""

from collections.abc import Iterable

from backend.errors import SourceBroken
from backend.platforms.access import Access
from backend.platforms.shopify.access import granted_scopes
from backend.platforms.shopify.answer import Answer, part
from backend.platforms.shopify.client import ShopifyClient
from backend.platforms.shopify.document import document
from backend.platforms.shopify.webhook import OPTIONAL_TOPICS, SUBSCRIBED_TOPICS
from backend.platforms.source import Pause

MAX_FAILURES = 1
_TAKEN = "already been taken"
"""In the words of Shopify's user error: somebody else has made the same subscription meanwhile."""


def keep_subscriptions(
    *, base_url: str, api_version: str, access: Access, address: str, timeout_s: float, pause: Pause
) -> None:
    """Every topic that the shop allows, once, to this address, and none of them to an earlier one. May be repeated at
    any time.
    """
    client = ShopifyClient(
        base_url=base_url,
        api_version=api_version,
        access=access,
        timeout_s=timeout_s,
        pause=pause,
        max_failures=MAX_FAILURES,
    )
    try:
        _keep(client, address)
    finally:
        client.close()


def _keep(client: ShopifyClient, address: str) -> None:
    answer = client.query(document("subscriptions"), topics=sorted(_names([*SUBSCRIBED_TOPICS, *OPTIONAL_TOPICS])))
    granted = granted_scopes(answer.data)
    wanted = _names([*SUBSCRIBED_TOPICS, *(topic for topic, scope in OPTIONAL_TOPICS.items() if scope in granted)])
    standing = part(answer.data, "webhookSubscriptions", "nodes")
    here = {part(each, "topic") for each in standing if part(each, "uri") == address}
    for topic in sorted(wanted - here):
        _ensure_made(client.mutate(document("subscription_create"), topic=topic, uri=address))
    for each in standing:
        if part(each, "uri") != address:
            client.mutate(document("subscription_delete"), id=part(each, "id"))


def _names(topics: Iterable[str]) -> set[str]:
    """As the API has them: ORDERS_CREATE."""
    return {topic.upper().replace("/", "_") for topic in topics}


def _ensure_made(answer: Answer) -> None:
    errors = part(answer.data, "webhookSubscriptionCreate", "userErrors")
    problems = [str(part(error, "message")) for error in errors]
    if problems and not any(_TAKEN in problem for problem in problems):
        raise SourceBroken(detail=f"the subscription was not made: {'; '.join(problems)}")
