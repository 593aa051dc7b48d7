"""A spreadsheet, an automation that fills one of its tabs, runs of it, and people at the same tab."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from google.oauth2.credentials import Credentials

from backend.automations.model import Automation, Configuration, OnRemoved, Progress, RowMode
from backend.platforms.field import Level
from backend.platforms.source import Order
from jobs.export.batch import MAX_ORDERS, batches
from jobs.export.rows import RowMaker
from jobs.sheets.api import SheetsApi
from jobs.sheets.outcome import Outcome
from jobs.sheets.system_cell import parse
from jobs.sheets.tab import ManagedTab
from jobs.stopwatch import Stopwatch
from tests.contract.sheets.book import Json
from tests.contract.tab.edits import SHEET_ID
from tests.contract.tab.orders import CATALOGUE, column, rows_of
from tests.own_budget import budgets

MAX_PASSES = 4
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


class Time:
    """Passes only while somebody waits."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def clock(self) -> datetime:
        return LONG_AGO + timedelta(seconds=self.now_s)

    def pause(self, seconds: float) -> None:
        self.now_s += seconds


@dataclass(frozen=True)
class Ran:
    """What a run did: rows by what became of them, calls, passes over the orders, seconds it would have waited."""

    outcome: Outcome
    reads: int
    writes: int
    passes: int
    waited_s: float


