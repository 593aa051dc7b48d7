"""Starting runs by hand and for what webhooks reported, reading them, cancelling them, trying them again."""

from datetime import datetime
from typing import Any

import structlog
from google.api_core.exceptions import GoogleAPICallError, RetryError

from backend.automations.model import Automation, Status
from backend.automations.repository import AutomationRepository
from backend.clock import Clock
from backend.errors import Conflict, NotFound
from backend.runs.dispatch import LaneTasks
from backend.runs.lanes import LaneRepository
from backend.runs.model import Run, RunKind, RunStatus, Trigger, new_run, run_id
from backend.runs.repository import RunRepository

_log = structlog.get_logger()


class RunService:
    def __init__(
        self,
        runs: RunRepository,
        *,
        automations: AutomationRepository,
        lanes: LaneRepository,
        tasks: LaneTasks,
        clock: Clock,
    ) -> None:
        self._runs = runs
        self._automations = automations
        self._lanes = lanes
        self._tasks = tasks
        self._clock = clock

    def start(
        self, tenant_id: str, automation_id: str, *, idempotency_key: str, kind: RunKind = RunKind.SYNC
    ) -> tuple[Run, bool]:
        """The run of this key, and whether this call made it. It is written before it is enqueued, so that none is
        lost; it never waits for the run.
        """
        automation = self._automations.get(tenant_id, automation_id)
        return self._start(automation, Trigger.MANUAL, f"key:{idempotency_key}", kind=kind)

    def retry(self, tenant_id: str, ended_id: str) -> tuple[Run, bool]:
        """Another run of what failed or was cancelled: one, however often it is asked for; and whether this call made
        it.
        """
        ended = self._runs.get(tenant_id, ended_id)
        if ended.status not in {RunStatus.FAILED, RunStatus.CANCELLED}:
            raise Conflict(f"This run is {ended.status}: only what failed or was cancelled can be tried again.")
        automation = self._automations.get(tenant_id, ended.automation_id)
        return self._start(automation, Trigger.RETRY, f"retry:{ended.id}", kind=ended.kind, order_ids=ended.order_ids)

    def bring_orders(self, automation: Automation, order_ids: list[str], *, cause: str) -> Run:
        """The run that brings these orders into the automation's tab: one that waits for such already, or a new one.

        The same cause makes no second run.
        """
        run = self._runs.name_orders(automation.tenant_id, automation.id, order_ids, at=self._clock())
        if run is None:
            run, _created = self._start(automation, Trigger.WEBHOOK, cause, order_ids=order_ids)
        else:
            self.dispatch(run)
        return run

    def get(self, tenant_id: str, wanted_id: str) -> Run:
        return self._runs.get(tenant_id, wanted_id)

    def page(
        self, tenant_id: str, *, automation_id: str | None, only_open: bool, limit: int, after: str | None
    ) -> tuple[list[Run], str | None]:
        """The newest first, and the token of the next page when there is one."""
        return self._runs.page(tenant_id, automation_id=automation_id, only_open=only_open, limit=limit, after=after)

    def cancel(self, tenant_id: str, cancelled_id: str) -> Run:
        """A running run ends at its next batch boundary; its rows stay."""
        run = self._runs.request_cancel(tenant_id, cancelled_id, at=self._clock())
        _log.info("run_cancel_requested", run_id=run.id, automation_id=run.automation_id, lane=run.connection_id)
        return run

    def dispatch(self, run: Run, *, not_before: datetime | None = None, again: int | None = None) -> None:
        """Have a worker started for a run that is written; see LaneTasks.enqueue. One that could not be enqueued stays
        pending, and the sweep enqueues it.
        """
        try:
            self._lanes.announce(
                run.connection_id,
                tenant_id=run.tenant_id,
                at=self._clock(),
                person=run.is_for_a_person,
                again=again is not None,
            )
            self._tasks.enqueue(run, not_before=not_before, again=again)
        except (GoogleAPICallError, RetryError) as error:
            _log.warning(
                "run_not_enqueued",
                run_id=run.id,
                automation_id=run.automation_id,
                lane=run.connection_id,
                reason=type(error).__name__,
            )

    def _start(self, automation: Automation, trigger: Trigger, cause: str, **details: Any) -> tuple[Run, bool]:
        """The run of this cause, on its way, and whether this call made it."""
        if automation.status is not Status.ACTIVE:
            return self._earlier(automation, run_id(automation.id, cause)), False
        run, created = self._runs.create(
            new_run(
                tenant_id=automation.tenant_id,
                automation_id=automation.id,
                connection_id=automation.configuration.connection_id,
                trigger=trigger,
                cause=cause,
                at=self._clock(),
                **details,
            )
        )
        if created:
            _log.info("run_created", run_id=run.id, automation_id=run.automation_id, lane=run.connection_id)
        if run.status is RunStatus.PENDING:
            self.dispatch(run)
        return run, created

    def _earlier(self, automation: Automation, wanted_id: str) -> Run:
        """A repeated request is answered alike, though no new run may start by now."""
        try:
            return self._runs.get(automation.tenant_id, wanted_id)
        except NotFound:
            raise Conflict(_why_not(automation)) from None


def _why_not(automation: Automation) -> str:
    if automation.attention:
        return f"The automation is waiting for you: {automation.attention.message}"
    return "The automation is paused. Resume it first."
