"""Waiting within a run: it tells meanwhile that it is alive, so that nobody takes it for one that gets nowhere."""

from datetime import timedelta

import structlog
from google.api_core.exceptions import GoogleAPICallError, RetryError

from backend.clock import Clock
from backend.errors import RunCancelled
from backend.runs.model import Run
from backend.runs.repository import RunRepository
from jobs.stop import Stop

BEATS = 3
"""So many come within the time after which a run counts as silent."""
MAX_BEAT_S = 60.0

log = structlog.get_logger()


class Pulse:
    """Of one attempt, that of the lease of `epoch`. A run that is silent for `silent_s` is taken from its worker."""

    def __init__(self, run: Run, *, runs: RunRepository, epoch: int, stop: Stop, clock: Clock, silent_s: float) -> None:
        self._run = run
        self._runs = runs
        self._epoch = epoch
        self._stop = stop
        self._clock = clock
        self._every = timedelta(seconds=min(MAX_BEAT_S, silent_s / BEATS))
        self._due_at = clock() + self._every

    def pause(self, seconds: float) -> None:
        """Waits. Raises RunInterrupted as soon as the worker is told to stop; within a minute RunCancelled when nobody
        wants the run any more, and LeaseLost when another worker has it.
        """
        while True:
            part_s = min(seconds, (self._due_at - self._clock()).total_seconds())
            self._stop.pause(part_s)
            seconds -= max(0.0, part_s)
            if self._clock() >= self._due_at:
                self._beat()
            if seconds <= 0:
                return

    def _beat(self) -> None:
        """Firestore may be away: the next beat tells, or the next checkpoint."""
        try:
            run = self._runs.beat(self._run, epoch=self._epoch, at=self._clock())
        except (GoogleAPICallError, RetryError) as error:
            log.warning("heartbeat_failed", detail=str(error))
            return
        finally:
            self._due_at = self._clock() + self._every
        if run.cancel_requested:
            raise RunCancelled
