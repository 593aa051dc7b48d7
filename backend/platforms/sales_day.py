"""What the orders of a day come to, as the shop's own sales reports count them, and what of it can be put into columns.

What each figure means is in docs/daily-sales.md. Pure.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backend.platforms.field import Catalogue, ColumnType, Field, Value
from backend.platforms.source import Order

_CENT = Decimal("0.01")
_NOTHING = Decimal(0)

DAILY_SALES = Catalogue(
    [
        Field("day", "Day", ColumnType.DATE, identifies=True),
        Field("orders", "Orders", ColumnType.INTEGER),
        Field("items", "Items sold", ColumnType.INTEGER),
        Field("gross_sales", "Gross sales", ColumnType.MONEY),
        Field("discounts", "Discounts", ColumnType.MONEY),
        Field("refunds", "Refunds", ColumnType.MONEY),
        Field("net_sales", "Net sales", ColumnType.MONEY),
        Field("taxes", "Taxes", ColumnType.MONEY),
        Field("shipping", "Shipping", ColumnType.MONEY),
        Field("total_sales", "Total sales", ColumnType.MONEY),
        Field("average_order", "Average order value", ColumnType.MONEY),
        Field("currency", "Currency", ColumnType.TEXT),
    ]
)

_ADDED_UP = frozenset(
    {
        "processed_at",
        "test",
        "taxes_included",
        "subtotal",
        "tax",
        "discounts",
        "current_subtotal",
        "current_tax",
        "current_shipping",
    }
)


def fields_of_orders(wanted: Collection[str]) -> frozenset[str]:
    """What is to be asked of orders for these fields of days. Counting items takes the lines, so only where wanted."""
    return _ADDED_UP | {"item_quantity"} if "items" in wanted else _ADDED_UP


@dataclass(slots=True)
class SalesDay:
    """Sums over orders, in the shop's currency; without the tax that prices include."""

    orders: int = 0
    items: int = 0
    sold: Decimal = _NOTHING
    """After discounts, as it was ordered."""
    discounts: Decimal = _NOTHING
    kept: Decimal = _NOTHING
    """The same after refunds, edits and cancellations, as are the two below."""
    taxes: Decimal = _NOTHING
    shipping: Decimal = _NOTHING

    def add(self, order: Order) -> None:
        """One that was cancelled was sold and taken back."""
        values = order.values
        included = bool(values["taxes_included"])
        items = values.get("item_quantity")
        self.orders += 1
        self.items += items if isinstance(items, int) else 0
        self.sold += _money(values["subtotal"]) - (_money(values["tax"]) if included else _NOTHING)
        self.discounts += _money(values["discounts"])
        if order.removed:
            return
        taxes = _money(values["current_tax"])
        self.kept += _money(values["current_subtotal"]) - (taxes if included else _NOTHING)
        self.taxes += taxes
        self.shipping += _money(values["current_shipping"])

    def values(self, day: date, *, currency: str) -> Mapping[str, Value]:
        return {
            "day": day,
            "orders": self.orders,
            "items": self.items,
            "gross_sales": self.sold + self.discounts,
            "discounts": self.discounts,
            "refunds": self.sold - self.kept,
            "net_sales": self.kept,
            "taxes": self.taxes,
            "shipping": self.shipping,
            "total_sales": self.kept + self.taxes + self.shipping,
            "average_order": (self.sold / self.orders).quantize(_CENT) if self.orders else None,
            "currency": currency,
        }


def _money(value: Value) -> Decimal:
    """A shop may leave a sum out where there is nothing to add up."""
    return value if isinstance(value, Decimal) else _NOTHING
