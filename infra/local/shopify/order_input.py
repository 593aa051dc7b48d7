"""The bodies of the control endpoints that make and change orders."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, Field

from infra.local.shopify.body import Body
from infra.local.shopify.gid import line_id, order_id
from infra.local.shopify.order import (
    Address,
    CancelReason,
    Customer,
    FinancialStatus,
    FulfillmentStatus,
    LineItem,
    Order,
)

Name = Annotated[str, Field(pattern=r"^#?[0-9A-Za-z]{1,8}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class LineInput(Body):
    title: str
    quantity: int
    price: Decimal
    sku: str | None = None
    variant_title: str | None = None
    vendor: str | None = None
    discount: Decimal = Decimal(0)
    taxable: bool = True
    requires_shipping: bool = True

    def line_item(self, identity: int) -> LineItem:
        values = self.model_dump(exclude={"price"})
        return LineItem(id=identity, unit_price=self.price, **values)


class OrderInput(Body):
    """Times that are left out are now."""

    name: Name
    lines: tuple[LineInput, ...] = ()
    currency: Currency | None = None
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    processed_at: AwareDatetime | None = None
    cancelled_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    cancel_reason: CancelReason | None = None
    test: bool = False
    note: str | None = None
    email: str | None = None
    phone: str | None = None
    tags: tuple[str, ...] = ()
    source_name: str | None = "web"
    taxes_included: bool = True
    financial_status: FinancialStatus = "PAID"
    fulfillment_status: FulfillmentStatus = "UNFULFILLED"
    presentment_currency: Currency | None = None
    presentment_rate: Decimal = Decimal(1)
    discount_codes: tuple[str, ...] = ()
    customer: Customer | None = None
    shipping_address: Address | None = None
    billing_address: Address | None = None
    shipping: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)

    def order(self, *, currency: str, now: int) -> tuple[Order, list[LineItem]]:
        """In the shop's currency unless the body names another."""
        identity = order_id(self.name)
        if identity is None:
            raise ValueError(self.name)
        created_at = _seconds(self.created_at, now)
        same = set(type(self).model_fields) - {"name", "lines", "currency"} - _TIMES
        order = Order(
            id=identity,
            name=f"#{self.name.removeprefix('#')}",
            currency=self.currency or currency,
            created_at=created_at,
            updated_at=_seconds(self.updated_at, now),
            processed_at=_seconds(self.processed_at, created_at),
            cancelled_at=None if self.cancelled_at is None else int(self.cancelled_at.timestamp()),
            closed_at=None if self.closed_at is None else int(self.closed_at.timestamp()),
            **{field: getattr(self, field) for field in same},
        )
        return order, [line.line_item(line_id(identity, position)) for position, line in enumerate(self.lines)]


_TIMES = frozenset({"created_at", "updated_at", "processed_at", "cancelled_at", "closed_at"})


class EditInput(Body):
    """`at` becomes the order's updatedAt; left out, it is now."""

    at: AwareDatetime | None = None

    def instant(self, now: int) -> int:
        return _seconds(self.at, now)


class CancelInput(EditInput):
    reason: CancelReason = "CUSTOMER"
    refund: bool = True


class RefundedLine(Body):
    """`line` is a line item's global id or its SKU."""

    line: str
    quantity: int = Field(gt=0)


class RefundInput(EditInput):
    """Without lines, all that is left is refunded."""

    lines: tuple[RefundedLine, ...] = ()
    note: str | None = None


class LineChange(Body):
    """`line` is a line item's global id or its SKU; what is left out stays. `removed` counts units edited away."""

    line: str
    title: str | None = None
    quantity: int | None = None
    price: Decimal | None = None
    sku: str | None = None
    removed: int | None = None


class LinesInput(EditInput):
    add: tuple[LineInput, ...] = ()
    change: tuple[LineChange, ...] = ()
    remove: tuple[str, ...] = ()


def _seconds(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else int(moment.timestamp())
