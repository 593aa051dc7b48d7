"""Makes orders of invoices.

Every invoice is one order and every line of the file one line item, in the file's order, duplicates too. A number that
begins with C is a credit note, for which Shopify has no object of its own: it becomes an order that is cancelled and
refunded in full, whose line items keep the credit's NEGATIVE quantities, so that the line items of all orders together
sum up to what the file sums up to. An adjustment (A...) is an order like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from infra.local.shopify.countries import COUNTRY_CODES
from infra.local.shopify.gid import line_id, order_id, refund_id
from infra.local.shopify.invoices import Invoice
from infra.local.shopify.order import Address, Customer, LineItem, Order, Refund, RefundLine
from infra.local.shopify.orders import Orders


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds, and what of it was not there before."""

    orders: int = 0
    lines: int = 0
    added_orders: int = 0
    added_lines: int = 0


def load(invoices: Iterable[Invoice], *, orders: Orders, currency: str) -> Loaded:
    """An order that is there already stays as it is, edits and all."""
    loaded = Loaded()
    for invoice in invoices:
        order, lines = order_of(invoice, currency=currency)
        is_new = orders.get(order.id) is None
        if is_new:
            orders.save(order, lines)
        loaded = Loaded(
            loaded.orders + 1,
            loaded.lines + len(lines),
            loaded.added_orders + is_new,
            loaded.added_lines + len(lines) * is_new,
        )
    return loaded


def order_of(invoice: Invoice, *, currency: str) -> tuple[Order, list[LineItem]]:
    identity = order_id(invoice.number)
    if identity is None:
        raise ValueError(invoice.number)
    lines = [
        LineItem(
            id=line_id(identity, position),
            title=line.description or line.stock_code,
            quantity=line.quantity,
            unit_price=Decimal(line.unit_price),
            sku=line.stock_code,
        )
        for position, line in enumerate(invoice.lines)
    ]
    order = Order(
        id=identity,
        name=f"#{invoice.number}",
        currency=currency,
        created_at=invoice.created_at,
        updated_at=invoice.created_at,
        processed_at=invoice.created_at,
        fulfillment_status="FULFILLED",
        customer=_customer(invoice.customer_id),
        shipping_address=_address(invoice.country),
    )
    return _credit_note(order, lines) if invoice.number.upper().startswith("C") else (order, lines)


def _credit_note(order: Order, lines: list[LineItem]) -> tuple[Order, list[LineItem]]:
    refund = Refund(
        id=refund_id(order.id, 0),
        created_at=order.created_at,
        note=f"Credit note {order.name}",
        lines=tuple(
            RefundLine(line_id=line.id, quantity=abs(line.quantity), subtotal=abs(line.original_total))
            for line in lines
        ),
    )
    cancelled = replace(
        order,
        cancelled_at=order.created_at,
        cancel_reason="CUSTOMER",
        financial_status="REFUNDED",
        refunds=(refund,),
    )
    return cancelled, [replace(line, refunded=line.quantity) for line in lines]


def _customer(number: int | None) -> Customer | None:
    """The data has no names: one is made of the number."""
    return None if number is None else Customer(number, first_name="Customer", last_name=str(number))


def _address(country: str) -> Address:
    return Address(country=country or None, country_code=COUNTRY_CODES.get(country))
