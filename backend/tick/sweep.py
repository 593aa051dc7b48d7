"""The sweep: what a crash left behind is taken up, and what cannot be taken up is given up, with a reason.

Every run that has not ended is in one of these states, and each has its way out:

| run | its lane | what ends it |
|---|---|---|
| pending or running | held | its holder takes it up and ends it |
| running under its holder's epoch, silent for `silent` | held | the lease is revoked; then as below |
| pending or running | free | a worker is called, again and again |
| the same, silent for `given_up` | free, called for so long in vain | failed; the automation waits for its merchant |

A worker that takes up a run which got nowhere too often gives it up as well (jobs/lane.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import chain

import structlog

from backend.automations.model import Attention
from backend.automations.repository import AutomationRepository
from backend.errors import LeaseLost, NotFound, RunGivenUp
from backend.notifications.outbox import Outbox
from backend.runs.everywhere import Everywhere
from backend.runs.lanes import LaneRepository, LaneState
from backend.runs.model import Run, RunError, RunStatus
from backend.runs.repository import RunRepository
from backend.runs.service import RunService
from backend.tick.budget import Budget
from backend.tick.pages import pages

PATIENCE = timedelta(seconds=120)
"""A run that waits so long has waited longer than any jitter and the start of a worker take."""
CALL_EVERY = timedelta(minutes=5)
"""For one waiting lane a worker is called at most so often, whoever sweeps."""
_log = structlog.get_logger()


class Verdict(Enum):
    LEAVE = auto()
    CALL = auto()  #: a worker
    REVOKE = auto()  #: the lease of a holder that gets nowhere
    GIVE_UP = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    silent: timedelta
    """A run whose worker holds the lane and says nothing of it for so long is taken from that worker."""
    given_up: timedelta
    """A run for which workers were called in vain for so long is failed."""


def verdict(run: Run, lane: LaneState | None, *, at: datetime, limits: Limits) -> Verdict:
    """What becomes of an open run in this lane, which is None where nobody announced it yet.

    However long a run has waited, it is not given up where its turn has not come, or nobody has called.
    """
    silence = at - max(filter(None, (run.created_at, run.heartbeat_at, run.rests_until)))
    if lane and lane.held_by(at):
        stuck = run.status is RunStatus.RUNNING and run.lane_epoch == lane.epoch and silence >= limits.silent
        return Verdict.REVOKE if stuck else Verdict.LEAVE
    called = at - lane.called_since if lane and lane.called_since else timedelta(0)
    if min(silence, called) >= limits.given_up:
        return Verdict.GIVE_UP
    return Verdict.CALL if silence >= PATIENCE else Verdict.LEAVE


class Sweep:
    def __init__(
        self,
        everywhere: Everywhere,
        *,
        runs: RunRepository,
        automations: AutomationRepository,
        lanes: LaneRepository,
        outbox: Outbox,
        service: RunService,
        limits: Limits,
    ) -> None:
        self._everywhere = everywhere
        self._runs = runs
        self._automations = automations
        self._lanes = lanes
        self._outbox = outbox
        self._service = service
        self._limits = limits

    def __call__(self, budget: Budget) -> int:
        """How many runs and lanes it did something about."""
        acted = 0
        called: set[str] = set()
        for page in pages(self._open_runs(at=budget.at)):
            lanes = self._lanes.all({run.connection_id for run in page})
            for run in page:
                if budget.spent:
                    return acted
                decided = verdict(run, lanes.get(run.connection_id), at=budget.at, limits=self._limits)
                if decided is Verdict.LEAVE or (decided is Verdict.CALL and run.connection_id in called):
                    continue
                if decided is Verdict.CALL:
                    called.add(run.connection_id)
                self._act(decided, run, at=budget.at)
                acted += 1
        return acted

    def _open_runs(self, *, at: datetime) -> Iterator[Run]:
        since = at - PATIENCE
        return chain(self._everywhere.silent_runs(since=since), self._everywhere.waiting_runs(since=since))

    def _act(self, decided: Verdict, run: Run, *, at: datetime) -> None:
        told = {"run_id": run.id, "automation_id": run.automation_id, "lane": run.connection_id}
        if decided is Verdict.CALL:
            _log.info("worker_called_again", **told)
            self._service.dispatch(run, again=int(at.timestamp() // CALL_EVERY.total_seconds()))
        elif decided is Verdict.REVOKE:
            _log.warning("lease_revoked", **told)
            self._lanes.revoke(run.connection_id, epoch=run.lane_epoch)
        else:
            _log.error("run_given_up", **told)
            self._give_up(run, at=at)

    def _give_up(self, run: Run, *, at: datetime) -> None:
        error = RunGivenUp()
        told = RunError(category=error.category, code=error.code, message=error.message, retriable=error.retriable)
        try:
            with self._outbox.end_of(run, RunStatus.FAILED, error=told, at=at) as along:
                self._runs.give_up(run, at=at, error=told, along=along)
            automation = self._automations.get(run.tenant_id, run.automation_id)
        except (LeaseLost, NotFound):
            return
        attention = Attention(code=error.code, message=error.message, action=error.action, since=at)
        with self._outbox.stop_of(automation, attention) as along:
            self._automations.need_attention(automation, attention, along=along)
