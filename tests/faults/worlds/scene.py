"""A desk whose runs go as those of jobs/export do: from a checkpoint, what changed or everything, by mortal workers."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
from google.oauth2.credentials import Credentials

from backend.automations.model import Progress
from backend.errors import UpstreamUnavailable
from backend.platforms.source import Order
from jobs.export.batch import batches
from jobs.export.export import MAX_REPEATS
from jobs.export.rows import RowMaker
from jobs.sheets.budget import Budget
from jobs.sheets.tab import ManagedTab
from jobs.sheets.workbook import SYSTEM
from jobs.stopwatch import Stopwatch
from tests.contract.sheets.book import Json
from tests.contract.tab.desk import Desk, Time
from tests.contract.tab.edits import SHEET_ID
from tests.contract.tab.orders import CATALOGUE
from tests.faults.worlds.picture import Picture
from tests.faults.worlds.shop import Shop
from tests.faults.worlds.worker import Death, Journey, MortalApi

PATIENCE_S = 30.0
HASTE_S = 0.25
LATE_S = 0.6
"""How long the service sits on a call before it carries it out, when the client gives up after HASTE_S."""
_PICTURE = "properties(gridProperties),data(columnMetadata(developerMetadata(metadataValue)))"


class Scene(Desk):
    """One tab over many runs. `journey` is the run that a worker left, `watermark` the newest version of whole ones."""

    def __init__(self, wire: httpx.Client, shop: Shop, *, a_batch: int) -> None:
        super().__init__(wire, columns=shop.keys, on_removed=shop.on_removed)
        self.shop = shop
        self.journey: Journey | None = None
        self.watermark = 0
        self._a_batch = a_batch
        self._death: Death | None = None

    def attempt(self, *, everything: bool = False, repair: bool = False, death: Death | None = None) -> int:
        """Take up the run that was left, or begin one; to its end unless something stops it. How often it wrote."""
        self._death = death
        api = self.api(Time(), token="ann")
        try:
            self._carry_out(self._tab(api), everything=everything or repair, repair=repair)
        finally:
            api.close()
        return api.writes

    def late_attempt(self, **wanted: Any) -> None:
        """The client gives up soon; whatever it sent has arrived when this returns."""
        self.timeout_s = HASTE_S
        try:
            self.attempt(**wanted)
        finally:
            self.timeout_s = PATIENCE_S
            time.sleep(LATE_S)

    def api(self, time: Time, *, token: str) -> MortalApi:
        return MortalApi(
            self.id,
            death=self._death,
            credentials=Credentials(token=token),  # type: ignore[no-untyped-call]
            endpoint=self.endpoint,
            timeout_s=self.timeout_s,
            budgets=(Budget(calls_a_minute=1000), Budget(calls_a_minute=1000)),
            stopwatch=Stopwatch(),
            monotonic=time.monotonic,
            pause=time.pause,
        )

    def picture(self) -> Picture | None:
        """None before the first run has made the tab."""
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
        rows = [[*row, *[""] * (width - len(row))] for row in self.grid()[1:]]
        return Picture(rows, size["rowCount"], width, {key: marks[key] for key in self.keys}, marks[SYSTEM])

    def _carry_out(self, tab: ManagedTab, *, everything: bool, repair: bool) -> None:
        tab.open()
        self._progress = Progress(laid_out=tab.laid_out)
        doubtful = tab.unfilled or tab.index.torn_overflow
        begun = None if everything else self.journey
        journey = self.journey = begun or Journey(since=0 if everything or doubtful else self.watermark)
        if journey.since and (torn := sorted(tab.index.torn)):
            list(self._deliver(tab, self.shop.named(torn)))
        journey = self._go_through(tab, journey, repair=repair)
        while not tab.audit() or tab.disturbed:
            journey = self.journey = journey.anew()
            if journey.repeats > MAX_REPEATS:
                raise UpstreamUnavailable
            tab.disturbed = False
            tab.open()
            journey = self._go_through(tab, journey, repair=repair)
        self._progress = Progress(laid_out={column.key: column for column in self.automation.configuration.columns})
        self.watermark, self.journey = max(self.watermark, journey.resume), None

    def _go_through(self, tab: ManagedTab, journey: Journey, *, repair: bool) -> Journey:
        """From the checkpoint on, which moves on after each batch."""
        for version in self._deliver(tab, self.shop.orders(after=journey.after), repair=repair):
            journey = self.journey = journey.reached(version)
        return journey

    def _deliver(self, tab: ManagedTab, orders: Sequence[Order], *, repair: bool = False) -> Iterator[int]:
        """Batch after batch; the version that each of them reached."""
        maker = RowMaker(self.automation, CATALOGUE, zone=tab.zone)
        made = ((maker.order_rows(each), {"version": each.version}) for each in orders)
        for batch in batches(made, max_orders=self._a_batch):
            if repair:
                tab.doubt_what_differs(batch.orders)
            tab.write(batch.orders)
            yield batch.orders[-1].version
