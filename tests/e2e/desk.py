"""A merchant's desk: her shop, her spreadsheet, and automations whose runs go the whole way through the stack."""

import time
from pathlib import Path
from typing import Any

from infra.local.demo.merchant import Merchant
from tests.shop import Row, Shop
from tests.spreadsheet import Spreadsheet

PATIENCE_S = 90.0


class Desk:
    def __init__(self, merchant: Merchant, folder: Path, *, shop: Shop | None = None) -> None:
        self.ann = merchant
        self.stack = merchant.stack
        self.shop = shop or Shop.new(self.stack)
        self._folder = folder
        self.ann.link_account()
        self.connection_id = self.ann.connect(self.shop)
        self.book = Spreadsheet(self.stack, self.ann.google, self.ann.google.create_spreadsheet("Shop books"))

    def fill_shop(self, *, orders: int, lines: int = 2) -> None:
        self.shop.fill(self._folder / "orders.csv", orders=orders, lines=lines)

    def automate(self, **changes: Any) -> dict[str, Any]:
        """One row a line in a tab of its own, and runs by hand only, unless `changes` say otherwise."""
        return self.ann.create_automation(self.connection_id, self.book.id, **{"on_change": False} | changes)

    def start(self, automation: dict[str, Any], *, key: str | None = None) -> str:
        """The id of a run that goes its way now."""
        return str(self.ann.start_run(automation["id"], key=key)["id"])

    def ended(self, run_id: str) -> dict[str, Any]:
        """The run, once it has ended."""
        return self._once(run_id, {"completed", "failed", "cancelled"})

    def waiting(self, run_id: str) -> dict[str, Any]:
        """The run, once it is back in its lane."""
        return self._once(run_id, {"pending"})

    def run(self, automation: dict[str, Any]) -> dict[str, Any]:
        return self.ended(self.start(automation))

    def completed(self, automation: dict[str, Any], *, kind: str = "sync") -> dict[str, Any]:
        run = self.ended(str(self.ann.start_run(automation["id"], kind=kind)["id"]))
        assert run["status"] == "completed", run["error"]
        return run

    def rows(self, automation: dict[str, Any]) -> list[Row]:
        """What the tab holds, to be held against what the shop says."""
        return self.book.rows(automation["sheet_id"])

    def struck_through(self, automation: dict[str, Any]) -> set[str]:
        """The orders in whose rows the text is struck through; they stand in the tab's first column."""
        sheets = self.book.everything()["sheets"]
        (tab,) = (each for each in sheets if each["properties"].get("sheetId", 0) == automation["sheet_id"])
        first_cells = [(row.get("values") or [{}])[0] for row in tab["data"][0]["rowData"]]
        return {
            cell["formattedValue"]
            for cell in first_cells
            if cell.get("effectiveFormat", {}).get("textFormat", {}).get("strikethrough")
        }

    def status(self, automation: dict[str, Any]) -> tuple[str, str | None]:
        """The automation's status, and the sentence that it shows its merchant."""
        shown = self.ann.automation(automation["id"])
        return shown["status"], (shown["attention"] or {}).get("message")

    def _once(self, run_id: str, statuses: set[str]) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_S
        for run in self.ann.watch(run_id, pause=lambda _: time.sleep(0.05)):
            if run["status"] in statuses:
                return run
            assert time.monotonic() < deadline, run
        raise AssertionError(run)
