"""Tabkeeper from the orders on: what a run does with its tab (jobs.export.export), without shop and Firestore."""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from google.oauth2 import service_account

from backend.automations.model import Automation, Column, Configuration, Destination, Progress
from backend.clock import utc_now
from backend.platforms.field import ColumnType, Value
from backend.platforms.shopify.catalogue import ORDERS
from backend.platforms.source import Order
from jobs.export.batch import batches
from jobs.export.rows import RowMaker
from jobs.sheets.api import SheetsApi
from jobs.sheets.tab import ManagedTab
from jobs.stopwatch import Stopwatch
from tests.bench.peers.errand import Errand
from tests.own_budget import budgets

SHEET_ID = 7
SCOPES = ["https://www.googleapis.com/auth/spreadsheets"]
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
KEYS = {field.label: field.key for field in ORDERS.values()}


def take(errand: Errand) -> list[Order]:
    return list(orders(errand.headers, errand.rows))


def export(errand: Errand, changed: list[Order]) -> None:
    memory = Memory(Path(errand.folder) / "progress.json")
    automation = declared(errand, memory.progress)
    stopwatch = Stopwatch()
    credentials = service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call]
        errand.key_file, scopes=SCOPES
    )
    api = SheetsApi(
        errand.spreadsheet_id,
        credentials=credentials,
        endpoint=errand.endpoint,
        timeout_s=200.0,
        budgets=budgets(utc_now),
        stopwatch=stopwatch,
        pause=time.sleep,
    )
    tab = ManagedTab(automation, ORDERS, api=api, stopwatch=stopwatch, hold=lambda: None)
    tab.open()
    memory.progress = Progress(laid_out=tab.laid_out)
    maker = RowMaker(automation, ORDERS, zone=tab.zone)
    carry(tab, maker, changed)
    while not tab.audit() or tab.disturbed:
        tab.disturbed = False
        tab.open()
        carry(tab, maker, orders(errand.headers, errand.all_rows()))
    api.close()


def carry(tab: ManagedTab, maker: RowMaker, wanted: Iterable[Order]) -> None:
    for batch in batches((maker.order_rows(order), order.checkpoint) for order in wanted):
        tab.write(batch.orders, last=batch.last)


def declared(errand: Errand, progress: Progress) -> Automation:
    fields = [ORDERS[KEYS[header]] for header in errand.headers]
    destination = Destination(spreadsheet_id=errand.spreadsheet_id, title=errand.tab, sheet_id=SHEET_ID)
    return Automation(
        id="automation",
        tenant_id="tenant",
        sheet_id=SHEET_ID,
        configuration=Configuration(
            name="bench",
            connection_id="connection",
            destination=destination,
            columns=[Column(key=field.key, header=field.label, type=field.type) for field in fields],
        ),
        progress=progress,
        created_at=EPOCH,
        updated_at=EPOCH,
    )


def orders(headers: list[str], rows: list[list[str | float]]) -> Iterator[Order]:
    """As the source gives them: typed."""
    fields = [ORDERS[KEYS[header]] for header in headers]
    for row in rows:
        values = {field.key: typed(cell, field.type) for field, cell in zip(fields, row, strict=True)}
        updated_at = values["updated_at"]
        assert isinstance(updated_at, datetime)
        yield Order(id=str(values["order_id"]), version=int(updated_at.timestamp() * 1000), values=values)


def typed(cell: str | float, kind: ColumnType) -> Value:
    if kind is ColumnType.MONEY:
        return Decimal(str(cell))
    if kind is ColumnType.DATETIME:
        return datetime.fromisoformat(f"{cell}+00:00")
    return cell if isinstance(cell, str) else int(cell)


class Memory:
    """What Firestore keeps of an automation: how far its tab has come."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def progress(self) -> Progress:
        return Progress.model_validate_json(self._file.read_bytes()) if self._file.exists() else Progress()

    @progress.setter
    def progress(self, progress: Progress) -> None:
        self._file.write_text(progress.model_dump_json())
