"""The calls of the Sheets API that a tab needs: within the quota, with time-outs, counted."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import msgspec
import structlog
from google.auth.credentials import Credentials

from backend.errors import UpstreamUnavailable
from backend.platforms.source import Pause
from jobs.sheets import workbook
from jobs.sheets.budget import Budget
from jobs.sheets.client import spreadsheets
from jobs.sheets.failures import BadCoordinates, QuotaExceeded, backoff_s, translated
from jobs.sheets.layout import Request
from jobs.sheets.transport import Transport
from jobs.sheets.verification import FIELDS, Afterwards, afterwards
from jobs.stopwatch import Stopwatch

log = structlog.get_logger()

MAX_READ_ATTEMPTS = 6
MAX_WRITE_ATTEMPTS = 8
"""Of a write that Google refuses for its quota: some two minutes, then the run rests at its checkpoint."""


class SheetsApi:
    """One spreadsheet, one credential. Counts what it sends; waits by `pause`, which may raise a LifecycleSignal."""

    def __init__(
        self,
        spreadsheet_id: str,
        *,
        credentials: Credentials,
        endpoint: str | None,
        timeout_s: float,
        budgets: tuple[Budget, Budget],
        stopwatch: Stopwatch,
        pause: Pause,
    ) -> None:
        self._id = spreadsheet_id
        self._transport = Transport(credentials, timeout_s=timeout_s)
        self._sheets = spreadsheets(self._transport, endpoint=endpoint)
        self._read_budget, self._write_budget = budgets
        self._stopwatch = stopwatch
        self._pause = pause
        self.reads = 0
        self.writes = 0

    @property
    def bytes_sent(self) -> int:
        return self._transport.bytes_sent

    def workbook(self) -> workbook.Workbook:
        answer = self._read(lambda: self._sheets.get(spreadsheetId=self._id, fields=workbook.FIELDS))
        return workbook.parse_workbook(answer)

    def columns(self, ranges: Sequence[str], *, formulas: bool = False) -> list[list[Any]]:
        """The values, or formulas, of each range, column by column or of one row; short where the rest is empty."""
        answer = self._read(
            lambda: self._sheets.values().batchGet(
                spreadsheetId=self._id,
                ranges=list(ranges),
                majorDimension="COLUMNS",
                valueRenderOption="FORMULA" if formulas else "UNFORMATTED_VALUE",
                fields="valueRanges.values",
            )
        )
        return [(found.get("values") or [[]]) for found in answer["valueRanges"]]

    def rows(self, ranges: Sequence[str]) -> list[list[list[Any]]]:
        """The unformatted values of each range, row by row; short where the rest is empty."""
        answer = self._read(
            lambda: self._sheets.values().batchGet(
                spreadsheetId=self._id,
                ranges=list(ranges),
                valueRenderOption="UNFORMATTED_VALUE",
                fields="valueRanges.values",
            )
        )
        return [found.get("values", []) for found in answer["valueRanges"]]

    def batch_update(
        self, requests_: Sequence[Request], *, hold: Callable[[], None], verify: Sequence[str] = ()
    ) -> Afterwards:
        """Carry the requests out, all or none, and answer what is in the verified ranges afterwards.

        `hold` is asked for the lease when all waiting is done, right before the requests are sent. Raises
        OutcomeUnclear when they may or may not have been applied, BadCoordinates when they were refused because the
        tab is no longer what was read. A 429 is definite: it waits as told and sends again, but not for ever.
        """
        body: dict[str, Any] = {"requests": list(requests_)}
        fields = "spreadsheetId"
        if verify:
            body |= {
                "includeSpreadsheetInResponse": True,
                "responseRanges": list(verify),
                "responseIncludeGridData": True,
            }
            fields = FIELDS
        attempt = 0
        while True:
            with self._stopwatch("encode"):
                text = msgspec.json.encode(body).decode()
                call = self._sheets.batchUpdate(spreadsheetId=self._id, body=cast("Any", text), fields=fields)
            self._write_budget.take(pause=self._wait)
            hold()
            try:
                with self._stopwatch("write"):
                    self.writes += 1
                    answer: Any = call.execute(num_retries=0)
                return afterwards(answer) if verify else Afterwards([], {})
            except Exception as error:
                failure = translated(error, writing=True)
                attempt += 1
                if not isinstance(failure, QuotaExceeded) or attempt == MAX_WRITE_ATTEMPTS:
                    raise failure from error
                self._hold_back(self._write_budget, failure, attempt)

    def rest(self, attempt: int) -> None:
        """Before something is tried again that did not come to its end: longer each time, not at all for 0 or less."""
        if attempt > 0:
            self._wait(backoff_s(attempt))

    def close(self) -> None:
        self._transport.close()

    def _read(self, make: Callable[[], Any]) -> Any:
        for attempt in range(1, MAX_READ_ATTEMPTS + 1):
            self._read_budget.take(pause=self._wait)
            try:
                with self._stopwatch("read"):
                    self.reads += 1
                    return msgspec.json.decode(make().execute(num_retries=0))
            except Exception as error:
                failure = translated(error, writing=False)
                if isinstance(failure, BadCoordinates) or not failure.retriable or attempt == MAX_READ_ATTEMPTS:
                    raise failure from error
                if isinstance(failure, QuotaExceeded):
                    self._hold_back(self._read_budget, failure, attempt)
                else:
                    log.warning("sheets_read_failed", code=failure.code, attempt=attempt)
                    self._wait(backoff_s(attempt))
        raise UpstreamUnavailable

    @staticmethod
    def _hold_back(budget: Budget, failure: QuotaExceeded, attempt: int) -> None:
        """The next call waits for its budget, as do those of all jobs that share it."""
        wait_s = failure.retry_after_s or backoff_s(attempt)
        log.warning("sheets_quota_exceeded", wait_s=round(wait_s, 1), attempt=attempt)
        budget.refuse(for_s=wait_s, whole_project=failure.whole_project)

    def _wait(self, seconds: float) -> None:
        with self._stopwatch("wait"):
            self._pause(seconds)
