"""Opening a tab: it is found, or made; its columns are found, or added; its index is read."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from backend.automations.model import Automation, Column
from backend.errors import ChosenTabGone, TabGone, TabOccupied, UpstreamUnavailable
from backend.platforms.field import Catalogue
from jobs.export.rows import key_column
from jobs.sheets import layout as layouts
from jobs.sheets.api import SheetsApi
from jobs.sheets.failures import BadCoordinates, OutcomeUnclear
from jobs.sheets.formula_columns import formula_columns
from jobs.sheets.index import TabIndex
from jobs.sheets.layout import Wanted
from jobs.sheets.open_tab import OpenTab
from jobs.sheets.requests import HEADER_ROWS
from jobs.sheets.workbook import SYSTEM, Tab, Workbook, quoted

log = structlog.get_logger()

CHUNK_ROWS = 50_000
"""Rows of the index that are read in one call: bounds the memory that one answer takes."""
LOOKED_AT_ROWS = 100
"""Of a tab that a merchant chose: this far down it must be empty."""
MAX_TRIES = 8


class Opening:
    """Opens the tab of one automation, as often as it is to be read anew."""

    def __init__(
        self, automation: Automation, catalogue: Catalogue, *, api: SheetsApi, hold: Callable[[], None]
    ) -> None:
        configuration = automation.configuration
        known = automation.progress.laid_out
        self._automation = automation
        self.wanted = Wanted(
            automation_id=automation.id,
            columns=configuration.columns,
            key=configuration.columns.index(key_column(configuration.columns, catalogue)),
            laid_out=known,
            on_removed=configuration.on_removed,
        )
        self.unfilled = {column.key for column in configuration.columns if known and column.key not in known}
        """Columns that were added, by us or again by a person, while their rows are yet to be filled."""
        self._api = api
        self._hold = hold

    @property
    def laid_out(self) -> dict[str, Column]:
        """The columns that stand, but for those that are yet to be filled."""
        return {column.key: column for column in self.wanted.columns if column.key not in self.unfilled}

    def open(self, *, rows_to_come: int, dry: bool) -> OpenTab:
        """Nothing is written that stands, nothing at all when `dry`. Columns are made only where so many rows, all in
        all, will fit as well.
        """
        for attempt in range(1, MAX_TRIES + 1):
            try:
                opened = self._open_once(rows_to_come, dry=dry)
            except (OutcomeUnclear, BadCoordinates) as error:
                log.warning("tab_opening_repeated", code=error.code, detail=error.detail, attempt=attempt)
                self._api.rest(attempt - 1)
            else:
                if opened:
                    return opened
        raise UpstreamUnavailable("The tab could not be prepared; it is being changed by somebody else.")

    def _open_once(self, rows_to_come: int, *, dry: bool) -> OpenTab | None:
        """None when columns were changed, so that everything is to be read where it is now."""
        workbook = self._api.workbook()
        tab = workbook.tab(self._automation.sheet_id)
        if tab is None:
            return self._make(workbook, rows_to_come, dry=dry)
        if not tab.columns_of(self._automation.id) and not self.wanted.laid_out:
            return self._occupy(workbook, tab, rows_to_come, dry=dry)
        return self._take_up(workbook, tab, rows_to_come, dry=dry)

    def _make(self, workbook: Workbook, rows_to_come: int, *, dry: bool) -> OpenTab:
        """Only a tab that was never there is made; one that a merchant chose, or that once stood, was deleted."""
        destination = self._automation.configuration.destination
        if destination.sheet_id is not None:
            raise ChosenTabGone
        if self.wanted.laid_out:
            raise TabGone
        title = workbook.free_title(destination.title)
        layout, requests = layouts.new_tab(self._automation.sheet_id, title, self.wanted)
        tab = Tab(self._automation.sheet_id, title, 2, len(self.wanted.columns) + 1, {})
        opened = OpenTab(workbook, tab, layout, tab.row_count)
        opened.ensure_room(rows=rows_to_come)
        if not dry:
            self._send(requests)
        return opened

    def _occupy(self, workbook: Workbook, tab: Tab, rows_to_come: int, *, dry: bool) -> OpenTab:
        whole = f"{quoted(tab.title)}!1:{LOOKED_AT_ROWS}"
        (columns,) = self._api.columns([whole])
        if any(columns):
            raise TabOccupied
        layout, requests = layouts.blank_layout(tab.sheet_id, self.wanted)
        needed = len(self.wanted.columns) + 1
        opened = OpenTab(workbook, replace(tab, column_count=max(tab.column_count, needed)), layout, tab.row_count)
        if needed > tab.column_count:
            requests = [layouts.append_columns(tab.sheet_id, needed - tab.column_count), *requests]
        layouts.ensure_writable(tab, [*layout.positions, layout.system])
        opened.ensure_room(rows=rows_to_come)
        if not dry:
            self._send([*requests, layouts.freeze_header(tab.sheet_id)])
        return opened

    def _take_up(self, workbook: Workbook, tab: Tab, rows_to_come: int, *, dry: bool) -> OpenTab | None:
        """One call reads the header row and the first, mostly the only chunk of the index."""
        marked = tab.columns_of(self._automation.id)
        key = self.wanted.columns[self.wanted.key].key
        places = [marked[SYSTEM], marked[key]] if SYSTEM in marked and key in marked else []
        headers, *chunk = self._api.columns([f"{quoted(tab.title)}!1:1", *_chunk(tab, 0, places)])
        found = layouts.found_columns(tab, self.wanted, [column[0] if column else "" for column in headers])
        self.unfilled |= found.keys() - marked.keys() - {SYSTEM}
        layout, requests = layouts.lay_out(tab, self.wanted, found)
        kept = {SYSTEM, *(column.key for column in self.wanted.columns)}
        layouts.ensure_writable(tab, [place for column, place in found.items() if column in kept])
        if requests and not dry:
            inserted = sum("insertDimension" in request for request in requests)
            wider = replace(tab, column_count=tab.column_count + inserted)
            more_rows = rows_to_come - (tab.row_count - HEADER_ROWS)
            OpenTab(workbook, wider, layout, tab.row_count).ensure_room(rows=more_rows)
            self._send(requests)
            self.wanted = replace(self.wanted, laid_out={column.key: column for column in self.wanted.columns})
            return None
        columns = [found.get(column.key) for column in self.wanted.columns]
        opened = OpenTab(workbook, tab, layout, tab.row_count, places=columns, system_place=found.get(SYSTEM))
        read = places or [found[key]] if key in found else []
        for first in range(0, tab.row_count - HEADER_ROWS if read else 0, CHUNK_ROWS):
            values = chunk if chunk and first == 0 else self._api.columns(_chunk(tab, first, read))
            *system, shown = (column[0] for column in values)
            # without a system column, as a dry run may find a tab, rows are known by their visible key alone
            _index_chunk(opened.index, first, system[0] if system else [], shown)
        if self.unfilled:
            for position in range(len(opened.index)):
                opened.index.doubt(position)
        opened.layout = replace(layout, strikes=layout.strikes or opened.index.any_struck)
        if self._automation.configuration.fill_down and not dry:
            found_formulas = formula_columns(self._api, tab, layout, opened.index)
            opened.layout = replace(opened.layout, formula_columns=found_formulas)
        return opened

    def _send(self, requests: Sequence[layouts.Request]) -> None:
        self._api.batch_update(requests, hold=self._hold)


def _chunk(tab: Tab, first: int, places: Sequence[int]) -> list[str]:
    end = min(first + CHUNK_ROWS, tab.row_count - HEADER_ROWS)
    if first >= end:  # a person left nothing but the header
        return []
    return [tab.range(first + HEADER_ROWS, end + HEADER_ROWS, column) for column in places]


def _index_chunk(index: TabIndex, first: int, system: Sequence[object], shown: Sequence[object]) -> None:
    """Sheets leaves trailing empty cells out, of each column by itself and of a chunk."""
    height = max(len(system), len(shown))
    blank = [None] * height
    if height:
        index.pad(first)
    index.read([*system, *blank][:height], [*shown, *blank][:height])
