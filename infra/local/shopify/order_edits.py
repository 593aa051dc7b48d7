"""What happens to an order after it was placed. Pure: every function returns the order and its line items anew."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from infra.local.shopify.gid import line_id, refund_id
from infra.local.shopify.order import CancelReason, LineItem, Order, Refund, RefundLine

Edited: TypeAlias = tuple[Order, list[LineItem]]


def touch(order: Order, *, at: int) -> Order:
    return replace(order, updated_at=at)


def refund(
    order: Order, lines: Sequence[LineItem], *, quantities: Mapping[int, int], at: int, note: str | None = None
) -> Edited:
    """Takes units back, by line id; never more than are left."""
    taken = {line.id: min(quantities.get(line.id, 0), max(line.current_quantity, 0)) for line in lines}
    made = Refund(
        id=refund_id(order.id, len(order.refunds)),
        created_at=at,
        note=note,
        lines=tuple(
            RefundLine(line_id=line.id, quantity=taken[line.id], subtotal=taken[line.id] * line.discounted_unit_price)
            for line in lines
            if taken[line.id]
        ),
    )
    left = [replace(line, refunded=line.refunded + taken[line.id]) for line in lines]
    is_whole = all(line.current_quantity == 0 for line in left)
    order = replace(
        touch(order, at=at),
        refunds=(*order.refunds, made),
        financial_status="REFUNDED" if is_whole else "PARTIALLY_REFUNDED",
    )
    return order, left


def cancel(order: Order, lines: Sequence[LineItem], *, reason: CancelReason, refunding: bool, at: int) -> Edited:
    """With its money given back, or void because none had been taken."""
    cancelled = replace(touch(order, at=at), cancelled_at=at, closed_at=at, cancel_reason=reason)
    if not refunding:
        return replace(cancelled, financial_status="VOIDED"), list(lines)
    return refund(cancelled, lines, quantities={line.id: line.quantity for line in lines}, at=at)


def add_lines(order: Order, lines: Sequence[LineItem], *, added: Sequence[LineItem], at: int) -> Edited:
    """The ids of `added` are given here, above all that are taken."""
    following = max((line.id for line in lines), default=line_id(order.id, 0) - 1) + 1
    numbered = [replace(line, id=following + offset) for offset, line in enumerate(added)]
    return touch(order, at=at), [*lines, *numbered]


def remove_lines(order: Order, lines: Sequence[LineItem], *, removed: set[int], at: int) -> Edited:
    """The line items vanish. (An edit in Shopify's admin leaves them with a currentQuantity of 0 instead, which is
    what changing `removed` of a line does.)
    """
    return touch(order, at=at), [line for line in lines if line.id not in removed]
