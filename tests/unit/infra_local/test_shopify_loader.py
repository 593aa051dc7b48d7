"""What orders invoices become."""

from decimal import Decimal

from infra.local.shopify.invoices import Invoice, InvoiceLine
from infra.local.shopify.loader import order_of
from infra.local.shopify.order import Customer, with_lines

LINES = [InvoiceLine("85123A", "LANTERN", 6, "2.55"), InvoiceLine("22086", "", 1, "0.001")]


def test_invoice_is_a_paid_and_fulfilled_order() -> None:
    """Of a customer and a country, at the invoice's time."""
    order, lines = order_of(Invoice("536365", 1291191960, 17850, "EIRE", LINES), currency="GBP")
    order = with_lines(order, lines)
    assert (order.name, order.financial_status, order.fulfillment_status) == ("#536365", "PAID", "FULFILLED")
    assert order.created_at == order.updated_at == order.processed_at == 1291191960
    assert order.customer == Customer(17850, first_name="Customer", last_name="17850")
    assert order.shipping_address is not None
    assert (order.shipping_address.country, order.shipping_address.country_code) == ("EIRE", "IE")
    assert (order.total, order.currency, order.line_count) == (Decimal("15.301"), "GBP", 2)


def test_line_without_a_description_is_called_by_its_code() -> None:
    """A line item must have a title."""
    _, lines = order_of(Invoice("536365", 0, None, "", LINES), currency="GBP")
    assert [(line.title, line.sku) for line in lines] == [("LANTERN", "85123A"), ("22086", "22086")]


def test_order_without_a_customer_is_a_guest_s() -> None:
    """And a country that is none has no code."""
    order, _ = order_of(Invoice("536365", 0, None, "Unspecified", LINES), currency="GBP")
    assert order.customer is None
    assert order.shipping_address is not None
    assert order.shipping_address.country_code is None


def test_credit_note_is_cancelled_refunded_and_negative() -> None:
    """Its lines keep their negative quantities, its refund says what was given back, and nothing of it is left."""
    credit = [InvoiceLine("85123A", "LANTERN", -6, "2.55")]
    order, lines = order_of(Invoice("C536365", 7, None, "France", credit), currency="GBP")
    order = with_lines(order, lines)
    assert (order.cancelled_at, order.cancel_reason, order.financial_status) == (7, "CUSTOMER", "REFUNDED")
    assert [(line.quantity, line.current_quantity) for line in lines] == [(-6, 0)]
    assert (order.total, order.current_total, order.refunded) == (Decimal("-15.30"), Decimal(0), Decimal("15.30"))
    (refund,) = order.refunds
    assert [(line.line_id, line.quantity) for line in refund.lines] == [(lines[0].id, 6)]


def test_ids_come_from_the_file_alone() -> None:
    """So that loading it again makes the same order, and a credit note never the order it is for."""
    invoice, credit = Invoice("536365", 0, None, "", LINES), Invoice("C536365", 0, None, "", LINES)
    first, again = order_of(invoice, currency="GBP"), order_of(invoice, currency="GBP")
    assert first == again
    assert order_of(credit, currency="GBP")[0].id != first[0].id
