from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from backend.runs.dispatch import Dispatched, LaneStarter
from backend.runs.model import Change, Counts, Moment, Run, RunError, RunKind, RunStatus, Trigger, Usage
from backend.runs.service import RunService
from backend.web.route import Answer, Auth, Call, IdempotencyKey, Nothing, Routes, TenantTask

MAX_PAGE = 100


class RunStart(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: RunKind = RunKind.SYNC


class RunSummary(BaseModel):
    id: str
    automation_id: str
    kind: RunKind
    trigger: Trigger
    status: RunStatus
    cancel_requested: bool
    attempt: int
    rests_until: datetime | None
    """A pending run goes on by itself then."""
    scheduled_for: datetime | None
    """The instant of the schedule that it is the run of."""
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    progress: float | None
    """From 0 to 1; null until the shop said about how many orders there are."""
    expected_orders: int | None
    counts: Counts
    error: RunError | None


class RunAnswer(RunSummary):
    heartbeat_at: datetime | None
    usage: Usage
    changes: list[Change]
    timeline: list[Moment]


class RunsQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    automation_id: Annotated[str | None, Field(max_length=100)] = None
    open: bool = False
    """Only those that have not ended: pending and running ones."""
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 20
    page_token: Annotated[str | None, Field(pattern="^run_[0-9a-f]+$", max_length=100)] = None


class RunsAnswer(BaseModel):
    runs: list[RunSummary]
    next_page_token: str | None


class LaneTaskAnswer(BaseModel):
    outcome: Dispatched


def routes(runs: RunService, lanes: LaneStarter) -> Routes:
    routes = Routes("runs")

    @routes.declare(
        "POST",
        "/v1/automations/{automation_id}/runs",
        auth=Auth.SESSION,
        takes=RunStart,
        answers={202: RunAnswer, 200: RunAnswer},
        idempotency_key=IdempotencyKey.REQUIRED,
    )
    def start(call: Call[RunStart]) -> Answer:
        """Start a run: sync, repair or dry; the same Idempotency-Key answers with the same run"""
        run, created = runs.start(
            call.tenant_id,
            call.path["automation_id"],
            idempotency_key=call.idempotency_key or "",
            kind=call.taken.kind,
        )
        return Answer(202 if created else 200, _shown(run))

    @routes.declare("GET", "/v1/runs", auth=Auth.SESSION, takes=RunsQuery, answers={200: RunsAnswer})
    def page(call: Call[RunsQuery]) -> RunsAnswer:
        """Runs, the newest first, by pages"""
        wanted = call.taken
        found, after = runs.page(
            call.tenant_id,
            automation_id=wanted.automation_id,
            only_open=wanted.open,
            limit=wanted.limit,
            after=wanted.page_token,
        )
        return RunsAnswer(runs=[_summary(run) for run in found], next_page_token=after)

    @routes.declare("GET", "/v1/runs/{run_id}", auth=Auth.SESSION, takes=Nothing, answers={200: RunAnswer})
    def read(call: Call[Nothing]) -> RunAnswer:
        """One run with its counts and timeline"""
        return _shown(runs.get(call.tenant_id, call.path["run_id"]))

    @routes.declare("POST", "/v1/runs/{run_id}/cancel", auth=Auth.SESSION, takes=Nothing, answers={202: RunAnswer})
    def cancel(call: Call[Nothing]) -> RunAnswer:
        """Cancel a waiting run at once, a running one at its next batch"""
        return _shown(runs.cancel(call.tenant_id, call.path["run_id"]))

    @routes.declare(
        "POST", "/v1/runs/{run_id}/retry", auth=Auth.SESSION, takes=Nothing, answers={202: RunAnswer, 200: RunAnswer}
    )
    def retry(call: Call[Nothing]) -> Answer:
        """Try again what failed or was cancelled; asked again, it answers with the same new run"""
        run, created = runs.retry(call.tenant_id, call.path["run_id"])
        return Answer(202 if created else 200, _shown(run))

    @routes.declare(
        "POST",
        "/v1/internal/lanes/{connection_id}/dispatch",
        auth=Auth.TASKS,
        takes=TenantTask,
        answers={200: LaneTaskAnswer},
    )
    def dispatch(call: Call[TenantTask]) -> LaneTaskAnswer:
        """Start the job for a lane in which runs wait"""
        return LaneTaskAnswer(outcome=lanes.start(call.taken.tenant_id, call.path["connection_id"]))

    return routes


def progress(run: Run) -> float | None:
    if run.status is RunStatus.COMPLETED:
        return 1.0
    if not run.expected_orders:
        return None
    return round(min(1.0, run.counts.orders / run.expected_orders), 4)


def _summary(run: Run) -> RunSummary:
    return RunSummary.model_validate(run.model_dump() | {"progress": progress(run)})


def _shown(run: Run) -> RunAnswer:
    return RunAnswer.model_validate(run.model_dump() | {"progress": progress(run)})