class Desk:
    """`columns` are those of the automation, by key or in full; a line's column asks for one row a line."""

    def __init__(
        self,
        wire: httpx.Client,
        *,
        columns: Sequence[str | Json],
        sheets: Sequence[Json] = ({"title": "Sheet1", "sheetId": 1, "rowCount": 5, "columnCount": 5},),
        time_zone: str = "Etc/UTC",
        destination: Json | None = None,
        book: Json | None = None,
        timeout_s: float = 30.0,
        **wanted: Any,
    ) -> None:
        self.wire = wire
        self.endpoint = str(wire.base_url)
        self.timeout_s = timeout_s
        wanted_book = {"title": "Shop", "timeZone": time_zone, "sheets": list(sheets), **(book or {})}
        made = wire.post("/control/spreadsheets", json=wanted_book).raise_for_status().json()
        self.id: str = made["spreadsheetId"]
        place = {"spreadsheet_id": self.id, "title": "Orders"} | (destination or {})
        self._declared: Json = {"name": "Orders", "connection_id": "con_1", "destination": place} | wanted
        self._progress = Progress()
        self.hold: Callable[[], None] = lambda: None
        self.declare(columns)

    def declare(self, columns: Sequence[str | Json], **wanted: Any) -> None:
        """The merchant changes the automation."""
        self._declared |= wanted
        self.keys = [each if isinstance(each, str) else str(each["key"]) for each in columns]
        by_line = any(CATALOGUE[key].level is Level.LINE for key in self.keys)
        self._declared |= {
            "columns": [column(each) if isinstance(each, str) else each for each in columns],
            "row_mode": RowMode.LINE if by_line else RowMode.ORDER,
        }

    @property
    def automation(self) -> Automation:
        return Automation(
            id="aut_1",
            tenant_id="ten_1",
            configuration=Configuration.model_validate(self._declared),
            sheet_id=SHEET_ID,
            progress=self._progress,
            created_at=LONG_AGO,
            updated_at=LONG_AGO,
        )

    def bring(self, orders: Iterable[Order], *, a_batch: int = MAX_ORDERS, room: int = 0, token: str = "ann") -> Ran:
        """What a run does with its tab: batch after batch, an audit, and anew where people were in the way."""
        orders = list(orders)
        time = Time()
        api = self.api(time, token=token)
        tab = self._tab(api)
        try:
            tab.open(rows_to_come=room)
            self._progress = Progress(laid_out=tab.laid_out)
            outcome, passes = self._pass(tab, orders, a_batch), 1
            while not tab.audit() or tab.disturbed:
                assert passes < MAX_PASSES, "the tab does not come to rest"
                tab.disturbed = False
                tab.open()
                outcome, passes = outcome.add(self._pass(tab, orders, a_batch)), passes + 1
        finally:
            api.close()
        self._progress = Progress(laid_out={column.key: column for column in self.automation.configuration.columns})
        return Ran(outcome, api.reads, api.writes, passes, time.now_s)

    def torn(self) -> set[str]:
        """The ids of the orders that a run finds in need of mending as soon as it opens the tab."""
        api = self.api(Time(), token="ann")
        tab = self._tab(api)
        tab.open()
        api.close()
        return tab.index.torn

    def api(self, time: Time, *, token: str) -> SheetsApi:
        return SheetsApi(
            self.id,
            credentials=Credentials(token=token),  # type: ignore[no-untyped-call]
            endpoint=self.endpoint,
            timeout_s=self.timeout_s,
            budgets=budgets(time.clock),
            stopwatch=Stopwatch(),
            pause=time.pause,
        )

    def _tab(self, api: SheetsApi) -> ManagedTab:
        return ManagedTab(self.automation, CATALOGUE, api=api, stopwatch=Stopwatch(), hold=self.hold)

    def _pass(self, tab: ManagedTab, orders: Sequence[Order], a_batch: int) -> Outcome:
        maker = RowMaker(self.automation, CATALOGUE, zone=tab.zone)
        outcome = Outcome()
        for batch in batches(((maker.order_rows(each), each.checkpoint) for each in orders), max_orders=a_batch):
            outcome = outcome.add(tab.write(batch.orders, last=batch.last))
        return outcome

    def edit(self, *requests: Json) -> None:
        """A person's edit, now."""
        answer = self.wire.post("/control/edits", json={"spreadsheetId": self.id, "requests": requests})
        assert answer.is_success, answer.text

    def fault(self, kind: str, *requests: Json, calls: str = "spreadsheets.batchUpdate", **details: Any) -> None:
        """Trouble for a call to come; `skip` says after how many others, `requests` are those of an edit."""
        edits = {"requests": requests} if requests else {}
        body = {"kind": kind, "spreadsheetId": self.id, "calls": calls, **edits, **details}
        self.wire.post("/control/faults", json=body).raise_for_status()

    def pending_faults(self) -> list[Json]:
        pending: list[Json] = self.wire.get("/control/faults").json()["faults"]
        return pending

    def get(self, **parameters: Any) -> Json:
        """spreadsheets.get, by plain HTTP."""
        answer = self.wire.get(f"/v4/spreadsheets/{self.id}", params=parameters).raise_for_status()
        told: Json = answer.json()
        return told

    def sheet(self, fields: str) -> Json:
        """The automation's tab, with these fields."""
        sheets = self.get(fields=f"sheets(properties.sheetId,{fields})")["sheets"]
        (found,) = (sheet for sheet in sheets if sheet["properties"]["sheetId"] == SHEET_ID)
        return dict(found)

    def everything(self) -> Json:
        """All that Google would tell of the spreadsheet: to see that nothing at all has changed."""
        return self.get(includeGridData=True)

    def grid(self, option: str = "UNFORMATTED_VALUE") -> list[list[Any]]:
        """Every cell of the tab, the header row first, all rows as wide as the widest."""
        body = {"dataFilters": [{"gridRange": {"sheetId": SHEET_ID}}], "valueRenderOption": option}
        answer = self.wire.post(f"/v4/spreadsheets/{self.id}/values:batchGetByDataFilter", json=body)
        rows: list[list[Any]] = answer.raise_for_status().json()["valueRanges"][0]["valueRange"].get("values", [])
        width = max(map(len, rows), default=0)
        return [row + [""] * (width - len(row)) for row in rows]

    def column(self, header: str) -> list[Any]:
        """A column's cells below its header, top to bottom."""
        head, *rows = self.grid()
        place = head.index(header)
        return [row[place] for row in rows]

    def rows(self, *headers: str) -> list[tuple[Any, ...]]:
        """These columns of the rows that Tabkeeper calls its own, top to bottom."""
        head, *rows = self.grid()
        system, places = head.index("Tabkeeper"), [head.index(header) for header in headers]
        return [tuple(row[place] for place in places) for row in rows if parse(row[system])]

    def identities(self) -> list[tuple[str, str]]:
        """(order, line) of each row that is Tabkeeper's, top to bottom."""
        return [(cell.order_id, cell.line_id) for text in self.column("Tabkeeper") if (cell := parse(text))]

    def assert_holds(self, orders: Iterable[Order]) -> None:
        """Each row of the orders once, in any order, with its managed cells; and managed cells in no other row."""
        head, *rows = self.grid()
        places = [head.index(CATALOGUE[key].label) for key in self.keys]
        system = head.index("Tabkeeper")
        wanted = rows_of(orders, self.keys)
        ours = [row for row in rows if parse(row[system])]
        assert sorted(tuple(row[place] for place in places) for row in ours) == sorted(wanted)
        assert len(set(self.identities())) == len(ours)

    def beside(self, header: str, key: str = "Order") -> dict[Any, Any]:
        """What people wrote in a column of theirs, by the key that stands in the same row."""
        return {row[0]: row[1] for row in self.rows(key, header) if row[1] != ""}


KEEP, MARK, DELETE = OnRemoved.KEEP, OnRemoved.MARK, OnRemoved.DELETE
