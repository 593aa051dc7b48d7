"""Order, LineItem, Refund, Customer and what hangs on them, as the schema has them.

An attribute is a field of the published type of that name, which both executors read: graphql-core for a request and
bulk_query for a bulk operation. A connection field is a Connection.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from graphql import GraphQLResolveInfo

from infra.local.shopify.connection import Connection, Key, ListConnection, connection, window
from infra.local.shopify.gid import article_id, gid, refund_line_id
from infra.local.shopify.instant import iso, iso_or_none
from infra.local.shopify.money import money_bag
from infra.local.shopify.order import Address, Customer, LineItem, Order, Refund, RefundLine
from infra.local.shopify.order_search import Condition, order_condition
from infra.local.shopify.refusal import bad_request
from infra.local.shopify.session import Session

SORT_COLUMNS = {"CREATED_AT": "created_at", "ID": "id", "PROCESSED_AT": "processed_at", "UPDATED_AT": "updated_at"}


class OrdersConnection:
    """QueryRoot.orders"""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, info: GraphQLResolveInfo[Any], /, **arguments: Any) -> dict[str, Any]:
        del info
        self._session.require("read_orders", field="orders")
        sort = SORT_COLUMNS[arguments["sortKey"]]
        asked = window(arguments, sort=sort)
        page = self._session.orders.page(self._condition(arguments), sort=sort, window=asked)

        def key(order: Order) -> Key:
            return getattr(order, sort), order.id

        return connection(page, key=key, node=self._node, sort=sort)

    def every(self, **arguments: Any) -> Iterator["OrderNode"]:
        self._session.require("read_orders", field="orders")
        sort, reverse = SORT_COLUMNS[arguments["sortKey"]], bool(arguments.get("reverse"))
        return map(self._node, self._session.orders.every(self._condition(arguments), sort=sort, reverse=reverse))

    def _condition(self, arguments: dict[str, Any]) -> Condition:
        return order_condition(arguments.get("query")).and_(self._session.visible)

    def _node(self, order: Order) -> "OrderNode":
        return OrderNode(order, self._session)


class OrderNode:
    kind = "Order"

    def __init__(self, order: Order, session: Session) -> None:
        self._order = order
        self._session = session
        self.id = gid("Order", order.id)
        self.legacyResourceId = str(order.id)
        self.name = order.name
        self.note = order.note
        self.email = order.email
        self.phone = order.phone
        self.tags = order.tags
        self.test = order.test
        self.sourceName = order.source_name
        self.confirmed = True
        self.closed = order.closed_at is not None
        self.cancelReason = order.cancel_reason
        self.taxesIncluded = order.taxes_included
        self.discountCodes = order.discount_codes
        self.discountCode = order.discount_codes[0] if order.discount_codes else None
        self.displayFinancialStatus = order.financial_status
        self.displayFulfillmentStatus = order.fulfillment_status
        self.currencyCode = order.currency
        self.presentmentCurrencyCode = order.presentment_currency or order.currency

    @property
    def createdAt(self) -> str:
        return iso(self._order.created_at)

    @property
    def updatedAt(self) -> str:
        return iso(self._order.updated_at)

    @property
    def processedAt(self) -> str:
        return iso(self._order.processed_at)

    @property
    def cancelledAt(self) -> str | None:
        return iso_or_none(self._order.cancelled_at)

    @property
    def closedAt(self) -> str | None:
        return iso_or_none(self._order.closed_at)

    @property
    def subtotalPriceSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.subtotal)

    @property
    def currentSubtotalPriceSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.current_subtotal)

    @property
    def totalPriceSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.total)

    @property
    def currentTotalPriceSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.current_total)

    @property
    def currentTotalTaxSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.current_tax)

    @property
    def currentShippingPriceSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.current_shipping)

    @property
    def totalTaxSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.tax)

    @property
    def totalDiscountsSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.discounts)

    @property
    def totalShippingPriceSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.shipping)

    @property
    def totalRefundedSet(self) -> dict[str, Any]:
        return order_money(self._order, self._order.refunded)

    @property
    def shippingAddress(self) -> dict[str, Any] | None:
        return _address(self._order.shipping_address)

    @property
    def billingAddress(self) -> dict[str, Any] | None:
        return _address(self._order.billing_address)

    @property
    def customer(self) -> "CustomerNode | None":
        self._session.require("read_customers", field="customer")
        customer = self._order.customer
        return None if customer is None else CustomerNode(customer, self._session)

    @property
    def lineItems(self) -> Connection:
        def node(line: LineItem) -> LineItemNode:
            return LineItemNode(line, self._order, self._session)

        return ListConnection(lambda: self._session.orders.lines(self._order.id), key=_line_key, node=node)

    def refunds(
        self, info: GraphQLResolveInfo[Any] | None = None, /, *, first: int | None = None
    ) -> list["RefundNode"]:
        """All of them, or the first so many; a list, not a connection."""
        del info
        if first is not None and first < 0:
            raise bad_request(f"first must not be negative; it is {first}")
        return [RefundNode(refund, self._order, self._session) for refund in self._order.refunds[:first]]


class LineItemNode:
    kind = "LineItem"

    def __init__(self, line: LineItem, order: Order, session: Session) -> None:
        self._line = line
        self._order = order
        self._session = session
        self.title = line.title
        self.sku = line.sku
        self.vendor = line.vendor
        self.variantTitle = line.variant_title
        self.quantity = line.quantity
        self.taxable = line.taxable
        self.requiresShipping = line.requires_shipping

    @property
    def id(self) -> str:
        return gid("LineItem", self._line.id)

    @property
    def name(self) -> str:
        return f"{self.title} - {self.variantTitle}" if self.variantTitle else self.title

    @property
    def currentQuantity(self) -> int:
        return self._line.current_quantity

    @property
    def refundableQuantity(self) -> int:
        return max(self._line.current_quantity, 0)

    @property
    def unfulfilledQuantity(self) -> int:
        return 0 if self._order.fulfillment_status == "FULFILLED" else max(self._line.current_quantity, 0)

    @property
    def originalUnitPriceSet(self) -> dict[str, Any]:
        return order_money(self._order, self._line.unit_price)

    @property
    def discountedUnitPriceSet(self) -> dict[str, Any]:
        return order_money(self._order, self._line.discounted_unit_price)

    @property
    def originalTotalSet(self) -> dict[str, Any]:
        return order_money(self._order, self._line.original_total)

    @property
    def discountedTotalSet(self) -> dict[str, Any]:
        return order_money(self._order, self._line.discounted_total)

    @property
    def totalDiscountSet(self) -> dict[str, Any]:
        return order_money(self._order, self._line.discount)

    @property
    def product(self) -> dict[str, Any] | None:
        self._session.require("read_products", field="product")
        return self._article("Product", title=self.title)

    @property
    def variant(self) -> dict[str, Any] | None:
        self._session.require("read_products", field="variant")
        return self._article("ProductVariant", title=self.variantTitle or "Default Title")

    def _article(self, kind: str, *, title: str) -> dict[str, Any] | None:
        """A line without a SKU stands for a custom item, behind which there is no product."""
        if self.sku is None:
            return None
        number = article_id(self.sku)
        return {"id": gid(kind, number), "legacyResourceId": str(number), "title": title, "sku": self.sku}


class RefundNode:
    kind = "Refund"

    def __init__(self, refund: Refund, order: Order, session: Session) -> None:
        self._refund = refund
        self._order = order
        self._session = session
        self.id = gid("Refund", refund.id)
        self.legacyResourceId = str(refund.id)
        self.createdAt = self.updatedAt = iso(refund.created_at)
        self.note = refund.note

    @property
    def totalRefundedSet(self) -> dict[str, Any]:
        return order_money(self._order, self._refund.total)

    @property
    def refundLineItems(self) -> Connection:
        def key(line: RefundLine) -> Key:
            return line.line_id, line.line_id

        def node(line: RefundLine) -> RefundLineItemNode:
            return RefundLineItemNode(line, refund_id=self._refund.id, order=self._order, session=self._session)

        return ListConnection(lambda: self._refund.lines, key=key, node=node)


class RefundLineItemNode:
    def __init__(self, line: RefundLine, *, refund_id: int, order: Order, session: Session) -> None:
        self._line = line
        self._order = order
        self._session = session
        self.id = gid("RefundLineItem", refund_line_id(refund_id, line.line_id))
        self.quantity = line.quantity

    @property
    def subtotalSet(self) -> dict[str, Any]:
        return order_money(self._order, self._line.subtotal)

    @property
    def lineItem(self) -> LineItemNode | None:
        line = self._session.orders.line(self._order.id, self._line.line_id)
        return None if line is None else LineItemNode(line, self._order, self._session)


class CustomerNode:
    kind = "Customer"

    def __init__(self, customer: Customer, session: Session) -> None:
        self._customer = customer
        self._session = session
        self.id = gid("Customer", customer.id)
        self.legacyResourceId = str(customer.id)
        self.firstName = customer.first_name
        self.lastName = customer.last_name
        self.defaultEmailAddress = {"emailAddress": customer.email} if customer.email else None

    @property
    def displayName(self) -> str:
        """The name, or the address of one who gave no name."""
        names = (self._customer.first_name, self._customer.last_name)
        return " ".join(name for name in names if name) or self._customer.email or ""

    @property
    def numberOfOrders(self) -> str:
        return str(self._session.orders.count(Condition("customer_id = ?", (self._customer.id,))))


def order_money(order: Order, value: Decimal) -> dict[str, Any]:
    return money_bag(
        value, currency=order.currency, presentment_currency=order.presentment_currency, rate=order.presentment_rate
    )


def _address(address: Address | None) -> dict[str, Any] | None:
    if address is None:
        return None
    return {
        "name": address.name,
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "zip": address.zip,
        "province": address.province,
        "provinceCode": address.province_code,
        "country": address.country,
        "countryCodeV2": address.country_code,
        "phone": address.phone,
    }


def _line_key(line: LineItem) -> Key:
    return line.id, line.id
