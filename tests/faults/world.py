"""A shop, its merchant, her automation and its tab, with workers that the test starts and kills itself."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from infra.local.demo.merchant import SHOP_TOKEN, Merchant
from infra.local.stack import CHECKOUT, Stack

WORKER = (sys.executable, "-m", "jobs", "lane")
WORKER_S = 90.0
ORDERS = """
query Orders($after: String) {
  orders(first: 50, after: $after, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      name
      lineItems(first: 50) {
        nodes { id sku title quantity originalUnitPriceSet { shopMoney { amount } } }
      }
    }
  }
}
"""


class World:
    """Runs wait in their lane until the test starts a worker: the queue is paused."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack = stack
        self._folder = folder
        name = uuid.uuid4().hex[:12]
        self.ann = Merchant(stack, email=f"{name}@shop.example", shop=f"shop-{name}.myshopify.com")
        self._http = httpx.Client(timeout=60.0)
        self._shopify = f"{stack.urls['shopify']}/control/shops/{self.ann.shop}"
        self._sheets = stack.urls["sheets"]

    def open(self, *, orders: int, lines: int = 2, **changes: Any) -> None:
        """A shop with so many orders of so many lines, and an automation that exports them."""
        token = self.ann.open_shop()
        self.ann.load_orders(self._csv(orders, lines))
        self.ann.sign_in()
        self.ann.link_account()
        self.connection_id = self.ann.connect(token)
        self.spreadsheet_id = self.ann.create_spreadsheet()
        self.automation = self.ann.create_automation(self.connection_id, self.spreadsheet_id, **changes)
        self.sheet_id: int = self.automation["sheet_id"]

    def start_run(self) -> str:
        return str(self.ann.start_run(self.automation["id"])["id"])

    def worker(self, command: Sequence[str] = WORKER, **environment: str) -> "subprocess.Popen[bytes]":
        """A worker of this world's lane; its first attempt of an execution unless told otherwise."""
        execution = {"CLOUD_RUN_EXECUTION": f"test-{self.ann.shop}", "CLOUD_RUN_TASK_ATTEMPT": "0"}
        with (self._folder / "worker.log").open("ab") as log:
            return subprocess.Popen(
                [*command, self.connection_id],
                cwd=CHECKOUT,
                env=os.environ | self.stack.environment | execution | environment,
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

    def fault(self, kind: str, **details: Any) -> None:
        body = {"kind": kind, "spreadsheetId": self.spreadsheet_id, **details}
        self._http.post(f"{self._sheets}/control/faults", json=body).raise_for_status()

    def edit(self, *requests: Mapping[str, Any]) -> None:
        """What a person does in the spreadsheet, now."""
        body = {"spreadsheetId": self.spreadsheet_id, "requests": requests}
        answer = self._http.post(f"{self._sheets}/control/edits", json=body)
        assert answer.is_success, answer.text

    def shop(self, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer = self._http.post(f"{self._shopify}/{what}", json=body)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def shop_rows(self) -> list[tuple[Any, ...]]:
        """(order, SKU, product, quantity, unit price, line total, line id) of each line, asked from the shop."""
        url = f"{self.stack.urls['shopify']}/shops/{self.ann.shop}/admin/api/2026-10/graphql.json"
        rows: list[tuple[Any, ...]] = []
        after = None
        while True:
            body = {"query": ORDERS, "variables": {"after": after}}
            answer = self._http.post(url, json=body, headers={"X-Shopify-Access-Token": SHOP_TOKEN}).json()
            if answer.get("errors", [{}])[0].get("extensions", {}).get("code") == "THROTTLED":
                continue
            page = answer["data"]["orders"]
            for order in page["nodes"]:
                for line in order["lineItems"]["nodes"]:
                    price = float(line["originalUnitPriceSet"]["shopMoney"]["amount"])
                    rows.append(
                        (
                            order["name"],
                            line["sku"],
                            line["title"],
                            line["quantity"],
                            price,
                            round(line["quantity"] * price, 4),
                            line["id"].rsplit("/", 1)[1],
                        )
                    )
            if not page["pageInfo"]["hasNextPage"]:
                return sorted(rows)
            after = page["pageInfo"]["endCursor"]

    def tab(self) -> list[list[Any]]:
        """Every cell of the tab, the header first, as wide as its widest row."""
        body = {"dataFilters": [{"gridRange": {"sheetId": self.sheet_id}}], "valueRenderOption": "UNFORMATTED_VALUE"}
        url = f"{self._sheets}/v4/spreadsheets/{self.spreadsheet_id}/values:batchGetByDataFilter"
        answer = self._http.post(url, json=body, headers=self.ann.google_authorization())
        assert answer.is_success, answer.text
        rows: list[list[Any]] = answer.json()["valueRanges"][0]["valueRange"].get("values", [])
        width = max(map(len, rows), default=0)
        return [row + [""] * (width - len(row)) for row in rows]

    def tab_rows(self) -> list[tuple[Any, ...]]:
        """The managed cells that `shop_rows` tells, of each row that has any."""
        header, *rows = self.tab()
        wanted = ["Order", "SKU", "Product", "Quantity", "Unit price", "Line total", "Line id"]
        places = [header.index(name) for name in wanted]
        found = [tuple(row[place] for place in places) for row in rows]
        return sorted((*row[:5], round(row[5], 4), row[6]) for row in found if any(cell != "" for cell in row))

    def await_fault(self) -> None:
        """Until the call that a fault waits for has come."""
        deadline = time.monotonic() + WORKER_S
        while self._http.get(f"{self._sheets}/control/faults").json()["faults"]:
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)

    def write_note(self, *, row: int, text: str) -> None:
        """A text in the row of this index (1 is below the header), in a person's own column at the right."""
        width = len(self.tab()[0])
        cell = {"rows": [{"values": [{"userEnteredValue": {"stringValue": text}}]}], "fields": "userEnteredValue"}
        start = {"sheetId": self.sheet_id, "rowIndex": row, "columnIndex": width}
        self.edit(
            {"appendDimension": {"sheetId": self.sheet_id, "dimension": "COLUMNS", "length": 1}},
            {"updateCells": cell | {"start": start}},
        )

    def note_of(self, text: str) -> str:
        """The line id beside a person's text."""
        header, *rows = self.tab()
        (row,) = (row for row in rows if text in row)
        return str(row[header.index("Line id")])

    def change_orders(self) -> None:
        """One order gets a line more, one loses its first, one changes its price and one is cancelled."""
        url = f"orders/{quote('#500003')}"
        self.shop(f"{url}/lines", {"add": [{"sku": "NEW", "title": "A NEW THING", "quantity": 3, "price": "4.50"}]})
        self.shop(f"orders/{quote('#500007')}/lines", {"remove": ["10000A"]})
        self.shop(f"orders/{quote('#500011')}/lines", {"change": [{"line": "10001A", "quantity": 9}]})
        self.shop(f"orders/{quote('#500013')}/cancel", {})

    def close(self) -> None:
        self.ann.close()
        self._http.close()

    def _csv(self, orders: int, lines: int) -> Path:
        file = self._folder / "orders.csv"
        head = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        rows = (
            f"{500_000 + order},{10_000 + line:05d}A,THING {line} OF {order},{1 + (order + line) % 7},"
            f"2011-01-{1 + order % 28:02d} {order % 24:02d}:00:00,{1 + line}.{order % 90 + 10},,United Kingdom\n"
            for order in range(orders)
            for line in range(lines)
        )
        file.write_text(head + "".join(rows))
        return file


def killed(worker: "subprocess.Popen[bytes]") -> bool:
    """Whether it died of SIGKILL rather than ended."""
    return worker.wait(WORKER_S) == -signal.SIGKILL
