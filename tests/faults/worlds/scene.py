"""A desk whose runs are those of jobs/export, attempt after attempt, by mortal workers."""

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
from google.oauth2.credentials import Credentials

from backend.automations.change import resumed
from backend.automations.model import Attention, Progress
from backend.errors import ColumnGone, NeedsAttention
from backend.runs.model import Priority, Run, RunKind, Trigger
from jobs.export.batch import batches
from jobs.export.export import Export
from jobs.export.journal import Journal
from jobs.export.orders import Orders
from jobs.sheets.tab import ManagedTab
from jobs.sheets.workbook import SYSTEM
from jobs.stop import Stop
from jobs.stopwatch import Stopwatch
from tests.contract.sheets.book import Json
from tests.contract.tab.desk import LONG_AGO, Desk, Time
from tests.contract.tab.edits import SHEET_ID
from tests.contract.tab.orders import CATALOGUE
from tests.faults.worlds.picture import Picture
from tests.faults.worlds.shop import Identity, Shop, Terms
from tests.faults.worlds.worker import Automations, Death, Life, MortalApi, Runs
from tests.own_budget import budgets

PATIENCE_S = 30.0
HASTE_S = 0.25
LATE_S = 0.6
"""How long the service sits on a call before it carries it out, when the client gives up after HASTE_S."""
_PICTURE = "properties(gridProperties),data(columnMetadata(developerMetadata(metadataValue)))"


@dataclass(frozen=True)
class Sizes:
    """So small that little data goes through all the ways that large data takes."""

    orders_a_batch: int = 3
    rows_a_batch: int = 6
    whole_rows: int = 8


class Scene(Desk):
    """One tab over many runs. `run` is the one that a worker left; `writes` are those of the last attempt."""

    def __init__(self, wire: httpx.Client, shop: Shop, *, sizes: Sizes) -> None:
        super().__init__(wire, columns=shop.terms.keys)
        self.shop = shop
        self.run: Run | None = None
        self.writes = 0
        self._sizes = sizes
        self.ask(shop.terms)

    def ask(self, terms: Terms) -> None:
        """The merchant changes the automation."""
        self.shop.terms = terms
        self.declare(terms.keys, on_removed=terms.on_removed, filters=terms.filters)

    def attempt(self, *, everything: bool = False, repair: bool = False, death: Death | None = None) -> None:
        """Take up the run that was left, to its end unless something stops it. One that goes through everything, or
        repairs, begins in the place of the one that was left, which its merchant has cancelled.
        """
        if everything or repair:
            self.run = None
            self._progress = self._progress.model_copy(update={"fingerprint": None})
        self.run = self.run or self._new_run(RunKind.REPAIR if repair else RunKind.SYNC)
        stop = Stop()
        life = Life(death, stop)
        api = self._mortal_api(life)
        export = self._export(self.run, api, life=life, stop=stop)
        try:
            export.carry_out()
        except NeedsAttention:
            self.run = None
            raise
        finally:
            self.writes = api.writes
            export.close()
        self.run = None

    def late_attempt(self, **wanted: Any) -> None:
        """The client gives up soon; whatever it sent has arrived when this returns."""
        self.timeout_s = HASTE_S
        try:
            self.attempt(**wanted)
        finally:
            self.timeout_s = PATIENCE_S
            time.sleep(LATE_S)

    def resume(self, error: NeedsAttention) -> None:
        """The merchant has read why their automation stopped."""
        columns = error.columns if isinstance(error, ColumnGone) else []
        attention = Attention(code=error.code, message=error.message, since=LONG_AGO, columns=columns)
        told = self.automation.model_copy(update={"attention": attention})
        self._progress = resumed(told, at=LONG_AGO).progress

    def picture(self) -> Picture | None:
        """None while there is no tab."""
        sheets = self.get(fields=f"sheets(properties.sheetId,{_PICTURE})")["sheets"]
        sheet: Json | None = next((each for each in sheets if each["properties"]["sheetId"] == SHEET_ID), None)
        if sheet is None:
            return None
        size = sheet["properties"]["gridProperties"]
        marks = {
            mark["metadataValue"].partition(":")[2]: place
            for place, column in enumerate(sheet["data"][0]["columnMetadata"])
            for mark in column.get("developerMetadata", [])
        }
        width = size["columnCount"]
        headers, *rows = [[*row, *[""] * (width - len(row))] for row in self.grid()] or [[]]
        system = marks.pop(SYSTEM, -1)
        return Picture(headers, rows, size["rowCount"], width, marks, system)

    @property
    def was_complete(self) -> bool:
        """Whether a run has ever come to its end."""
        return self._progress.watermark is not None

    def struck(self, seen: Picture) -> dict[Identity, bool]:
        """Which of Tabkeeper's rows are struck through in any managed cell, as the tab is seen."""
        told = self.sheet("data(rowData(values(userEnteredFormat(textFormat(strikethrough)))))")["data"][0]
        managed = {seen.system, *seen.places.values()}
        looks = [row.get("values", []) for row in told["rowData"][1:]]
        return {
            found: any(_is_struck(cells[place]) for place in managed if place < len(cells))
            for row, cells in zip(seen.rows, looks, strict=False)
            if (found := seen.identity(row))
        }

    def _new_run(self, kind: RunKind) -> Run:
        return Run(
            id="run_1",
            tenant_id="ten_1",
            automation_id="aut_1",
            connection_id="con_1",
            kind=kind,
            trigger=Trigger.MANUAL,
            priority=Priority.MANUAL,
            idempotency_key="key",
            created_at=LONG_AGO,
        )

    def _export(self, run: Run, api: MortalApi, *, life: Life, stop: Stop) -> Export:
        stopwatch = Stopwatch()
        cut = partial(batches, max_orders=self._sizes.orders_a_batch, max_rows=self._sizes.rows_a_batch)
        runs = Runs(life, self._keep_run)
        return Export(
            self.automation,
            CATALOGUE,
            orders=Orders(self.shop, named=run.order_ids, stopwatch=stopwatch, cut=cut),
            tab=ManagedTab(
                self.automation,
                CATALOGUE,
                api=api,
                stopwatch=stopwatch,
                hold=lambda: None,
                whole_rows=self._sizes.whole_rows,
            ),
            journal=Journal(run, runs=runs, api=api, stopwatch=stopwatch, epoch=1, clock=lambda: LONG_AGO),
            automations=Automations(life, self._keep_progress),
            stop=stop,
        )

    def _mortal_api(self, life: Life) -> MortalApi:
        passing = Time()
        return MortalApi(
            self.id,
            life=life,
            credentials=Credentials(token="ann"),  # type: ignore[no-untyped-call]
            endpoint=self.endpoint,
            timeout_s=self.timeout_s,
            budgets=budgets(passing.clock),
            stopwatch=Stopwatch(),
            pause=passing.pause,
        )

    def _keep_run(self, run: Run) -> None:
        self.run = run

    def _keep_progress(self, progress: Progress) -> None:
        self._progress = progress


def _is_struck(cell: Json) -> bool:
    struck: bool = cell.get("userEnteredFormat", {}).get("textFormat", {}).get("strikethrough", False)
    return struck
