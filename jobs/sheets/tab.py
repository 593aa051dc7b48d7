"""One tab: read what stands, write a batch, verify it, and start over from reading whenever that is not certain."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

import structlog

from backend.automations.model import Automation, Column
from backend.errors import TabGone, TabOccupied, UpstreamUnavailable, WorkbookFull
from backend.platforms.field import Catalogue
from jobs.export.batch import MAX_BYTES, halves
from jobs.export.rows import OrderRows, Row, key_column
from jobs.sheets import layout as layouts
from jobs.sheets import requests as wire
from jobs.sheets import strays
from jobs.sheets.api import SheetsApi
from jobs.sheets.comparison import Difference, differences
from jobs.sheets.failures import BadCoordinates, OutcomeUnclear
from jobs.sheets.index import TabIndex
from jobs.sheets.layout import Layout, Wanted
from jobs.sheets.plan import Plan, apply, make_plan
from jobs.sheets.shown import shown_cells
from jobs.sheets.system_cell import content_of
from jobs.sheets.workbook import MAX_CELLS, SYSTEM, Tab, Workbook, columns_of, quoted
from jobs.stopwatch import Stopwatch

log = structlog.get_logger()

CHUNK_ROWS = 50_000
"""Rows of the index that are read in one call: bounds the memory that one answer takes."""
WHOLE_COLUMN_ROWS = 10_000
"""Up to this many rows a write is verified by the whole system column; above, by what it touched and an audit."""
LOOKED_AT_ROWS = 100
"""Of a tab that a merchant chose: this far down it must be empty."""
MAX_TRIES = 8


@dataclass(slots=True)
class Outcome:
    """Rows by what became of them; a row that is written again after an unclear outcome is counted once."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    older: int = 0
    cut: int = 0

    def add(self, other: "Outcome") -> "Outcome":
        return Outcome(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


class ManagedTab:
    """The tab of one automation. `hold` makes sure of the lane's lease before each write, or raises LeaseLost.

    A `dry` one writes nothing, whatever it is asked to do: it is opened, and previews.
    """

    def __init__(
        self,
        automation: Automation,
        catalogue: Catalogue,
        *,
        api: SheetsApi,
        stopwatch: Stopwatch,
        hold: Callable[[], None],
        dry: bool = False,
    ) -> None:
        configuration = automation.configuration
        self._automation = automation
        self._wanted = Wanted(
            automation_id=automation.id,
            columns=configuration.columns,
            key=configuration.columns.index(key_column(configuration.columns, catalogue)),
            laid_out=automation.progress.laid_out,
            on_removed=configuration.on_removed,
        )
        self._api = api
        self._stopwatch = stopwatch
        self._hold = hold
        self._dry = dry
        self._workbook: Workbook
        self._tab: Tab
        self._layout: Layout
        self._grid_rows = 0
        self._standing: list[int | None] = []
        """Where each column of the automation was found; None for one that is yet to be made."""
        self._expected: set[int] | None = None
        self._unaudited = False
        known = automation.progress.laid_out
        self._unfilled = {column.key for column in configuration.columns if known and column.key not in known}
        self.index = TabIndex()
        self.disturbed = False
        """A person changed the tab under a write, so that rows may have been lost: everything is to be looked at."""

    @property
    def zone(self) -> tzinfo:
        return self._workbook.zone

    @property
    def laid_out(self) -> dict[str, Column]:
        """The columns that stand, but for those whose rows are yet to be filled."""
        return {column.key: column for column in self._wanted.columns if column.key not in self._unfilled}

    @property
    def unfilled(self) -> bool:
        """Whether a person added a column again that had been deleted: every row is to be written anew."""
        return bool(self._unfilled)

    def open(self, *, rows_to_come: int = 0) -> None:
        """Find the tab, or make it; find its columns, or add them; read its index. Nothing is written that stands.

        A tab in which nothing of ours stands yet gets its columns only where so many rows will fit as well.
        """
        for attempt in range(1, MAX_TRIES + 1):
            try:
                if self._open_once(rows_to_come):
                    return
            except (OutcomeUnclear, BadCoordinates) as error:
                log.warning("tab_opening_repeated", code=error.code, detail=error.detail, attempt=attempt)
        raise UpstreamUnavailable("The tab could not be prepared; it is being changed by somebody else.")

    def ensure_room(self, *, rows: int) -> None:
        """Raises WorkbookFull when so many more rows would not fit into the spreadsheet."""
        ours = (self._grid_rows + max(0, rows)) * self._tab.column_count
        if self._workbook.cells_beside(self._tab.sheet_id) + ours > MAX_CELLS:
            raise WorkbookFull

    def write(self, orders: Sequence[OrderRows]) -> Outcome:
        """Bring the orders' rows into the tab and see that they stand. Nothing is sent when they stand already."""
        outcome: Outcome | None = None
        for _ in range(MAX_TRIES):
            with self._stopwatch("plan"):
                plan = make_plan(self.index, orders)
                too_large = wire.size_bytes(plan, self._layout) > MAX_BYTES
            if too_large and (parts := halves(orders)):
                first, second = parts
                return self.write(first).add(self.write(second))
            outcome = outcome or _outcome(plan)
            if plan.empty or self._carry_out(plan):
                return outcome
            self._look_again()
        raise UpstreamUnavailable("The tab is being changed faster than rows can be written.")

    def doubt_what_differs(self, orders: Sequence[OrderRows]) -> None:
        """Compare every managed cell of the orders' rows with what it should hold; the next write mends the rest."""
        wanted = dict(self._rows_standing(orders))
        for position, shown in shown_cells(self._api, self._tab, self._standing, sorted(wanted)).items():
            if any(differences(wanted[position], shown)):
                self.index.replace(position, replace(self.index[position], content=0))

    def preview(self, orders: Sequence[OrderRows], *, room: int) -> tuple[Outcome, list[tuple[str, Difference]]]:
        """What `write` would do, and the first cells of it with the key of their order; nothing is written."""
        with self._stopwatch("plan"):
            plan = make_plan(self.index, orders)
        changes: list[tuple[str, Difference]] = []
        if room:
            touched: list[tuple[int | None, Row | None]] = [
                *plan.updates.items(),
                *((position, None) for position in sorted(plan.deletes | plan.clears)),
                *((None, row) for rows in plan.inserts.values() for row in rows),
            ][:room]
            positions = sorted(position for position, _ in touched if position is not None)
            standing = shown_cells(self._api, self._tab, self._standing, positions)
            blank = [""] * len(self._wanted.columns)
            for position, row in touched:
                shown = blank if position is None else standing[position]
                key = row.key if row else str(shown[self._wanted.key])
                changes += [(key, difference) for difference in differences(row, shown)]
        return _outcome(plan), changes[:room]

    def _rows_standing(self, orders: Sequence[OrderRows]) -> Iterator[tuple[int, Row]]:
        """The rows of the orders that are in the tab, with their positions."""
        for order in orders:
            rows = {row.line_hash: row for row in order.rows}
            for position in self.index.positions(order.order_hash):
                if row := rows.get(self.index[position].line):
                    yield position, row

    def audit(self) -> bool:
        """Whether the tab holds, row by row, what was written; reads only where the writes have not shown it."""
        if not self._unaudited:
            return True
        for first in range(0, len(self.index), CHUNK_ROWS):
            if not self._audit_chunk(first, min(first + CHUNK_ROWS, len(self.index))):
                self.disturbed = True
                return False
        self._unaudited = False
        return True

    def _audit_chunk(self, first: int, end: int) -> bool:
        try:
            (column,) = self._api.columns([self._range(first, end)])
        except BadCoordinates:  # the tab was renamed, or made shorter
            return False
        return self._holds(first, end, column[0])

    def _open_once(self, rows_to_come: int) -> bool:
        """False when columns were changed, so that everything is to be read where it is now."""
        self._workbook = self._api.workbook()
        tab = self._workbook.tab(self._automation.sheet_id)
        if tab is None:
            self._make(rows_to_come)
        elif not tab.columns_of(self._automation.id) and not self._wanted.laid_out:
            self._occupy(tab, rows_to_come)
        else:
            return self._take_up(tab)
        return True

    def _make(self, rows_to_come: int) -> None:
        """Only a tab that was never there is made; one that a merchant chose, or that once stood, was deleted."""
        destination = self._automation.configuration.destination
        if destination.sheet_id is not None:
            raise TabGone("The tab was deleted. Choose another one.")
        if self._wanted.laid_out:
            raise TabGone
        title = self._workbook.free_title(destination.title)
        self._layout, requests = layouts.new_tab(self._automation.sheet_id, title, self._wanted)
        self._adopt(Tab(self._automation.sheet_id, title, 2, len(self._wanted.columns) + 1, {}))
        self.ensure_room(rows=rows_to_come)
        self._send(requests)

    def _occupy(self, tab: Tab, rows_to_come: int) -> None:
        whole = f"{quoted(tab.title)}!1:{LOOKED_AT_ROWS}"
        (columns,) = self._api.columns([whole])
        if any(columns):
            raise TabOccupied
        self._layout, requests = layouts.blank_layout(tab.sheet_id, self._wanted)
        needed = len(self._wanted.columns) + 1
        self._adopt(replace(tab, column_count=max(tab.column_count, needed)))
        missing = needed - tab.column_count
        if missing > 0:
            requests = [layouts.append_columns(tab.sheet_id, missing), *requests]
        layouts.ensure_writable(self._tab, [*self._layout.positions, self._layout.system])
        self.ensure_room(rows=rows_to_come)
        self._send([*requests, layouts.freeze_header(tab.sheet_id)])

    def _take_up(self, tab: Tab) -> bool:
        """One call reads the header row and the first, mostly the only chunk of the index."""
        self._adopt(tab)
        marked = tab.columns_of(self._automation.id)
        key = self._wanted.columns[self._wanted.key].key
        places = [marked[SYSTEM], marked[key]] if SYSTEM in marked and key in marked else []
        headers, *chunk = self._api.columns([self._header_row, *self._chunk(0, places)])
        found = layouts.found_columns(tab, self._wanted, [column[0] if column else "" for column in headers])
        self._unfilled = {column for column in found if column in self._unfilled or column not in marked}
        self._layout, requests = layouts.lay_out(tab, self._wanted, found)
        kept = {SYSTEM, *(column.key for column in self._wanted.columns)}
        layouts.ensure_writable(tab, [place for key, place in found.items() if key in kept])
        self._standing = [found.get(column.key) for column in self._wanted.columns]
        if requests and not self._dry:
            self._send(requests)
            self._wanted = replace(self._wanted, laid_out={column.key: column for column in self._wanted.columns})
            return False
        read = places or [found[key]] if key in found else []
        for first in range(0, tab.row_count - wire.HEADER_ROWS if read else 0, CHUNK_ROWS):
            values = chunk if chunk and first == 0 else self._api.columns(self._chunk(first, read))
            *system_column, shown = (column[0] for column in values)
            system = system_column[0] if system_column else []  # of a dry run alone: one that would be made again
            height = max(len(system), len(shown))
            pad = [None] * height
            if height:
                self.index.pad(first)
            self.index.read([*system, *pad][:height], [*shown, *pad][:height])
        if self._unfilled:
            self.index.doubt()
        return True

    def _chunk(self, first: int, places: Sequence[int]) -> list[str]:
        end = min(first + CHUNK_ROWS, self._tab.row_count - wire.HEADER_ROWS)
        if first >= end:  # a person left nothing but the header
            return []
        return [self._tab.range(first + wire.HEADER_ROWS, end + wire.HEADER_ROWS, column) for column in places]

    def _adopt(self, tab: Tab) -> None:
        self._tab = tab
        self._grid_rows = tab.row_count
        self._standing = []
        self.index = TabIndex()
        self._unaudited = False

    def _send(self, requests: Sequence[layouts.Request]) -> None:
        if requests and not self._dry:
            self._api.batch_update(requests, hold=self._hold)

    def _carry_out(self, plan: Plan) -> bool:
        """One write. False when it is not certain that the tab now is what the index says."""
        self.ensure_room(rows=plan.added - len(plan.deletes))
        with self._stopwatch("plan"):
            requests = wire.to_requests(plan, self._layout, grid_rows=self._grid_rows)
            before = self.index.checksum
            apply(plan, self.index)
            after = self.index.checksum
        length = len(self.index)
        whole = length <= WHOLE_COLUMN_ROWS
        looked_at = [(0, length)] if whole else wire.ranges(wire.touched(plan), length=length)
        try:
            afterwards = self._api.batch_update(
                requests, hold=self._hold, verify=[self._header_row, *(self._range(*place) for place in looked_at)]
            )
            moved = self._moved_columns(afterwards.marked_columns)
            if moved is not None:
                self._put_right(plan, moved)
        except (OutcomeUnclear, BadCoordinates) as error:
            log.warning("batch_outcome_unclear", code=error.code, detail=error.detail)
            self._expected = {before, after}
            return False
        self._grid_rows = max(self._grid_rows + plan.added - len(plan.deletes), length + wire.HEADER_ROWS + 1)
        self._unaudited = self._unaudited or not whole
        texts = afterwards.texts[1:]
        if (
            moved is None
            and len(texts) == len(looked_at)
            and all(self._holds(first, end, found) for (first, end), found in zip(looked_at, texts, strict=True))
        ):
            return True
        log.warning("tab_changed_under_write", rows=plan.added + len(plan.updates))
        self._expected = {after}
        return False

    def _moved_columns(self, marked: Mapping[str, int]) -> dict[str, int] | None:
        """Where our columns stand by now, when the layout has them elsewhere. An answer without marks tells nothing."""
        columns = columns_of(self._automation.id, marked)
        known = {column.key: place for column, place in zip(self._layout.columns, self._layout.positions, strict=True)}
        return columns if columns and columns != {SYSTEM: self._layout.system, **known} else None

    def _put_right(self, plan: Plan, columns: Mapping[str, int]) -> None:
        """Take what landed in columns that are not ours to where it belongs. Any number of times is as good as once."""
        log.warning("columns_moved_under_write", rows=plan.added + len(plan.updates))
        requests = strays.to_requests(plan, self._layout, columns)
        for attempt in range(1, MAX_TRIES + 1):
            try:
                self._send(requests)
            except OutcomeUnclear:
                if attempt == MAX_TRIES:
                    raise
            else:
                return

    def _look_again(self) -> None:
        """Read the tab anew; where rows are missing that should be there, the whole source is to be gone through."""
        expected, self._expected = self._expected, None
        self.open()
        self._unaudited = True  # what was unclear may be applied yet, and who edits may do so again
        if expected is not None and self.index.checksum not in expected:
            self.disturbed = True

    @property
    def _header_row(self) -> str:
        return f"{quoted(self._tab.title)}!1:1"

    def _range(self, first: int, end: int) -> str:
        """Those rows of the system column; to the end of the grid where the index ends."""
        end_row = end + wire.HEADER_ROWS if end < len(self.index) else None
        return self._tab.range(first + wire.HEADER_ROWS, end_row, self._layout.system)

    def _holds(self, first: int, end: int, texts: Sequence[object]) -> bool:
        """Whether the system cells of [first, end) are those of the index, and below them none is ours.

        Trailing empty cells were not sent.
        """
        found = [content_of(text) for text in texts]
        missing = max(0, end - first - len(found))
        return not any(found[end - first :]) and self.index.agrees(first, found[: end - first] + [0] * missing)


def _outcome(plan: Plan) -> Outcome:
    written = [*plan.updates.values(), *(row for rows in plan.inserts.values() for row in rows)]
    return Outcome(
        added=plan.added,
        updated=len(plan.updates),
        unchanged=plan.unchanged,
        removed=plan.removed,
        older=plan.older,
        cut=sum(row.cut_cells for row in written),
    )
