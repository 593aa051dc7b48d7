"""A small catalogue, the automations that fill tabs from it, and orders for them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from backend.automations.model import Automation, Configuration, OnRemoved, RowMode
from backend.platforms.field import Catalogue, ColumnType, Field, Level, Value
from backend.platforms.source import Line, Order
from jobs.export.rows import OrderRows, Row, RowMaker

CATALOGUE = Catalogue(
    [
        Field("order_name", "Order", ColumnType.TEXT, identifies=True),
        Field("day", "Day", ColumnType.DATE, identifies=True),
        Field("email", "Email", ColumnType.TEXT),
        Field("total", "Total", ColumnType.MONEY),
        Field("placed_at", "Placed", ColumnType.DATETIME),
        Field("paid", "Paid", ColumnType.BOOLEAN),
        Field("sku", "SKU", ColumnType.TEXT, Level.LINE),
        Field("quantity", "Quantity", ColumnType.INTEGER, Level.LINE),
    ]
)
ORDER_COLUMNS = ("order_name", "email", "total")
LINE_COLUMNS = ("order_name", "total", "sku", "quantity")
BERLIN = ZoneInfo("Europe/Berlin")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def column(key: str, **changes: str) -> dict[str, str]:
    return {"key": key, "header": CATALOGUE[key].label, "type": CATALOGUE[key].type} | changes


def automation(
    *,
    columns: Sequence[str | dict[str, str]] = LINE_COLUMNS,
    row_mode: RowMode = RowMode.LINE,
    on_removed: OnRemoved = OnRemoved.KEEP,
    filters: Sequence[dict[str, Any]] = (),
) -> Automation:
    configuration = Configuration.model_validate(
        {
            "name": "Orders",
            "connection_id": "con_1",
            "destination": {"spreadsheet_id": "sheet"},
            "columns": [column(key) if isinstance(key, str) else key for key in columns],
            "row_mode": row_mode,
            "on_removed": on_removed,
            "filters": list(filters),
        }
    )
    return Automation(
        id="aut_1", tenant_id="ten_1", configuration=configuration, sheet_id=7, created_at=LONG_AGO, updated_at=LONG_AGO
    )


def maker(**wanted: Any) -> RowMaker:
    return RowMaker(automation(**wanted), CATALOGUE, zone=BERLIN)


def order(
    order_id: str = "1",
    *,
    lines: Sequence[str] = (),
    version: int = 1,
    removed: bool = False,
    quantity: int = 1,
    **values: Value,
) -> Order:
    """An order whose lines have the ids given, each of which is its SKU too."""
    usual: dict[str, Value] = {"order_name": f"#{order_id}", "email": "ann@example.com", "total": Decimal("9.50")}
    return Order(
        id=order_id,
        version=version,
        values=usual | values,
        lines=[Line(line_id, {"sku": line_id, "quantity": quantity}) for line_id in lines],
        removed=removed,
        checkpoint={"after": order_id},
    )


def rows_of(*orders: Order, **wanted: Any) -> list[OrderRows]:
    """The rows of each order, in a tab with one row a line unless told otherwise."""
    make = maker(**wanted)
    return [make.order_rows(each) for each in orders]


def managed_values(row: Row) -> list[dict[str, Any]]:
    """The managed cells of a row as a tab holds them, in the order of the configuration."""
    return [json.loads(cell).get("userEnteredValue", {}) for cell in row.cells]


def system_text(row: Row) -> str:
    text: str = json.loads(row.system)["userEnteredValue"]["stringValue"]
    return text
