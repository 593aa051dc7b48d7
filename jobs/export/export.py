"""A run of an export: source → rows → batches → tab, each batch written, verified and checkpointed in that order."""

import resource
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog

from backend.automations.model import Automation, LongText, Progress
from backend.automations.repository import AutomationRepository
from backend.errors import RunCancelled, RunYielded, UpstreamUnavailable
from backend.platforms.field import Catalogue
from backend.platforms.source import Checkpoint, Order, Source
from backend.runs.model import MAX_CHANGES, Change, Counts, Run, RunCheckpoint, RunKind, Usage
from backend.runs.repository import RunRepository
from jobs.export.absent import absent_orders
from jobs.export.batch import Batch, batches
from jobs.export.rows import OrderRows, RowMaker
from jobs.sheets.api import SheetsApi
from jobs.sheets.outcome import Outcome
from jobs.sheets.tab import ManagedTab
from jobs.stop import Stop
from jobs.stopwatch import Stopwatch

log = structlog.get_logger()

OVERLAP = timedelta(minutes=10)
"""How far before the newest change seen an incremental run begins: changes become visible late and out of order."""
MAX_REPEATS = 3


class Export:
    """One attempt at one run. `epoch` is the lease under which it was taken up, `cut` makes batches of orders."""

    def __init__(
        self,
        run: Run,
        automation: Automation,
        *,
        catalogue: Catalogue,
        source: Source,
        tab: ManagedTab,
        api: SheetsApi,
        runs: RunRepository,
        automations: AutomationRepository,
        stopwatch: Stopwatch,
        stop: Stop,
        epoch: int,
        clock: Callable[[], datetime],
        cut: Callable[[Iterable[tuple[OrderRows, Checkpoint]]], Iterator[Batch]] = batches,
    ) -> None:
        self.run = run
        self._automation = automation
        self._catalogue = catalogue
        self._source = source
        self._tab = tab
        self._api = api
        self._runs = runs
        self._automations = automations
        self._stopwatch = stopwatch
        self._stop = stop
        self._epoch = epoch
        self._clock = clock
        self._cut = cut
        self._earlier = run.usage
        self._fingerprint: str
        self._came_by = array("Q")
        """The hashes of the orders that the source told in this attempt."""

    def carry_out(self) -> Run:
        """Until the tab holds what the source says. Raises what stops it; the checkpoint is then good as it is."""
        try:
            self._carry_out()
        finally:
            self.run = self.run.model_copy(update={"usage": self._measure()})
        return self.run

    def close(self) -> None:
        self._source.close()
        self._api.close()

    def _carry_out(self) -> None:
        if self.run.kind is RunKind.DRY:
            self._preview()
        else:
            self._write()

    def _preview(self) -> None:
        """What a sync would do. Goes through it from the start at each attempt, since nothing of it is kept."""
        maker = self._open(dry=True)
        self.run = self.run.model_copy(update={"counts": Counts(), "changes": []})
        self._record(checkpoint=self._beginning())
        self._expect()
        for batch, _ in self._batches(maker):
            self._count(batch, self._look_at(batch))
            self._record(checkpoint=self._checkpoint)
            self._heed_signals()
        for batch in self._absent(maker):
            self._count(batch, self._look_at(batch), again=True)
            self._record(checkpoint=self._checkpoint)
            self._heed_signals()

    def _look_at(self, batch: Batch) -> Outcome:
        outcome, cells = self._tab.preview(batch.orders, room=MAX_CHANGES - len(self.run.changes))
        headers = [column.header for column in self._automation.configuration.columns]
        changes = [
            Change(order=key, column=headers[cell.column], before=cell.before, after=cell.after) for key, cell in cells
        ]
        self.run = self.run.model_copy(update={"changes": [*self.run.changes, *changes]})
        return outcome

    def _write(self) -> None:
        if self.run.checkpoint is None and self._automation.configuration.long_text is LongText.REFUSE:
            self._look_for_long_texts()
        standing = self._automation.progress.laid_out.keys()
        widened = any(column.key not in standing for column in self._automation.configuration.columns)
        expected = self._expect() if widened else None
        maker = self._open(rows_to_come=expected or 0)
        self._remember(watermark=self._automation.progress.watermark, complete=False)
        if self._checkpoint.fingerprint != self._terms:
            self.run = self.run.model_copy(update={"counts": Counts()})
            self._record(checkpoint=self._beginning())
        if expected is None:
            expected = self._expect()
        self._tab.ensure_room(rows=expected - len(self._tab.index))
        self._mend(maker)
        self._pass(maker)
        while not self._tab.audit() or self._tab.disturbed or self._checkpoint.disturbed:
            self._begin_anew()
            self._pass(maker)
        newest_ms = 0 if self._checkpoint.named else self._checkpoint.newest_ms
        newest = datetime.fromtimestamp(newest_ms / 1000, UTC) if newest_ms else None
        self._remember(watermark=newest or self._automation.progress.watermark, complete=True)

    def _look_for_long_texts(self) -> None:
        """Go through what is to be written before anything is, so that a run that is refused leaves the tab alone."""
        maker = self._open(dry=True)
        since = self._since()
        for orders in (self._torn(since), self._asked_for(self._beginning())):
            for batch in self._cut((maker.order_rows(order), order.checkpoint) for order in orders):
                self._tab.ensure_none_is_refused(batch.orders)
                self._record(checkpoint=None)
                self._heed_signals()

    def _open(self, *, rows_to_come: int = 0, dry: bool = False) -> RowMaker:
        """The configuration and the time zone that the attempt begins with are its own to the end."""
        self._tab.open(rows_to_come=rows_to_come, dry=dry)
        self._fingerprint = f"{self._automation.configuration.fingerprint()}:{self._tab.zone}"
        return RowMaker(self._automation, self._catalogue, zone=self._tab.zone)

    def _beginning(self) -> RunCheckpoint:
        since = self._since()
        named = bool(self.run.order_ids) and since is not None
        return RunCheckpoint(since=since, fingerprint=self._terms, named=named)

    @property
    def _terms(self) -> str:
        """What a checkpoint holds for; the columns to be filled are others when a person adds one again meanwhile."""
        return ":".join([self._fingerprint, *sorted(self._tab.unfilled)])

    @property
    def _checkpoint(self) -> RunCheckpoint:
        return self.run.checkpoint or RunCheckpoint()

    def _since(self) -> datetime | None:
        """None, for everything, in a repair and unless an earlier run completed under the same configuration."""
        progress = self._automation.progress
        doubtful = self._tab.unfilled or self._tab.index.torn_overflow
        everything = self.run.kind is RunKind.REPAIR or doubtful or progress.fingerprint != self._fingerprint
        if everything or progress.watermark is None:
            return None
        return progress.watermark - OVERLAP

    def _expect(self) -> int:
        """Ask the source how many orders there are, once an attempt; how many rows that means at least, all in all."""
        with self._stopwatch("source"):
            named = self._checkpoint.named
            count = len(self.run.order_ids) if named else self._source.count(since=self._checkpoint.since)
        self.run = self.run.model_copy(update={"expected_orders": count})
        return count if self._checkpoint.since is None else 0

    def _mend(self, maker: RowMaker) -> None:
        """Rows that a sort of some columns tore apart are written anew from the source."""
        torn = self._torn(self._checkpoint.since)
        for batch in self._cut((maker.order_rows(order), order.checkpoint) for order in torn):
            self._tab.write(batch.orders)

    def _torn(self, since: datetime | None) -> Iterator[Order]:
        """The orders of torn rows as they are now, unless the run goes through everything anyway."""
        torn = sorted(self._tab.index.torn)
        if torn and since is not None:
            log.info("torn_rows_found", orders=len(torn))
            yield from self._source.named(torn)

    def _pass(self, maker: RowMaker) -> None:
        for batch, newest_ms in self._batches(maker):
            self._count(batch, self._bring(batch), again=self._checkpoint.repeats > 0)
            reached = self._checkpoint.model_copy(update={"newest_ms": newest_ms} | self._doubts())
            if batch.checkpoint is not None:
                reached = reached.model_copy(update={"source": dict(batch.checkpoint)})
            self._record(checkpoint=reached)
            self._heed_signals()
        for batch in self._absent(maker):
            self._count(batch, self._bring(batch), again=True)
            self._record(checkpoint=self._checkpoint)
            self._heed_signals()

    def _bring(self, batch: Batch) -> Outcome:
        if self.run.kind is RunKind.REPAIR or self._checkpoint.misplaced:
            self._tab.doubt_what_differs(batch.orders)
        outcome = self._tab.write(batch.orders, last=batch.last)
        log.info("batch_written", rows=batch.rows, added=outcome.added, updated=outcome.updated)
        return outcome

    def _absent(self, maker: RowMaker) -> Iterator[Batch]:
        """After a pass over everything, what of the tab it did not meet.

        Not before a first run has completed: what stood before it was interrupted would be fetched once more.
        """
        if self._checkpoint.since is None and self._automation.progress.watermark is not None:
            absent = self._timed(absent_orders(self._tab, self._source, came_by=self._came_by))
            yield from self._cut((maker.order_rows(order), order.checkpoint) for order in absent)

    def _batches(self, maker: RowMaker) -> Iterator[tuple[Batch, int]]:
        """From the checkpoint on; each with the latest change among the orders that were read by then."""
        stream = self._asked_for(self._checkpoint)
        newest_ms = self._checkpoint.newest_ms

        def rows() -> Iterator[tuple[OrderRows, Checkpoint]]:
            nonlocal newest_ms
            for order in stream:
                newest_ms = max(newest_ms, order.version)
                with self._stopwatch("rows"):
                    made = maker.order_rows(order)
                self._came_by.append(made.order_hash)
                yield made, order.checkpoint

        for batch in self._cut(rows()):
            yield batch, newest_ms

    def _heed_signals(self) -> None:
        """Between two batches."""
        self._stop.check()
        if self.run.cancel_requested:
            raise RunCancelled
        if not self.run.is_for_a_person and self._runs.person_waits(self.run, at=self._clock()):
            raise RunYielded

    def _asked_for(self, checkpoint: RunCheckpoint) -> Iterator[Order]:
        if checkpoint.named:
            return self._timed(self._named(done=int((checkpoint.source or {}).get("named", 0))))
        return self._timed(self._source.orders(since=checkpoint.since, resume=checkpoint.source))

    def _named(self, *, done: int) -> Iterator[Order]:
        """The orders that webhooks named, after so many of them; ids are added only while no attempt has begun."""
        for place, order in enumerate(self._source.named(self.run.order_ids[done:]), start=done + 1):
            yield replace(order, checkpoint={"named": place})

    def _timed(self, orders: Iterator[Order]) -> Iterator[Order]:
        while True:
            with self._stopwatch("source"):
                order = next(orders, None)
            if order is None:
                return
            yield order

    def _begin_anew(self) -> None:
        """A person changed the tab under us and rows may be lost: go through everything; what stands costs nothing."""
        repeats = self._checkpoint.repeats + 1
        if repeats > MAX_REPEATS:
            raise UpstreamUnavailable("The tab is being changed faster than it can be checked.")
        log.warning("pass_repeated", repeats=repeats)
        doubts = self._doubts() | {"disturbed": False}
        self._tab.disturbed = False
        self._tab.open()
        anew = {"since": None, "named": False, "source": None, "repeats": repeats} | doubts
        self._record(checkpoint=self._checkpoint.model_copy(update=anew))

    def _doubts(self) -> dict[str, bool]:
        """They outlive the worker that has them."""
        return {
            "disturbed": self._checkpoint.disturbed or self._tab.disturbed,
            "misplaced": self._checkpoint.misplaced or self._tab.misplaced,
        }

    def _count(self, batch: Batch, outcome: Outcome, *, again: bool = False) -> None:
        """Of orders that are looked at again only what had to be mended counts: the rest has been counted before."""
        counts = self.run.counts
        first_look = not again
        skipped = dict(counts.skipped)
        for reason, rows in (("older_version", outcome.older), ("text_cut", outcome.cut)):
            if rows:
                skipped[reason] = skipped.get(reason, 0) + rows
        self.run = self.run.model_copy(
            update={
                "counts": Counts(
                    orders=counts.orders + first_look * batch.complete_orders,
                    added=counts.added + outcome.added,
                    updated=counts.updated + outcome.updated,
                    unchanged=counts.unchanged + first_look * outcome.unchanged,
                    removed=counts.removed + outcome.removed,
                    skipped=skipped,
                )
            }
        )

    def _measure(self, *, batches_done: int = 0) -> Usage:
        """What the run has cost so far, this attempt on top of the earlier ones."""
        earlier = self._earlier
        busy_s = {
            activity: round(earlier.busy_s.get(activity, 0.0) + self._stopwatch.seconds.get(activity, 0.0), 3)
            for activity in earlier.busy_s.keys() | self._stopwatch.seconds.keys()
        }
        return Usage(
            reads=earlier.reads + self._api.reads,
            writes=earlier.writes + self._api.writes,
            batches=self.run.usage.batches + batches_done,
            bytes_sent=earlier.bytes_sent + self._api.bytes_sent,
            busy_s=busy_s,
            peak_mb=max(earlier.peak_mb, round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)),
        )

    def _record(self, *, checkpoint: RunCheckpoint | None) -> None:
        """None as long as nothing was written. The answer tells a wish to cancel."""
        moved = int(self.run.checkpoint is not None)
        usage = self._measure(batches_done=moved)
        with self._stopwatch("checkpoint"):
            self.run = self._runs.record_progress(
                self.run.model_copy(update={"checkpoint": checkpoint, "usage": usage}),
                epoch=self._epoch,
                at=self._clock(),
            )

    def _remember(self, *, watermark: datetime | None, complete: bool) -> None:
        """Tell the automation how far its tab has come; its columns as soon as they stand, and as soon as rows are made
        under another configuration, that it no longer holds those of the earlier one.
        """
        known = self._automation.progress
        fingerprint = self._fingerprint if complete or known.fingerprint == self._fingerprint else None
        columns = {column.key: column for column in self._automation.configuration.columns}
        laid_out = columns if complete else self._tab.laid_out
        progress = Progress(watermark=watermark, fingerprint=fingerprint, laid_out=laid_out)
        if progress != known:
            self._automations.record_progress(self._automation, progress)
            self._automation = self._automation.model_copy(update={"progress": progress})
