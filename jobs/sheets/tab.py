"""One tab: read what stands, write a batch, verify it, and start over from reading whenever that is not certain."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import tzinfo

import structlog

from backend.automations.model import Automation, Column, LongText
from backend.errors import UpstreamUnavailable
from backend.platforms.field import Catalogue
from jobs.export.batch import MAX_BYTES, halves
from jobs.export.rows import OrderRows
from jobs.sheets import fill_down, gone, strays
from jobs.sheets import requests as wire
from jobs.sheets.api import SheetsApi
from jobs.sheets.comparison import Difference
from jobs.sheets.failures import BadCoordinates, OutcomeUnclear
from jobs.sheets.index import TabIndex
from jobs.sheets.layout import Request
from jobs.sheets.long_text import ensure_none_is_cut
from jobs.sheets.open_tab import OpenTab
from jobs.sheets.opening import CHUNK_ROWS, Opening
from jobs.sheets.outcome import Outcome
from jobs.sheets.plan import Plan, apply, make_plan
from jobs.sheets.standing import Standing
from jobs.sheets.workbook import columns_of
from jobs.stopwatch import Stopwatch

log = structlog.get_logger()

WHOLE_COLUMN_ROWS = 10_000
MAX_TRIES = 8


class ManagedTab:
    """The tab of one automation. `hold` makes sure of the lane's lease before each write, or raises LeaseLost.

    Opened `dry` it has nothing written to it, not even its columns: it previews.

    Up to `whole_rows` rows a write is verified by the whole system column; above, by what it touched and an audit. One
    that adds rows before the last one goes by a quarter of that: a first export would be told its rows again and again.
    """

    def __init__(
        self,
        automation: Automation,
        catalogue: Catalogue,
        *,
        api: SheetsApi,
        stopwatch: Stopwatch,
        hold: Callable[[], None],
        whole_rows: int = WHOLE_COLUMN_ROWS,
    ) -> None:
        self._automation_id = automation.id
        self._opening = Opening(automation, catalogue, api=api, hold=hold)
        self._refuses_long_text = automation.configuration.long_text is LongText.REFUSE
        self._api = api
        self._stopwatch = stopwatch
        self._hold = hold
        self._whole_rows = whole_rows
        self._at: OpenTab
        self._standing: Standing
        self._expected: set[int] | None = None
        self._unseen = False
        """Rows were written since all of them were last looked at."""
        self._doubtful = False
        """It was once unclear what had been written: more may come, from Google or from whoever edits."""
        self._unclear: dict[str, int] | None = None
        """Where the columns stood for a write whose outcome is unclear; it may arrive as long as the run lasts."""
        self.disturbed = False
        """A person changed the tab under a write, so that rows may have been lost: everything is to be looked at."""
        self.misplaced = False
        """A write whose outcome is unclear may have gone to columns that had been moved: so is every managed cell."""

    @property
    def zone(self) -> tzinfo:
        return self._at.workbook.zone

    @property
    def index(self) -> TabIndex:
        return self._at.index

    @property
    def laid_out(self) -> dict[str, Column]:
        """The columns that stand, but for those whose rows are yet to be filled."""
        return self._opening.laid_out

    @property
    def unfilled(self) -> Collection[str]:
        """The columns that stand but are yet to be filled: every row is to be written anew."""
        return self._opening.unfilled

    def open(self, *, rows_to_come: int = 0, dry: bool = False) -> None:
        """Read the tab, and see to its columns first; see `Opening.open`."""
        self._at = self._opening.open(rows_to_come=rows_to_come, dry=dry)
        self._standing = Standing(self._api, self._at)
        self._unseen = self._doubtful = False

    def close(self) -> None:
        self._api.close()

    def ensure_room(self, *, rows: int) -> None:
        """Raises WorkbookFull when so many more rows would not fit into the spreadsheet."""
        self._at.ensure_room(rows=rows)

    def write(self, orders: Sequence[OrderRows], *, last: bool = False) -> Outcome:
        """Bring the orders' rows into the tab and see that they stand. Nothing is sent when they stand already.

        The `last` of several writes looks at the whole tab, so that an audit need not.
        """
        self.ensure_none_is_refused(orders)
        outcome: Outcome | None = None
        for attempt in range(MAX_TRIES):
            self._api.rest(attempt - 1)
            known = self._with_rows_of_gone(orders)
            if known is None:
                self._look_again()
                continue
            with self._stopwatch("plan"):
                plan = make_plan(self.index, known)
                requests = wire.to_requests(plan, self._at.layout, grid_rows=self._at.grid_rows)
                too_large = wire.size_bytes(requests) + fill_down.size_bytes(plan, self._at.layout) > MAX_BYTES
            if too_large and (parts := halves(orders)):
                first, second = parts
                return self.write(first).add(self.write(second, last=last))
            outcome = outcome or Outcome.of(plan)
            if plan.empty or self._carry_out(plan, requests, last=last):
                return outcome
            self._look_again()
        raise UpstreamUnavailable("The tab is being changed faster than rows can be written.")

    def ensure_none_is_refused(self, orders: Sequence[OrderRows]) -> None:
        """Raises TextTooLong where a text would have to be cut and the automation refuses that."""
        if self._refuses_long_text:
            ensure_none_is_cut(orders, self.index, self._at.layout.columns)

    def doubt_what_differs(self, orders: Sequence[OrderRows]) -> None:
        """Compare every managed cell of the orders' rows with what it should hold; the next write mends the rest."""
        for position in self._standing.differing(orders):
            self.index.doubt(position)

    def preview(self, orders: Sequence[OrderRows], *, room: int) -> tuple[Outcome, list[tuple[str, Difference]]]:
        """What `write` would do, and the first cells of it with the key of their order; nothing is written."""
        self.ensure_none_is_refused(orders)
        known = self._with_rows_of_gone(orders)
        with self._stopwatch("plan"):
            plan = make_plan(self.index, orders if known is None else known)
        return Outcome.of(plan), self._standing.changes(plan, room=room)

    def orders_beside(self, orders: Iterable[int]) -> list[str]:
        """See `Standing.orders_beside`."""
        return self._standing.orders_beside(orders)

    def _with_rows_of_gone(self, orders: Sequence[OrderRows]) -> Sequence[OrderRows] | None:
        """None when the tab is no longer what the index says."""
        try:
            known = gone.with_rows(orders, self.index, self._standing.rows, key=self._at.layout.key)
        except BadCoordinates:
            known = None
        if known is None:
            self._expected = {self.index.checksum}
        return known

    def audit(self) -> bool:
        """Whether the tab holds, row by row, what was written; reads only where the writes have not shown it."""
        if not (self._unseen or self._doubtful):
            return True
        if self._unclear is not None:
            tab = self._api.workbook().tab(self._at.tab.sheet_id)
            if self._were_moved(tab.columns_of(self._automation_id) if tab else {}):
                return False
        for first in range(0, len(self.index), CHUNK_ROWS):
            if not self._audit_chunk(first, min(first + CHUNK_ROWS, len(self.index))):
                self.disturbed = True
                return False
        self._unseen = self._doubtful = False
        return True

    def _audit_chunk(self, first: int, end: int) -> bool:
        try:
            (column,) = self._api.columns([self._at.system_range(first, end)])
        except BadCoordinates:  # the tab was renamed, or made shorter
            return False
        return self._at.holds(first, end, column[0])

    def _carry_out(self, plan: Plan, requests: Sequence[Request], *, last: bool) -> bool:
        """One write. False when it is not certain that the tab now is what the index says."""
        self.ensure_room(rows=plan.added - len(plan.deletes))
        with self._stopwatch("plan"):
            before = self.index.checksum
            apply(plan, self.index)
            after = self.index.checksum
            filling = fill_down.to_requests(plan, self._at.layout, self.index)
        length = len(self.index)
        whole = length <= (self._whole_rows // 4 if plan.inserts and not last else self._whole_rows)
        looked_at = [(0, length)] if whole else wire.ranges(wire.touched(plan), length=length)
        try:
            afterwards = self._api.batch_update(
                [*requests, *filling],
                hold=self._hold,
                verify=[self._at.header_row, *(self._at.system_range(*place) for place in looked_at)],
            )
            moved = self._moved_columns(afterwards.marked_columns)
            if moved is not None:
                self._put_right(plan, moved)
        except (OutcomeUnclear, BadCoordinates) as error:
            if isinstance(error, OutcomeUnclear):
                self._unclear = self._unclear or self._at.layout.places
            log.warning("batch_outcome_unclear", code=error.code, detail=error.detail)
            self._expected = {before, after}
            return False
        self._at.grid_rows = max(self._at.grid_rows + plan.added - len(plan.deletes), length + wire.HEADER_ROWS + 1)
        self._unseen = not whole
        texts = afterwards.texts[1:]
        if (
            moved is None
            and len(texts) == len(looked_at)
            and all(self._at.holds(first, end, found) for (first, end), found in zip(looked_at, texts, strict=True))
        ):
            return True
        log.warning("tab_changed_under_write", rows=plan.added + len(plan.updates))
        self._expected = {after}
        return False

    def _moved_columns(self, marked: Mapping[str, int]) -> dict[str, int] | None:
        """Where our columns stand by now, when the layout has them elsewhere. An answer without marks tells nothing."""
        columns = columns_of(self._automation_id, marked)
        return columns if columns and columns != self._at.layout.places else None

    def _were_moved(self, columns: Mapping[str, int]) -> bool:
        """Whether a write of unclear outcome may have landed beside the columns that it was for."""
        moved = self._unclear is not None and self._unclear != columns
        if moved:
            self._unclear, self.disturbed, self.misplaced = None, True, True
        return moved

    def _put_right(self, plan: Plan, columns: Mapping[str, int]) -> None:
        """Take what landed in columns that are not ours to where it belongs. Any number of times is as good as once."""
        log.warning("columns_moved_under_write", rows=plan.added + len(plan.updates))
        requests = strays.to_requests(plan, self._at.layout, columns)
        for attempt in range(1, MAX_TRIES + 1):
            try:
                self._api.batch_update(requests, hold=self._hold)
            except OutcomeUnclear:
                if attempt == MAX_TRIES:
                    raise
            else:
                return

    def _look_again(self) -> None:
        """Read the tab anew; where rows are missing that should be there, the whole source is to be gone through."""
        expected, self._expected = self._expected, None
        self.open()
        self._doubtful = True
        self._were_moved(self._at.layout.places)
        if expected is not None and self.index.checksum not in expected:
            self.disturbed = True
