"""The client's share of an export without any wire: CPU time a row, by stage."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from backend.automations.model import Automation, Column, Configuration, Destination, RowMode
from backend.platforms.field import ColumnType, Value
from backend.platforms.shopify.catalogue import ORDERS
from backend.platforms.source import Line, Order
from infra.local.demo.merchant import COLUMNS
from jobs.export.batch import batches
from jobs.export.rows import RowMaker
from jobs.sheets.index import TabIndex
from jobs.sheets.layout import Wanted, blank_layout
from jobs.sheets.plan import apply, make_plan
from jobs.sheets.requests import size_bytes, to_requests

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
ORDER_COUNT = 3_000
LINES = 20


def measure_pipeline() -> Iterator[str]:
    """A first export of 60,000 rows of 12 columns, from typed orders to the bodies of the requests."""
    automation = _automation()
    maker = RowMaker(automation, ORDERS, zone=ZoneInfo("Europe/Berlin"))
    columns = automation.configuration.columns
    layout, _ = blank_layout(1, Wanted(automation.id, columns, 0, {}))
    index = TabIndex()
    spent = dict.fromkeys(("rows", "batches", "plan", "requests", "json"), 0.0)

    def timed(stage: str, started: float) -> float:
        now = time.process_time()
        spent[stage] += now - started
        return now

    started = time.process_time()
    made = [(maker.order_rows(order), order.checkpoint) for order in _orders()]
    started = timed("rows", started)
    for batch in batches(made):
        started = timed("batches", started)
        plan = make_plan(index, batch.orders)
        started = timed("plan", started)
        requests = to_requests(plan, layout, grid_rows=len(index) + 2)
        size_bytes(requests)
        apply(plan, index)
        started = timed("requests", started)
        msgspec.json.encode({"requests": requests})
        started = timed("json", started)
    total = sum(spent.values())
    stages = " ".join(f"{stage}_us={seconds / len(index) * 1e6:.1f}" for stage, seconds in spent.items())
    speed = f"rows_per_cpu_second={len(index) / total:.0f}"
    yield f"pipeline: rows={len(index)} columns={len(columns) + 1} {speed} {stages}"


def _automation() -> Automation:
    configuration = Configuration(
        name="bench",
        connection_id="connection",
        destination=Destination(spreadsheet_id="spreadsheet"),
        columns=[Column(key=key, header=header, type=ColumnType(kind)) for key, header, kind in COLUMNS],
        row_mode=RowMode.LINE,
    )
    times = {"created_at": EPOCH, "updated_at": EPOCH}
    return Automation(id="automation", tenant_id="tenant", sheet_id=1, configuration=configuration, **times)


def _orders() -> Iterator[Order]:
    for order in range(ORDER_COUNT):
        values: dict[str, Value] = {
            "order_name": f"#{order}",
            "created_at": EPOCH,
            "customer_name": f"Customer {order % 900}",
            "shipping_country": "United Kingdom",
            "financial_status": "PAID",
        }
        yield Order(id=str(10**12 + order), version=order, values=values, lines=[_line(order, i) for i in range(LINES)])


def _line(order: int, place: int) -> Line:
    line_id = str(10**13 + order * LINES + place)
    price = Decimal(100 + (order * place) % 900) / 100
    values: dict[str, Value] = {
        "sku": f"{(order * place) % 3_900:05d}A",
        "product_title": f"WHITE HANGING HEART T-LIGHT HOLDER {(order * place) % 3_900}",
        "quantity": place + 1,
        "unit_price": price,
        "line_total": price * (place + 1),
        "line_id": line_id,
    }
    return Line(id=line_id, values=values)
