"""A shop, its merchant, her automation and its tab, with workers that the test starts and kills itself."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.local.demo.merchant import Merchant
from infra.local.stack import CHECKOUT, Stack
from tests.shop import Shop
from tests.spreadsheet import Spreadsheet

WORKER = (sys.executable, "-m", "jobs", "lane")
WORKER_S = 90.0
HURRIED = {"TABKEEPER_LEASE_S": "2", "TABKEEPER_SHEETS_TIMEOUT_S": "1.5", "TABKEEPER_LINGER_S": "0"}
"""The successor of a killed worker waits for the end of its lease, and ends when the lane is empty."""


class World:
    """Runs wait in their lane until the test starts a worker: the queue is paused."""

    def __init__(self, stack: Stack, folder: Path, *, email: str | None = None) -> None:
        self.stack = stack
        self._folder = folder
        self.shop = Shop.new(stack)
        self.ann = Merchant(stack, email=email or f"{uuid.uuid4().hex[:12]}@shop.example")

    def open(self, *, orders: int, lines: int = 2, **changes: Any) -> None:
        """A shop with so many orders of so many lines, and an automation that exports them when it is told to."""
        self.shop.fill(self._folder / "orders.csv", orders=orders, lines=lines)
        self.ann.sign_in()
        self.ann.link_account()
        self.connection_id = self.ann.connect(self.shop)
        self.book = Spreadsheet(self.stack, self.ann.google, self.ann.google.create_spreadsheet("Shop books"))
        by_hand = {"on_change": False} | changes
        self.automation = self.ann.create_automation(self.connection_id, self.book.id, **by_hand)
        self.sheet_id: int = self.automation["sheet_id"]

    def start_run(self) -> str:
        return str(self.ann.start_run(self.automation["id"])["id"])

    def worker(self, command: Sequence[str] = WORKER, **environment: str) -> "subprocess.Popen[bytes]":
        """A worker of this world's lane; its first attempt of an execution unless told otherwise."""
        execution = {"CLOUD_RUN_EXECUTION": f"test-{self.shop.domain}", "CLOUD_RUN_TASK_ATTEMPT": "0"}
        with (self._folder / "worker.log").open("ab") as log:
            return subprocess.Popen(
                [*command, self.connection_id],
                cwd=CHECKOUT,
                env=os.environ | self.stack.environment | HURRIED | execution | environment,
                stdout=log,
                stderr=log,
            )

    def work(self, **environment: str) -> int:
        """Start a worker and let it end by itself; its exit code."""
        worker = self.worker(**environment)
        try:
            return worker.wait(WORKER_S)
        finally:
            worker.kill()
            worker.wait()

    def run_now(self) -> dict[str, Any]:
        """A run from its cause to its end."""
        run_id = self.start_run()
        assert self.work() == 0, self.log()
        return self.ann.run(run_id)

    def log(self) -> str:
        return (self._folder / "worker.log").read_text()

    def tab_rows(self) -> list[tuple[Any, ...]]:
        """What the tab holds, to be held against what `shop.rows` tells."""
        return self.book.rows(self.sheet_id)

    def write_note(self, *, row: int, text: str) -> None:
        """A text in the row of this index (1 is below the header), in a person's own column at the right."""
        self.write_notes([text], row=row)

    def write_notes(self, texts: Sequence[str], *, row: int = 1) -> None:
        """Texts in rows from that index on, in a new column at the right."""
        width = len(self.book.cells(self.sheet_id)[0])
        rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]} for text in texts]
        start = {"sheetId": self.sheet_id, "rowIndex": row, "columnIndex": width}
        self.book.edit(
            {"appendDimension": {"sheetId": self.sheet_id, "dimension": "COLUMNS", "length": 1}},
            {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}},
        )

    def note_of(self, text: str) -> str:
        """The line id beside a person's text."""
        header, *rows = self.book.cells(self.sheet_id)
        (row,) = (row for row in rows if text in row)
        return str(row[header.index("Line id")])

    def change_orders(self) -> None:
        """One order gets a line more, one loses its first, one changes its quantity and one is cancelled."""
        added = {"sku": "NEW", "title": "A NEW THING", "quantity": 3, "price": "4.50"}
        self.shop.edit("#500003", "lines", add=[added])
        self.shop.edit("#500007", "lines", remove=["10000A"])
        self.shop.edit("#500011", "lines", change=[{"line": "10001A", "quantity": 9}])
        self.shop.edit("#500013", "cancel")

    def close(self) -> None:
        self.ann.close()


def killed(worker: "subprocess.Popen[bytes]") -> bool:
    """Whether it died of SIGKILL rather than ended."""
    return worker.wait(WORKER_S) == -signal.SIGKILL
