"""The shop that every tool of the comparison exports: the same orders each time, one row an order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from backend.platforms.shopify.catalogue import ORDERS

Cell: TypeAlias = str | float
Row: TypeAlias = list[Cell]
"""In the order of COLUMNS; money and counts are numbers, all else is text, also ids, postcodes, phones and times."""

COLUMNS = (
    "order_name",
    "order_id",
    "created_at",
    "updated_at",
    "financial_status",
    "fulfillment_status",
    "currency",
    "total",
    "subtotal",
    "tax",
    "discounts",
    "shipping",
    "customer_name",
    "customer_email",
    "phone",
    "shipping_city",
    "shipping_zip",
    "shipping_country",
    "line_count",
    "tags",
)
HEADERS = [ORDERS[key].label for key in COLUMNS]
OPENED = datetime(2026, 1, 1)  # noqa: DTZ001 - a spreadsheet's times are those of its own zone
FIRST_NUMBER = 1_001
NAMES = ("Ann Weber", "Bao Tran", "Chloé Martin", "Dmitri Ivanov", "Eva Novák", "Femi Adeyemi", "Grace Lee")
CITIES = (("Dresden", "01067"), ("Leipzig", "04109"), ("Köln", "50667"), ("Hamburg", "20095"), ("München", "80331"))
TAGS = ("", "wholesale", "gift", "wholesale, gift", "returning customer")


def orders(count: int) -> list[Row]:
    return [_order(number) for number in range(FIRST_NUMBER, FIRST_NUMBER + count)]


def changed(rows: Sequence[Row], *, every: int, days: int) -> list[Row]:
    """Each `every`-th order as it is `days` after the shop opened for the last time: shipped and partly refunded."""
    status, shipment, total = (COLUMNS.index(key) for key in ("financial_status", "fulfillment_status", "total"))
    newer = [list(row) for row in rows[::every]]
    for row in newer:
        row[COLUMNS.index("updated_at")] = shown(OPENED + timedelta(days=400 + days))
        row[status], row[shipment] = "PARTIALLY_REFUNDED", "FULFILLED"
        row[total] = round(float(row[total]) - 1, 2)
    return newer


def with_changes(rows: Sequence[Row], newer: Sequence[Row]) -> list[Row]:
    """All orders as they are by now."""
    by_key = {row[0]: row for row in newer}
    return [by_key.get(row[0], row) for row in rows]


def shown(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%M:%S")


def _order(number: int) -> Row:
    placed_at = OPENED + timedelta(minutes=47 * (number - FIRST_NUMBER))
    name = NAMES[number % 7]
    city, postcode = CITIES[number % 5]
    subtotal, shipping = (number * 37) % 20_000 / 100 + 5, (number % 3) * 4.9
    tax, discount = round(subtotal * 0.19, 2), (number % 4) * 2.5
    return [
        f"#{number}",
        str(5_210_000_000_000 + number * 32_768),
        shown(placed_at),
        shown(placed_at + timedelta(hours=number % 50)),
        "PAID",
        "UNFULFILLED",
        "EUR",
        round(subtotal + tax + shipping - discount, 2),
        round(subtotal, 2),
        tax,
        discount,
        round(shipping, 2),
        f"{name} {number % 900}",
        f"buyer{number % 900}@example.com",
        f"+4930{1_000_000 + number * 17}",
        city,
        postcode,
        "Germany",
        1 + number % 9,
        TAGS[number % 5],
    ]
