"""Claiming what is due: one transaction an automation, so that each instant makes one run, whoever else is ticking."""

from datetime import datetime
from typing import Any

from google.cloud import firestore

from backend.automations.model import Automation
from backend.automations.timetable import claimed, is_due
from backend.runs.model import Run, RunStatus, Trigger, new_run


class Claims:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def claim(self, tenant_id: str, automation_id: str, *, at: datetime) -> Run | None:
        """The run of the instant that has come.

        None when there is nothing to start: another tick was first, it is no longer due, or the run of an earlier
        instant still waits to be taken up, and will bring what there is by then.
        """
        tenant = self._db.collection("tenants").document(tenant_id)
        document = tenant.collection("automations").document(automation_id)
        runs = tenant.collection("runs")

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Run | None:
            found = document.get(transaction=transaction).to_dict()
            automation = Automation.model_validate(found) if found else None
            if automation is None or not is_due(automation, at=at):
                return None
            run = scheduled_run(automation, at=at)
            needless = self._waits_already(runs, run, earlier=automation.scheduled_run_id, transaction=transaction)
            after = claimed(automation, at=at)
            changes: dict[str, Any] = {
                "next_run_at": after.next_run_at,
                "scheduler_locked_until": after.scheduler_locked_until,
            }
            if not needless:
                transaction.create(runs.document(run.id), run.model_dump())
                changes["scheduled_run_id"] = run.id
            transaction.update(document, changes)
            return None if needless else run

        run: Run | None = apply(self._db.transaction())
        return run

    def _waits_already(
        self, runs: firestore.CollectionReference, run: Run, *, earlier: str | None, transaction: firestore.Transaction
    ) -> bool:
        references = [runs.document(known) for known in {run.id, earlier} - {None}]
        found = self._db.get_all(references, field_paths=["status"], transaction=transaction)
        return any(each.exists and (each.id == run.id or each.get("status") == RunStatus.PENDING) for each in found)


def scheduled_run(automation: Automation, *, at: datetime) -> Run:
    """Of an automation that is due. The instant is the cause, so that no second run can come of it."""
    instant = automation.next_run_at or at
    return new_run(
        tenant_id=automation.tenant_id,
        automation_id=automation.id,
        connection_id=automation.configuration.connection_id,
        trigger=Trigger.SCHEDULE,
        cause=f"schedule:{instant.isoformat()}",
        at=at,
        scheduled_for=instant,
    )
