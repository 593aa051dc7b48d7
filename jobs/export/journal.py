"""What a run has come to: its counts, its usage and its checkpoint, kept where they outlive the worker."""

import resource
from collections.abc import Callable, Iterable
from datetime import datetime

from backend.errors import RunCancelled, RunYielded
from backend.runs.model import Change, Counts, Run, RunCheckpoint, Usage
from backend.runs.repository import RunRepository
from jobs.export.batch import Batch
from jobs.sheets.api import SheetsApi
from jobs.sheets.outcome import Outcome
from jobs.stopwatch import Stopwatch


class Journal:
    """Of one attempt. `epoch` is the lease under which it was taken up, `api` and `stopwatch` tell what it costs."""

    def __init__(
        self,
        run: Run,
        *,
        runs: RunRepository,
        api: SheetsApi,
        stopwatch: Stopwatch,
        epoch: int,
        clock: Callable[[], datetime],
    ) -> None:
        self.run = run
        self._runs = runs
        self._api = api
        self._stopwatch = stopwatch
        self._epoch = epoch
        self._clock = clock
        self._earlier = run.usage

    @property
    def checkpoint(self) -> RunCheckpoint:
        return self.run.checkpoint or RunCheckpoint()

    def begin(self, checkpoint: RunCheckpoint) -> None:
        """Nothing that an earlier attempt came to counts any more."""
        self._change(counts=Counts(), changes=[])
        self.record(checkpoint=checkpoint)

    def expect(self, orders: int) -> None:
        self._change(expected_orders=orders)

    def see(self, *, rows: int) -> None:
        """How many rows of ours stand in the tab."""
        self._change(rows=rows)

    def tell(self, changes: Iterable[Change]) -> None:
        self._change(changes=[*self.run.changes, *changes])

    def count(self, batch: Batch, outcome: Outcome, *, again: bool = False) -> None:
        """Of orders that are looked at again only what had to be mended counts: the rest has been counted before."""
        counts = self.run.counts
        first_look = not again
        skipped = dict(counts.skipped)
        for reason, rows in (("older_version", outcome.older), ("text_cut", outcome.cut)):
            if rows:
                skipped[reason] = skipped.get(reason, 0) + rows
        self._change(
            counts=Counts(
                orders=counts.orders + first_look * batch.complete_orders,
                added=counts.added + outcome.added,
                updated=counts.updated + outcome.updated,
                unchanged=counts.unchanged + first_look * outcome.unchanged,
                removed=counts.removed + outcome.removed,
                skipped=skipped,
            )
        )

    def record(self, *, checkpoint: RunCheckpoint | None) -> None:
        """None as long as nothing was written. The answer tells a wish to cancel."""
        moved = int(self.run.checkpoint is not None)
        self._change(checkpoint=checkpoint, usage=self._measure(batches_done=moved))
        with self._stopwatch("checkpoint"):
            self.run = self._runs.record_progress(self.run, epoch=self._epoch, at=self._clock())

    def ensure_wanted(self) -> None:
        """Raises RunCancelled, or RunYielded when a run that a person started waits for this one."""
        if self.run.cancel_requested:
            raise RunCancelled
        if not self.run.is_for_a_person and self._runs.person_waits(self.run, at=self._clock()):
            raise RunYielded

    def settle(self) -> None:
        """The run tells all that it has cost by now, for whoever records its end."""
        self._change(usage=self._measure())

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

    def _change(self, **fields: object) -> None:
        self.run = self.run.model_copy(update=fields)
