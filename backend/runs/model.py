"""A run: one time that an automation is carried out, from its cause to its end."""

import hashlib
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.errors import Category

MAX_TIMELINE = 50
MAX_CHANGES = 50
MAX_NAMED_ORDERS = 1_000
MAX_RECENT_RUNS = 12
MAX_ATTEMPTS_WITHOUT_PROGRESS = 5


class RunStatus(StrEnum):
    """pending → running → completed | failed | cancelled; an interrupted run goes back to pending."""

    PENDING = "pending"  #: waits in its lane
    RUNNING = "running"  #: a worker that holds the lane's lease is at it
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self in {RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED}


class RunKind(StrEnum):
    SYNC = "sync"  #: brings what changed in the shop into the tab
    REPAIR = "repair"  #: compares every managed cell with the shop and mends what differs
    DRY = "dry"  #: tells what a sync would change, and writes nothing


class Trigger(StrEnum):
    MANUAL = "manual"
    WEBHOOK = "webhook"
    SCHEDULE = "schedule"
    RETRY = "retry"


class Priority(IntEnum):
    """The order inside a lane; the smaller goes first, then the older."""

    MANUAL = 0
    WEBHOOK = 1
    SCHEDULE = 2


PRIORITIES = {
    Trigger.MANUAL: Priority.MANUAL,
    Trigger.RETRY: Priority.MANUAL,
    Trigger.WEBHOOK: Priority.WEBHOOK,
    Trigger.SCHEDULE: Priority.SCHEDULE,
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Counts(_Part):
    """Rows, except `orders`. A row is counted once, by what the first look at it in this run decided."""

    orders: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: dict[str, int] = Field(default_factory=dict)
    """By reason; a skipped row is in the tab as far as it could be written, or in it from a newer version."""


class Usage(_Part):
    """What the run cost so far, over all its attempts."""

    reads: int = 0
    writes: int = 0
    batches: int = 0
    bytes_sent: int = 0
    busy_s: dict[str, float] = Field(default_factory=dict)
    """Where the time went: source, rows, plan, encode, write, read, wait, checkpoint."""
    peak_mb: float = 0.0


class RunError(_Part):
    category: Category
    code: str
    message: str
    retriable: bool


class Moment(_Part):
    """An entry of the timeline: a static event name and when."""

    at: datetime
    event: str
    note: str = ""


class RunCheckpoint(_Part):
    """Where the next attempt goes on. Written only after the rows before it were verified in the tab."""

    since: datetime | None = None
    """The run takes what changed from then on; None: everything."""
    fingerprint: str | None = None
    """Under which configuration and time zone the rows before it were made; an attempt under others begins anew."""
    named: bool = False
    """The run brings the orders that it names and no others."""
    source: dict[str, str | int] | None = None
    """What the source gave with the last order that is complete in the tab; None: from the start."""
    newest_ms: int = 0
    """The latest change among the orders so far."""
    repeats: int = 0
    """How often the run began anew because people changed the tab under it."""
    disturbed: bool = False
    """They did so since it began: rows may be missing, and it is to begin anew."""
    misplaced: bool = False
    """Cells may have gone to columns that people had moved: every managed cell is compared from then on."""


class Change(_Part):
    """One cell that a dry run would change; None is an empty one."""

    order: str
    """The order's visible key."""
    column: str
    before: str | None
    after: str | None


class RecentRun(_Part):
    """What its automation remembers of a run that has ended."""

    id: str
    kind: RunKind
    trigger: Trigger
    status: RunStatus
    started_at: datetime | None
    """None where it was never taken up."""
    finished_at: datetime
    added: int
    updated: int
    removed: int
    error_code: str | None


class Run(BaseModel):
    """The document tenants/{tenant_id}/runs/{id}."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant_id: str
    automation_id: str
    connection_id: str
    kind: RunKind = RunKind.SYNC
    trigger: Trigger
    priority: Priority
    idempotency_key: str
    order_ids: list[str] = Field(default_factory=list)
    """What webhooks reported, at most MAX_NAMED_ORDERS: where the tab is complete, the run brings these orders as they
    are by then, and no others."""
    status: RunStatus = RunStatus.PENDING
    attempt: int = 0
    attempts_without_progress: int = 0
    """Consecutive attempts that ended before their first checkpoint; bounded by MAX_ATTEMPTS_WITHOUT_PROGRESS."""
    rests_until: datetime | None = None
    """A pending run is not taken up before that: its last attempt failed in a way that passes."""
    lane_epoch: int = 0
    """The lease under which the run was last taken up: a holder of an older one may no longer write about it."""
    cancel_requested: bool = False
    scheduled_for: datetime | None = None
    """The instant of the schedule that it is the run of."""
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    heartbeat_at: datetime | None = None
    expected_orders: int | None = None
    """About how many orders the source said there are; None until it was asked."""
    rows: int | None = None
    """How many rows of ours stood in the tab when the run last knew; None until it has read the tab."""
    checkpoint: RunCheckpoint | None = None
    """None until the run was taken up for the first time."""
    counts: Counts = Counts()
    usage: Usage = Usage()
    error: RunError | None = None
    changes: list[Change] = Field(default_factory=list)
    """Of a dry run: the first MAX_CHANGES cells that would change."""
    timeline: list[Moment] = Field(default_factory=list)

    @property
    def is_for_a_person(self) -> bool:
        return self.priority is Priority.MANUAL

    def rests(self, at: datetime) -> bool:
        return self.rests_until is not None and self.rests_until > at

    def recent(self) -> RecentRun:
        """Of a run that has ended."""
        kept = self.model_dump(include=set(RecentRun.model_fields))
        counted = self.counts.model_dump(include={"added", "updated", "removed"})
        return RecentRun.model_validate(kept | counted | {"error_code": self.error.code if self.error else None})


def run_id(automation_id: str, cause: str) -> str:
    """A repeated cause (an Idempotency-Key, a scheduled instant, a set of changes) gives the same id and so makes no
    second run.
    """
    return "run_" + hashlib.sha256(f"{automation_id}\n{cause}".encode()).hexdigest()[:24]


def new_run(
    *,
    tenant_id: str,
    automation_id: str,
    connection_id: str,
    trigger: Trigger,
    cause: str,
    at: datetime,
    **details: Any,
) -> Run:
    """A run as its cause makes it, yet to be written."""
    return Run(
        id=run_id(automation_id, cause),
        tenant_id=tenant_id,
        automation_id=automation_id,
        connection_id=connection_id,
        trigger=trigger,
        priority=PRIORITIES[trigger],
        idempotency_key=cause,
        created_at=at,
        timeline=[Moment(at=at, event="run_created")],
        **details,
    )
