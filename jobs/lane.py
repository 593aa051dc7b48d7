"""A lane: take it, drain its runs one at a time, give it back, and look once more."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

import structlog
from google.api_core.exceptions import GoogleAPIError

from backend.automations.model import Attention
from backend.automations.repository import AutomationRepository
from backend.connections.repository import ConnectionRepository
from backend.errors import (
    ColumnGone,
    ConnectionRefused,
    LeaseLost,
    NeedsAttention,
    NotFound,
    RateLimited,
    RetriableError,
    RunCancelled,
    RunInterrupted,
    RunYielded,
    TabkeeperError,
    UpstreamUnavailable,
)
from backend.notifications.outbox import Outbox
from backend.runs.lanes import LaneRepository, Lease
from backend.runs.model import MAX_ATTEMPTS_WITHOUT_PROGRESS, Run, RunError, RunStatus
from backend.runs.repository import RunRepository
from jobs.hold import Hold
from jobs.sheets.failures import backoff_s
from jobs.stop import Stop

log = structlog.get_logger()

LOOK_EVERY_S = 0.5
"""A worker whose lane has nothing for it to do looks so often whether something has come."""
QUOTA_REST = 30
"""So many times the usual back-off is rested from a used-up quota: some minutes before the last attempt."""
GIVEN_UP = " It was tried again for a while. What is in the tab is right; start the run again to bring the rest."


class Attempt(Protocol):
    """One attempt at a run; `run` is what it has come to, also after a failure."""

    @property
    def run(self) -> Run: ...

    def carry_out(self) -> None: ...

    def close(self) -> None: ...


class Drained(Enum):
    EMPTY = auto()  #: nothing waits any more, but for what rests
    TAKEN = auto()  #: another worker holds the lane and will see what waits, or its tenant has enough lanes running
    STOPPED = auto()  #: told to stop; what was running waits for the next worker


class Lane:
    """`holder` names this worker; its part before `/` is the same for later attempts of the same execution."""

    def __init__(
        self,
        connection_id: str,
        *,
        holder: str,
        lanes: LaneRepository,
        runs: RunRepository,
        automations: AutomationRepository,
        connections: ConnectionRepository,
        outbox: Outbox,
        attempt: Callable[[Run, Hold], Attempt],
        stop: Stop,
        clock: Callable[[], datetime],
        lease_s: float,
        write_s: float,
        linger_s: float,
    ) -> None:
        self._connection_id = connection_id
        self._holder = holder
        self._lanes = lanes
        self._runs = runs
        self._automations = automations
        self._connections = connections
        self._outbox = outbox
        self._attempt = attempt
        self._stop = stop
        self._clock = clock
        self._lease_s = lease_s
        self._write_s = write_s
        self._linger_s = linger_s

    def drain(self, *, elsewhere: Callable[[], bool] = lambda: False) -> Drained:
        """Carry out what waits, then linger, unless there is work elsewhere.

        A run written just before the lease is given back is seen by the look after it.
        """
        while True:
            lease = self._take()
            if lease is None:
                return Drained.TAKEN
            try:
                with Hold(self._lanes, lease, lease_s=self._lease_s, write_s=self._write_s, clock=self._clock) as hold:
                    self._drain_held(hold, elsewhere)
            except RunInterrupted:
                return Drained.STOPPED
            except LeaseLost:
                return Drained.TAKEN
            now = self._clock()
            left = self._runs.next_in_lane(lease.tenant_id, self._connection_id, at=now)
            if left is None or left.rests(now):
                return Drained.EMPTY

    def _take(self) -> Lease | None:
        """The lease; that of an earlier attempt of this execution, which is dead, is waited for until it ends."""
        while True:
            at = self._clock()
            lease = self._lanes.take(self._connection_id, holder=self._holder, at=at, lease_s=self._lease_s)
            if lease:
                log.info("lane_taken", epoch=lease.epoch)
                return lease
            other = self._lanes.get(self._connection_id).held_by(at)
            if other is None or execution_of(other.name) != execution_of(self._holder):
                log.info("lane_busy")
                return None
            self._stop.pause(min(5.0, (other.expires_at - at).total_seconds()))

    def _drain_held(self, hold: Hold, elsewhere: Callable[[], bool]) -> None:
        """Until nothing waits. While a run rests, another of the lane may come, or the worker be wanted elsewhere."""
        idle_s = 0.0
        while True:
            self._stop.check()
            hold.ensure()
            now = self._clock()
            run = self._runs.next_in_lane(hold.lease.tenant_id, self._connection_id, at=now)
            if run and not run.rests(now):
                self._carry_out(run, hold)
                idle_s = 0.0
            elif elsewhere() or (run is None and idle_s >= self._linger_s):
                hold.rests_until = run.rests_until if run else None
                return
            else:
                self._stop.pause(LOOK_EVERY_S)
                idle_s += LOOK_EVERY_S

    def _carry_out(self, waiting: Run, hold: Hold) -> None:
        epoch = hold.lease.epoch
        run = self._runs.take_up(waiting, epoch=epoch, at=self._clock())
        structlog.contextvars.bind_contextvars(run_id=run.id, automation_id=run.automation_id)
        try:
            attempt = self._attempt(run, hold)
            try:
                attempt.carry_out()
            finally:
                run = attempt.run
                attempt.close()
            self._finish(run, RunStatus.COMPLETED, epoch=epoch)
        except LeaseLost:
            self._doubt_the_tab(run)
            raise
        except RunCancelled:
            self._finish(run, RunStatus.CANCELLED, epoch=epoch)
        except RunInterrupted as signal:
            self._runs.give_back(run, epoch=epoch, at=self._clock(), why=signal.code)
            raise
        except RunYielded as signal:
            self._runs.give_back(run, epoch=epoch, at=self._clock(), why=signal.code, counts=False)
        except RetriableError as error:
            self._retry(run, error, epoch=epoch)
        except GoogleAPIError as error:
            self._retry(run, UpstreamUnavailable(detail=str(error)), epoch=epoch)
        except TabkeeperError as error:
            self._fail(run, error, epoch=epoch)
        except Exception as error:
            log.exception("run_crashed")
            self._fail(run, TabkeeperError(detail=repr(error)), epoch=epoch)
        finally:
            structlog.contextvars.unbind_contextvars("run_id", "automation_id")

    def _retry(self, run: Run, error: RetriableError, *, epoch: int) -> None:
        """Goes on from its checkpoint after a rest; an attempt that got nowhere too often ends the run."""
        attempts = self._runs.get(run.tenant_id, run.id).attempts_without_progress
        if attempts >= MAX_ATTEMPTS_WITHOUT_PROGRESS:
            self._fail(run, error, epoch=epoch, advice=GIVEN_UP)
            return
        rest_s = backoff_s(attempts)
        if isinstance(error, RateLimited):
            rest_s = max(error.retry_after_s, QUOTA_REST * rest_s)
        log.warning("run_interrupted", code=error.code, detail=error.detail, rest_s=round(rest_s, 1))
        now = self._clock()
        self._runs.give_back(run, epoch=epoch, at=now, why=error.code, rests_until=now + timedelta(seconds=rest_s))

    def _fail(self, run: Run, error: TabkeeperError, *, epoch: int, advice: str = "") -> None:
        log.error("run_failed", code=error.code, detail=error.detail)
        if isinstance(error, NeedsAttention):
            self._call_for_attention(run, error)
        told = RunError(
            category=error.category, code=error.code, message=error.message + advice, retriable=error.retriable
        )
        self._finish(run, RunStatus.FAILED, epoch=epoch, error=told)

    def _doubt_the_tab(self, run: Run) -> None:
        """A process that was paused past its lease may have written after another one had verified the tab."""
        with suppress(NotFound):
            self._automations.doubt(self._automations.get(run.tenant_id, run.automation_id))

    def _call_for_attention(self, run: Run, error: NeedsAttention) -> None:
        if isinstance(error, ConnectionRefused):
            self._connections.mark_refused(run.tenant_id, run.connection_id)
        try:
            automation = self._automations.get(run.tenant_id, run.automation_id)
        except NotFound:
            return
        columns = error.columns if isinstance(error, ColumnGone) else []
        attention = Attention(
            code=error.code, message=error.message, action=error.action, since=self._clock(), columns=columns
        )
        with self._outbox.stop_of(automation, attention) as along:
            self._automations.need_attention(automation, attention, along=along)

    def _finish(self, run: Run, status: RunStatus, *, epoch: int, error: RunError | None = None) -> None:
        now = self._clock()
        with self._outbox.end_of(run, status, error=error, at=now) as along:
            self._runs.finish(run, epoch=epoch, at=now, status=status, error=error, along=along)
        log.info("run_ended", status=status, **run.counts.model_dump(exclude={"skipped"}))


def execution_of(holder: str) -> str:
    return holder.split("/", maxsplit=1)[0]
