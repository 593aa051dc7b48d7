"""A run of an export: source → rows → batches → tab, each batch written, verified and checkpointed in that order."""

from collections.abc import Iterator
from datetime import UTC, datetime

import structlog

from backend.automations.model import Automation, LongText, Progress
from backend.automations.repository import AutomationRepository
from backend.errors import UpstreamUnavailable
from backend.platforms.field import Catalogue
from backend.runs.model import MAX_CHANGES, Change, Run, RunCheckpoint, RunKind
from jobs.export.batch import Batch
from jobs.export.journal import Journal
from jobs.export.orders import Orders
from jobs.export.terms import Terms, terms_of
from jobs.sheets.outcome import Outcome
from jobs.sheets.tab import ManagedTab
from jobs.stop import Stop

log = structlog.get_logger()

MAX_REPEATS = 3


class Export:
    """One attempt at one run, which is that of the `journal`."""

    def __init__(
        self,
        automation: Automation,
        catalogue: Catalogue,
        *,
        orders: Orders,
        tab: ManagedTab,
        journal: Journal,
        automations: AutomationRepository,
        stop: Stop,
    ) -> None:
        self._automation = automation
        self._catalogue = catalogue
        self._orders = orders
        self._tab = tab
        self._journal = journal
        self._automations = automations
        self._stop = stop

    @property
    def run(self) -> Run:
        return self._journal.run

    def carry_out(self) -> None:
        """Until the tab holds what the source says. Raises what stops it; the checkpoint is then good as it is."""
        try:
            if self.run.kind is RunKind.DRY:
                self._preview()
            else:
                self._write()
            self._journal.see(rows=self._tab.index.rows)
        finally:
            self._journal.settle()

    def close(self) -> None:
        self._orders.close()
        self._tab.close()

    def _preview(self) -> None:
        """What a sync would do. Goes through it from the start at each attempt, since nothing of it is kept."""
        terms = self._open(dry=True)
        self._journal.begin(terms.beginning)
        self._expect()
        for batch in self._orders.batches(terms.beginning, terms.maker):
            self._look_at(batch)
        for batch in self._absent(terms):
            self._look_at(batch, again=True)

    def _look_at(self, batch: Batch, *, again: bool = False) -> None:
        outcome, cells = self._tab.preview(batch.orders, room=MAX_CHANGES - len(self.run.changes))
        headers = [column.header for column in self._automation.configuration.columns]
        self._journal.tell(
            Change(order=key, column=headers[cell.column], before=cell.before, after=cell.after) for key, cell in cells
        )
        self._journal.count(batch, outcome, again=again)
        self._record(self._journal.checkpoint)

    def _write(self) -> None:
        if self.run.checkpoint is None and self._automation.configuration.long_text is LongText.REFUSE:
            self._look_for_long_texts()
        standing = self._automation.progress.laid_out.keys()
        widened = any(column.key not in standing for column in self._automation.configuration.columns)
        expected = self._expect() if widened else None
        terms = self._open(rows_to_come=expected or 0)
        self._remember(terms, newest_ms=0, complete=False)
        if self._journal.checkpoint.fingerprint != terms.beginning.fingerprint:
            self._journal.begin(terms.beginning)
        if expected is None:
            expected = self._expect()
        self._tab.ensure_room(rows=expected - len(self._tab.index))
        self._mend(terms)
        self._pass(terms)
        while not self._tab.audit() or self._tab.disturbed or self._journal.checkpoint.disturbed:
            self._begin_anew()
            self._pass(terms)
        checkpoint = self._journal.checkpoint
        self._remember(terms, newest_ms=0 if checkpoint.named else checkpoint.newest_ms, complete=True)

    def _look_for_long_texts(self) -> None:
        """Go through what is to be written before anything is, so that a run that is refused leaves the tab alone."""
        terms = self._open(dry=True)
        for batches in (self._torn(terms.beginning, terms), self._orders.batches(terms.beginning, terms.maker)):
            for batch in batches:
                self._tab.ensure_none_is_refused(batch.orders)
                self._record(None)

    def _open(self, *, rows_to_come: int = 0, dry: bool = False) -> Terms:
        self._tab.open(rows_to_come=rows_to_come, dry=dry)
        return terms_of(self.run, self._automation, self._catalogue, tab=self._tab)

    def _expect(self) -> int:
        """Ask the source how many orders there are, once an attempt; how many rows that means at least, all in all."""
        checkpoint = self._journal.checkpoint
        count = self._orders.count(checkpoint)
        self._journal.expect(count)
        return count if checkpoint.since is None else 0

    def _mend(self, terms: Terms) -> None:
        """Rows that a sort of some columns tore apart are written anew from the source."""
        for batch in self._torn(self._journal.checkpoint, terms):
            self._tab.write(batch.orders)

    def _torn(self, checkpoint: RunCheckpoint, terms: Terms) -> Iterator[Batch]:
        """Nothing where the run goes through everything anyway."""
        return self._orders.torn(self._tab, terms.maker) if checkpoint.since is not None else iter(())

    def _pass(self, terms: Terms) -> None:
        for batch in self._orders.batches(self._journal.checkpoint, terms.maker):
            checkpoint = self._journal.checkpoint
            self._journal.count(batch, self._bring(batch), again=checkpoint.repeats > 0)
            source = checkpoint.source if batch.checkpoint is None else dict(batch.checkpoint)
            newest_ms = max(checkpoint.newest_ms, batch.newest_ms)
            self._record(checkpoint.model_copy(update={"source": source, "newest_ms": newest_ms} | self._doubts()))
        for batch in self._absent(terms):
            self._journal.count(batch, self._bring(batch), again=True)
            self._record(self._journal.checkpoint)

    def _bring(self, batch: Batch) -> Outcome:
        if self.run.kind is RunKind.REPAIR or self._journal.checkpoint.misplaced:
            self._tab.doubt_what_differs(batch.orders)
        outcome = self._tab.write(batch.orders, last=batch.last)
        log.info("batch_written", rows=batch.rows, added=outcome.added, updated=outcome.updated)
        return outcome

    def _absent(self, terms: Terms) -> Iterator[Batch]:
        """After a pass over everything, what of the tab it did not meet.

        Not before a first run has completed: what stood before it was interrupted would be fetched once more.
        """
        if self._journal.checkpoint.since is None and self._automation.progress.watermark is not None:
            yield from self._orders.absent(self._tab, terms.maker)

    def _record(self, checkpoint: RunCheckpoint | None) -> None:
        """Between two batches: how far the run has come, and whether it is to go on."""
        self._journal.see(rows=self._tab.index.rows)
        self._journal.record(checkpoint=checkpoint)
        self._stop.check()
        self._journal.ensure_wanted()

    def _begin_anew(self) -> None:
        """A person changed the tab under us and rows may be lost: go through everything; what stands costs nothing."""
        repeats = self._journal.checkpoint.repeats + 1
        if repeats > MAX_REPEATS:
            raise UpstreamUnavailable("The tab is being changed faster than it can be checked.")
        log.warning("pass_repeated", repeats=repeats)
        doubts = self._doubts() | {"disturbed": False}
        self._tab.disturbed = False
        self._tab.open()
        anew = {"since": None, "named": False, "source": None, "repeats": repeats} | doubts
        self._journal.record(checkpoint=self._journal.checkpoint.model_copy(update=anew))

    def _doubts(self) -> dict[str, bool]:
        """They outlive the worker that has them."""
        checkpoint = self._journal.checkpoint
        return {
            "disturbed": checkpoint.disturbed or self._tab.disturbed,
            "misplaced": checkpoint.misplaced or self._tab.misplaced,
        }

    def _remember(self, terms: Terms, *, newest_ms: int, complete: bool) -> None:
        """Tell the automation how far its tab has come; its columns as soon as they stand, and as soon as rows are made
        under another configuration, that it no longer holds those of the earlier one.
        """
        known = self._automation.progress
        columns = {column.key: column for column in self._automation.configuration.columns}
        progress = Progress(
            watermark=datetime.fromtimestamp(newest_ms / 1000, UTC) if newest_ms else known.watermark,
            fingerprint=terms.fingerprint if complete or known.fingerprint == terms.fingerprint else None,
            laid_out=columns if complete else self._tab.laid_out,
            rows=known.rows,
        )
        if progress != known:
            self._automations.record_progress(self._automation, progress)
            self._automation = self._automation.model_copy(update={"progress": progress})
