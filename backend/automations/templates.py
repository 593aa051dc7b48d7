"""What automations are commonly made of, for a merchant to start from. Pure.

Times of day are in UTC: who takes up a template puts its schedule on the merchant's own clock.
"""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from backend.automations.model import Column, Draft, Filter, OnRemoved, Operator, RowMode
from backend.automations.schedule import Schedule
from backend.connections.model import PlatformName
from backend.platforms.field import Catalogue
from backend.platforms.sales_day import DAILY_SALES
from backend.platforms.shopify.catalogue import ORDERS


class Template(BaseModel):
    model_config = ConfigDict(frozen=True)

    key: str
    title: str
    description: str
    """A sentence that says what will be in the tab."""
    tab_title: str
    configuration: Draft


def _columns(catalogue: Catalogue, **headers: str) -> list[Column]:
    """By key, in this order, each of its field's own type."""
    return [Column(key=key, header=header, type=catalogue[key].type) for key, header in headers.items()]


_SHOPIFY = [
    Template(
        key="orders",
        title="Orders",
        description="One row an order: who bought, for how much, and how far payment and delivery are. "
        "Cancelled orders are struck through.",
        tab_title="Orders",
        configuration=Draft(
            columns=_columns(
                ORDERS,
                order_name="Order",
                processed_at="Ordered",
                customer_name="Customer",
                customer_email="Email",
                total="Total",
                refunded="Refunded",
                financial_status="Payment",
                fulfillment_status="Delivery",
                shipping_country="Country",
                tags="Tags",
                note="Note",
            ),
            on_removed=OnRemoved.MARK,
        ),
    ),
    Template(
        key="order_lines",
        title="Order lines",
        description="One row for each product of an order: what was sold, how many, and at which price. "
        "The lines of cancelled orders are struck through.",
        tab_title="Order lines",
        configuration=Draft(
            columns=_columns(
                ORDERS,
                order_name="Order",
                processed_at="Ordered",
                sku="SKU",
                product_title="Product",
                variant_title="Variant",
                quantity="Quantity",
                refunded_quantity="Refunded or removed",
                unit_price="Unit price",
                line_discount="Discount",
                line_total="Line total",
                customer_name="Customer",
                fulfillment_status="Delivery",
            ),
            row_mode=RowMode.LINE,
            on_removed=OnRemoved.MARK,
        ),
    ),
    Template(
        key="daily_sales",
        title="Daily sales",
        description="One row a day: how many orders there were, and what they came to after discounts and refunds. "
        "Brought up to date every morning.",
        tab_title="Daily sales",
        configuration=Draft(
            resource="daily_sales",
            columns=_columns(
                DAILY_SALES,
                day="Day",
                orders="Orders",
                items="Items sold",
                gross_sales="Gross sales",
                discounts="Discounts",
                refunds="Refunds",
                net_sales="Net sales",
                taxes="Taxes",
                shipping="Shipping",
                total_sales="Total sales",
                average_order="Average order",
            ),
            schedule=Schedule(cron="0 6 * * *"),
            on_change=False,
        ),
    ),
    Template(
        key="unfulfilled_orders",
        title="Unfulfilled orders",
        description="The orders that are still to be sent, with where they go. "
        "An order leaves the tab when it is fulfilled, cancelled or archived.",
        tab_title="Unfulfilled orders",
        configuration=Draft(
            filters=[
                Filter(field="fulfillment_status", op=Operator.NOT_EQUALS, value="FULFILLED"),
                Filter(field="fulfillment_status", op=Operator.NOT_EQUALS, value="FULFILLMENT_NOT_REQUIRED"),
                Filter(field="cancelled_at", op=Operator.IS_EMPTY),
                Filter(field="closed_at", op=Operator.IS_EMPTY),
            ],
            columns=_columns(
                ORDERS,
                order_name="Order",
                processed_at="Ordered",
                fulfillment_status="Delivery",
                financial_status="Payment",
                item_quantity="Items",
                total="Total",
                shipping_name="Ship to",
                shipping_city="City",
                shipping_zip="Postcode",
                shipping_country="Country",
                phone="Phone",
                note="Note",
            ),
            on_removed=OnRemoved.DELETE,
        ),
    ),
    Template(
        key="refunds",
        title="Refunds",
        description="The orders of which money was given back: how much, and how much is left.",
        tab_title="Refunds",
        configuration=Draft(
            filters=[Filter(field="refunded", op=Operator.AT_LEAST, value="0.01")],
            columns=_columns(
                ORDERS,
                order_name="Order",
                processed_at="Ordered",
                customer_name="Customer",
                total="Total",
                refunded="Refunded",
                current_total="Left",
                currency="Currency",
                financial_status="Payment",
                cancel_reason="Reason for cancellation",
                updated_at="Last changed",
            ),
        ),
    ),
]

TEMPLATES: Mapping[PlatformName, Sequence[Template]] = {PlatformName.SHOPIFY: _SHOPIFY}
