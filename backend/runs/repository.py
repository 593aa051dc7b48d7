"""Runs in Firestore: each change of state is one transaction that checks the state it starts from."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from google.api_core.exceptions import AlreadyExists
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from backend.along import Along, nothing
from backend.errors import Conflict, LeaseLost, NotFound
from backend.runs.model import (
    MAX_NAMED_ORDERS,
    MAX_RECENT_RUNS,
    MAX_TIMELINE,
    Moment,
    Run,
    RunError,
    RunStatus,
    Trigger,
)

OPEN = [RunStatus.PENDING, RunStatus.RUNNING]


class RunRepository:
    """The runs of all tenants, each call within one. `epoch` is the caller's lease on the run's lane.

    Whatever ends a run lets its automation remember it, in the same transaction.
    """

    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def create(self, run: Run) -> tuple[Run, bool]:
        """The run of this cause, and whether this call made it."""
        try:
            self._document(run.tenant_id, run.id).create(run.model_dump())
        except AlreadyExists:
            return self.get(run.tenant_id, run.id), False
        return run, True

    def get(self, tenant_id: str, run_id: str) -> Run:
        return self._parse(self._document(tenant_id, run_id).get())

    def page(
        self,
        tenant_id: str,
        *,
        automation_id: str | None = None,
        only_open: bool = False,
        limit: int,
        after: str | None = None,
    ) -> tuple[list[Run], str | None]:
        """The newest runs first, and the token of the next page when there is one."""
        query: Any = self._runs(tenant_id)
        if automation_id:
            query = query.where(filter=FieldFilter("automation_id", "==", automation_id))
        if only_open:
            query = query.where(filter=FieldFilter("status", "in", OPEN))
        query = query.order_by("created_at", direction=firestore.Query.DESCENDING)
        if after:
            last = self._document(tenant_id, after).get()
            if not last.exists:
                raise NotFound("This page no longer exists; start from the first one.")
            query = query.start_after(last)
        runs = [self._parse(snapshot) for snapshot in query.limit(limit + 1).stream()]
        more = len(runs) > limit
        return runs[:limit], runs[limit - 1].id if more else None

    def next_in_lane(self, tenant_id: str, connection_id: str, *, at: datetime) -> Run | None:
        """What the holder of the lane's lease takes up next; where all that wait are resting, the first of them.

        A run that is `running` here was left behind by a holder that died: the lease says that nobody is at it.
        """
        query = (
            self._runs(tenant_id)
            .where(filter=FieldFilter("connection_id", "==", connection_id))
            .where(filter=FieldFilter("status", "in", OPEN))
            .order_by("priority")
            .order_by("created_at")
        )
        resting = None
        for run in map(self._parse, query.stream()):
            if not run.rests(at):
                return run
            resting = resting or run
        return resting

    def person_waits(self, run: Run, *, at: datetime) -> bool:
        """Whether a run that a person started waits in the lane of this one."""
        first = self.next_in_lane(run.tenant_id, run.connection_id, at=at)
        return first is not None and first.id != run.id and first.is_for_a_person and not first.rests(at)

    def name_orders(self, tenant_id: str, automation_id: str, order_ids: list[str], *, at: datetime) -> Run | None:
        """Let the automation's run of earlier webhooks, if one still waits to be taken up, bring these orders as well.

        None where there is no such run, or it would have to bring more than MAX_NAMED_ORDERS.
        """
        query = (
            self._runs(tenant_id)
            .where(filter=FieldFilter("automation_id", "==", automation_id))
            .where(filter=FieldFilter("trigger", "==", Trigger.WEBHOOK))
            .where(filter=FieldFilter("status", "==", RunStatus.PENDING))
            .where(filter=FieldFilter("attempt", "==", 0))
            .limit(1)
        )
        waiting = next((self._parse(snapshot) for snapshot in query.stream()), None)
        if waiting is None:
            return None

        def change(current: Run) -> dict[str, Any]:
            named = list(dict.fromkeys([*current.order_ids, *order_ids]))
            if current.status is not RunStatus.PENDING or current.attempt or len(named) > MAX_NAMED_ORDERS:
                raise Conflict
            moment = Moment(at=at, event="orders_named", note=str(len(named)))
            return {"order_ids": named, "timeline": _timeline(current, moment)}

        try:
            return self._change(tenant_id, waiting.id, change)
        except Conflict:
            return None

    def take_up(self, run: Run, *, epoch: int, at: datetime) -> Run:
        """pending, or left behind → running."""

        def change(current: Run) -> dict[str, Any]:
            if current.status.ended or current.lane_epoch > epoch:
                raise LeaseLost(detail=f"run {run.id} is {current.status} under epoch {current.lane_epoch}")
            return {
                "status": RunStatus.RUNNING,
                "attempt": current.attempt + 1,
                "attempts_without_progress": current.attempts_without_progress + 1,
                "rests_until": None,
                "lane_epoch": epoch,
                "started_at": current.started_at or at,
                "heartbeat_at": at,
                "timeline": _timeline(current, Moment(at=at, event="run_started")),
            }

        return self._change(run.tenant_id, run.id, change)

    def record_progress(self, run: Run, *, epoch: int, at: datetime) -> Run:
        """Store the checkpoint, counts and usage of a verified batch; the answer tells a wish to cancel."""

        def change(current: Run) -> dict[str, Any]:
            _ensure_held(current, epoch)
            moved = run.checkpoint != current.checkpoint
            return {
                "checkpoint": run.checkpoint.model_dump() if run.checkpoint else None,
                "counts": run.counts.model_dump(),
                "usage": run.usage.model_dump(),
                "changes": [change.model_dump() for change in run.changes],
                "expected_orders": run.expected_orders,
                "rows": run.rows,
                "attempts_without_progress": 0 if moved else current.attempts_without_progress,
                "heartbeat_at": at,
            }

        return self._change(run.tenant_id, run.id, change)

    def beat(self, run: Run, *, epoch: int, at: datetime) -> Run:
        """A sign of life between two batches; the answer tells a wish to cancel."""

        def change(current: Run) -> dict[str, Any]:
            _ensure_held(current, epoch)
            return {"heartbeat_at": at}

        return self._change(run.tenant_id, run.id, change)

    def give_back(
        self,
        run: Run,
        *,
        epoch: int,
        at: datetime,
        why: str,
        rests_until: datetime | None = None,
        counts: bool = True,
    ) -> Run:
        """Running → pending: the checkpoint is good and another attempt goes on from it, after its rest.

        `counts` False: that it ended is no sign of an attempt that gets nowhere.
        """

        def change(current: Run) -> dict[str, Any]:
            _ensure_held(current, epoch)
            return {
                "status": RunStatus.PENDING,
                "rests_until": rests_until,
                "attempts_without_progress": current.attempts_without_progress - (not counts),
                "timeline": _timeline(current, Moment(at=at, event="run_interrupted", note=why)),
            }

        return self._change(run.tenant_id, run.id, change)

    def finish(
        self,
        run: Run,
        *,
        epoch: int,
        at: datetime,
        status: RunStatus,
        error: RunError | None = None,
        along: Along = nothing,
    ) -> Run:
        """Running → completed | failed | cancelled, once; and with it, what `along` writes."""

        def change(current: Run) -> dict[str, Any]:
            _ensure_held(current, epoch)
            return {
                "status": status,
                "finished_at": at,
                "counts": run.counts.model_dump(),
                "usage": run.usage.model_dump(),
                "rows": run.rows,
                "error": error.model_dump() if error else None,
                "timeline": _timeline(current, Moment(at=at, event=f"run_{status}", note=error.code if error else "")),
            }

        return self._change(run.tenant_id, run.id, change, along=along)

    def give_up(self, run: Run, *, at: datetime, error: RunError, along: Along = nothing) -> Run:
        """Pending or left behind → failed; as above. Raises LeaseLost when a worker has taken it up since."""

        def change(current: Run) -> dict[str, Any]:
            if (current.status, current.lane_epoch) != (run.status, run.lane_epoch):
                raise LeaseLost(detail=f"run {run.id} is {current.status} under epoch {current.lane_epoch}")
            moment = Moment(at=at, event="run_failed", note=error.code)
            ended = {"status": RunStatus.FAILED, "finished_at": at, "error": error.model_dump()}
            return ended | {"timeline": _timeline(current, moment)}

        return self._change(run.tenant_id, run.id, change, along=along)

    def request_cancel(self, tenant_id: str, run_id: str, *, at: datetime) -> Run:
        """A waiting run is cancelled at once; a running one by its worker at the next batch boundary."""

        def change(current: Run) -> dict[str, Any]:
            if current.status.ended:
                raise Conflict(f"This run has already {current.status}.")
            if current.status is RunStatus.RUNNING:
                moment = Moment(at=at, event="cancel_requested")
                return {"cancel_requested": True, "timeline": _timeline(current, moment)}
            moment = Moment(at=at, event="run_cancelled")
            return {"status": RunStatus.CANCELLED, "finished_at": at, "timeline": _timeline(current, moment)}

        return self._change(tenant_id, run_id, change)

    def _change(
        self, tenant_id: str, run_id: str, change: Callable[[Run], dict[str, Any]], *, along: Along = nothing
    ) -> Run:
        document = self._document(tenant_id, run_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Run:
            current = self._parse(document.get(transaction=transaction))
            fields = change(current)
            changed = Run.model_validate(current.model_dump() | fields)
            remember = self._remembering(changed, transaction) if changed.status.ended else nothing
            transaction.update(document, fields)
            remember(transaction)
            along(transaction)
            return changed

        changed: Run = apply(self._db.transaction())
        return changed

    def _remembering(self, ended: Run, transaction: firestore.Transaction) -> Along:
        """Reads of the automation only what it writes: one that cannot be read any more hinders no end."""
        document = self._db.collection("tenants", ended.tenant_id, "automations").document(ended.automation_id)
        known = document.get(["recent_runs", "progress.laid_out"], transaction=transaction).to_dict()
        if known is None:
            return nothing
        recent = [*known.get("recent_runs", []), ended.recent().model_dump()]
        fields: dict[str, Any] = {"recent_runs": recent[-MAX_RECENT_RUNS:]}
        if ended.rows is not None and known.get("progress", {}).get("laid_out"):  # the run's tab is still its tab
            fields["progress.rows"] = ended.rows
        return lambda transaction: transaction.update(document, fields)

    def _runs(self, tenant_id: str) -> firestore.CollectionReference:
        return self._db.collection("tenants", tenant_id, "runs")

    def _document(self, tenant_id: str, run_id: str) -> firestore.DocumentReference:
        return self._runs(tenant_id).document(run_id)

    @staticmethod
    def _parse(snapshot: Any) -> Run:
        if not snapshot.exists:
            raise NotFound("There is no such run.")
        return Run.model_validate(snapshot.to_dict())


def _ensure_held(run: Run, epoch: int) -> None:
    if run.status is not RunStatus.RUNNING or run.lane_epoch != epoch:
        raise LeaseLost(detail=f"run {run.id} is {run.status} under epoch {run.lane_epoch}, not {epoch}")


def _timeline(run: Run, moment: Moment) -> list[dict[str, Any]]:
    """The first entry and the newest ones stay."""
    entries = [*run.timeline, moment]
    if len(entries) > MAX_TIMELINE:
        entries = [entries[0], *entries[-(MAX_TIMELINE - 1) :]]
    return [entry.model_dump() for entry in entries]
