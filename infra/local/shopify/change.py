"""What has become of an order, and the webhooks that tell of it. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from infra.local.shopify.order import LineItem, Order
from infra.local.shopify.order_payloads import deleted_payload, edit_payload, order_payload, refund_payload
from infra.local.shopify.shop import Shop
from infra.local.shopify.topics import Topic

State: TypeAlias = tuple[Order, Sequence[LineItem]]
"""An order and its line items at one moment."""


@dataclass(frozen=True, slots=True)
class Event:
    """`body` makes the payload, which costs something and is for nothing where nobody subscribes."""

    topic: Topic
    body: Callable[[], dict[str, Any]]


def order_events(before: State | None, after: State | None, *, shop: Shop) -> Iterator[Event]:
    """None is an order that is not there."""
    if after is None:
        if before is not None:
            order_id = before[0].id
            yield Event("ORDERS_DELETE", lambda: deleted_payload(order_id))
        return
    order, lines = after

    def whole() -> dict[str, Any]:
        return order_payload(order, lines, shop)

    if before is None:
        yield Event("ORDERS_CREATE", whole)
        return
    yield Event("ORDERS_UPDATED", whole)
    if order.cancelled_at is not None and before[0].cancelled_at is None:
        yield Event("ORDERS_CANCELLED", whole)
    if len(order.refunds) > len(before[0].refunds):
        yield Event("REFUNDS_CREATE", lambda: refund_payload(order.refunds[-1], order, lines, shop=shop))
    deltas = edited_units(before[1], lines)
    if deltas:
        yield Event("ORDERS_EDITED", lambda: edit_payload(order, deltas, shop))


def edited_units(before: Sequence[LineItem], after: Sequence[LineItem]) -> dict[int, int]:
    """By line id, how many units an edit has added (or, negative, taken away). Refunds are no edits."""
    old, new = ({line.id: line.quantity - line.removed for line in lines} for lines in (before, after))
    deltas = {line: new.get(line, 0) - old.get(line, 0) for line in old | new}
    return {line: delta for line, delta in deltas.items() if delta}
