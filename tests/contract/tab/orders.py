"""What a shop says, and the rows that a merchant expects of it, told without the product's own row maker."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from backend.platforms.field import Catalogue, ColumnType, Field, Level, Value
from backend.platforms.source import Line, Order

CATALOGUE = Catalogue(
    [
        Field("name", "Order", ColumnType.TEXT, identifies=True),
        Field("day", "Day", ColumnType.DATE, identifies=True),
        Field("email", "Email", ColumnType.TEXT),
        Field("total", "Total", ColumnType.MONEY),
        Field("placed_at", "Placed", ColumnType.DATETIME),
        Field("paid", "Paid", ColumnType.BOOLEAN),
        Field("zip", "Zip", ColumnType.TEXT),
        Field("sku", "SKU", ColumnType.TEXT, Level.LINE),
        Field("quantity", "Quantity", ColumnType.INTEGER, Level.LINE),
    ]
)
ORDER_COLUMNS = ("name", "email", "total")
LINE_COLUMNS = ("name", "total", "sku", "quantity")

_OPENED = datetime(2026, 1, 1, tzinfo=UTC)
_SERIAL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)


def column(key: str, **changes: Any) -> dict[str, Any]:
    """A column of an automation, as the catalogue has it but for the changes."""
    return {"key": key, "header": CATALOGUE[key].label, "type": CATALOGUE[key].type} | changes


def order(number: int, *skus: str, version: int = 1, removed: bool = False, quantity: int = 1, **changes: Any) -> Order:
    """Order `#<1000 + number>`, with a line of each SKU; a line's id is made from its SKU."""
    values: dict[str, Value] = {
        "name": f"#{1000 + number}",
        "email": f"buyer{number}@example.com",
        "total": Decimal(number) + Decimal("0.50"),
        "day": (_OPENED + timedelta(days=number)).date(),
        "placed_at": _OPENED + timedelta(hours=number),
        "paid": number % 2 == 0,
        "zip": f"{number:05d}",
    }
    return Order(
        id=str(number),
        version=version,
        values=values | changes,
        lines=[Line(f"line-{sku}", {"sku": sku, "quantity": quantity}) for sku in skus],
        removed=removed,
        checkpoint={"after": number},
    )


def some(count: int, **changes: Any) -> list[Order]:
    return [order(number, **changes) for number in range(1, count + 1)]


def shown(value: Value) -> Any:
    """What Sheets tells of the cell when asked for its unformatted value; days are those of UTC."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return (value - _SERIAL_EPOCH) / timedelta(days=1)
    if isinstance(value, date):
        return (value - _SERIAL_EPOCH.date()).days
    return value


def rows_of(orders: Iterable[Order], keys: Sequence[str]) -> list[tuple[Any, ...]]:
    """A row for each line of each order, for each order where no column is a line's."""
    by_line = any(CATALOGUE[key].level is Level.LINE for key in keys)
    return [
        tuple(shown({**each.values, **line}.get(key)) for key in keys)
        for each in orders
        for line in ([line.values for line in each.lines] if by_line and each.lines else [{}])
    ]
