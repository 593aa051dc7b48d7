"""An order as the simulator keeps it, and the arithmetic of its totals. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

FinancialStatus = Literal[
    "AUTHORIZED", "EXPIRED", "PAID", "PARTIALLY_PAID", "PARTIALLY_REFUNDED", "PENDING", "REFUNDED", "VOIDED"
]
FulfillmentStatus = Literal["FULFILLED", "PARTIALLY_FULFILLED", "UNFULFILLED"]
CancelReason = Literal["CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF"]

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Customer:
    id: int
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    zip: str | None = None
    province: str | None = None
    province_code: str | None = None
    country: str | None = None
    country_code: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class LineItem:
    """`removed` and `refunded` are units taken off by an edit and by refunds; they carry the sign of `quantity`."""

    id: int
    title: str
    quantity: int
    unit_price: Decimal
    sku: str | None = None
    variant_title: str | None = None
    vendor: str | None = None
    discount: Decimal = NOTHING
    removed: int = 0
    refunded: int = 0
    taxable: bool = True
    requires_shipping: bool = True

    @property
    def current_quantity(self) -> int:
        return self.quantity - self.removed - self.refunded

    @property
    def original_total(self) -> Decimal:
        return self.quantity * self.unit_price

    @property
    def discounted_total(self) -> Decimal:
        return self.original_total - self.discount

    @property
    def current_total(self) -> Decimal:
        """Of the units that are left, after discounts."""
        if self.current_quantity == self.quantity:
            return self.discounted_total
        return self.current_quantity * self.discounted_unit_price

    @property
    def discounted_unit_price(self) -> Decimal:
        """Rounded to hundredths, as a discount need not divide evenly."""
        if not self.discount or not self.quantity:
            return self.unit_price
        return round(self.unit_price - self.discount / self.quantity, 2)


@dataclass(frozen=True, slots=True)
class RefundLine:
    line_id: int
    quantity: int
    subtotal: Decimal


@dataclass(frozen=True, slots=True)
class Refund:
    id: int
    created_at: int
    note: str | None = None
    lines: tuple[RefundLine, ...] = ()

    @property
    def total(self) -> Decimal:
        return sum((line.subtotal for line in self.lines), NOTHING)


@dataclass(frozen=True, slots=True)
class Order:
    """All but the line items, which are kept apart because there may be many. Instants are seconds since 1970.

    The four sums at the end follow from the line items: `with_lines` sets them.
    """

    id: int
    name: str
    currency: str
    created_at: int
    updated_at: int
    processed_at: int
    cancelled_at: int | None = None
    cancel_reason: CancelReason | None = None
    closed_at: int | None = None
    test: bool = False
    note: str | None = None
    email: str | None = None
    phone: str | None = None
    tags: tuple[str, ...] = ()
    source_name: str | None = "web"
    taxes_included: bool = True
    financial_status: FinancialStatus = "PAID"
    fulfillment_status: FulfillmentStatus = "UNFULFILLED"
    presentment_currency: str | None = None
    presentment_rate: Decimal = Decimal(1)
    discount_codes: tuple[str, ...] = ()
    customer: Customer | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    shipping: Decimal = NOTHING
    tax: Decimal = NOTHING
    refunds: tuple[Refund, ...] = ()
    subtotal: Decimal = NOTHING
    current_subtotal: Decimal = NOTHING
    discounts: Decimal = NOTHING
    line_count: int = 0

    @property
    def total(self) -> Decimal:
        """Before refunds."""
        return self.subtotal + self.extras

    @property
    def current_total(self) -> Decimal:
        return NOTHING if self.cancelled_at else self.current_subtotal + self.extras

    @property
    def current_shipping(self) -> Decimal:
        return NOTHING if self.cancelled_at else self.shipping

    @property
    def current_tax(self) -> Decimal:
        """A refund gives back the tax that is inside the prices, and none that was added to them."""
        if self.cancelled_at:
            return NOTHING
        if not self.taxes_included or not self.subtotal:
            return self.tax
        return round(self.tax * self.current_subtotal / self.subtotal, 2)

    @property
    def extras(self) -> Decimal:
        """What the order costs besides its lines; tax is inside the prices when taxes are included."""
        return self.shipping + (NOTHING if self.taxes_included else self.tax)

    @property
    def refunded(self) -> Decimal:
        return sum((refund.total for refund in self.refunds), NOTHING)


def with_lines(order: Order, lines: Iterable[LineItem]) -> Order:
    """The order with the sums of these line items."""
    subtotal = current = discounts = NOTHING
    count = 0
    for line in lines:
        subtotal += line.discounted_total
        current += line.current_total
        discounts += line.discount
        count += 1
    return replace(order, subtotal=subtotal, current_subtotal=current, discounts=discounts, line_count=count)
