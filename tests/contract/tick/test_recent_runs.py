"""What an automation remembers of its runs, whoever ends them."""

import pytest
from google.cloud import firestore

from backend.automations.change import paused
from backend.automations.model import Automation
from backend.errors import Category
from backend.runs.model import Counts, RecentRun, Run, RunError, RunStatus, Trigger, new_run
from tests.contract.tick.backend import Backend

GIVEN_UP = RunError(category=Category.UNKNOWN, code="run_given_up", message="Nobody came.", retriable=False)


@pytest.fixture
def automation(backend: Backend) -> Automation:
    return backend.automation()


def waiting(backend: Backend, automation: Automation, cause: str) -> Run:
    made = new_run(
        tenant_id=automation.tenant_id,
        automation_id=automation.id,
        connection_id=automation.configuration.connection_id,
        trigger=Trigger.MANUAL,
        cause=cause,
        at=backend.now,
    )
    return backend.runs.create(made)[0]


def now_of(backend: Backend, automation: Automation) -> Automation:
    return backend.automations.get(automation.tenant_id, automation.id)


def test_whatever_ends_a_run_is_remembered(backend: Backend, automation: Automation) -> None:
    """A worker, the sweep, and a person who cancels what waits; in the order of their ends."""
    carried_out, given_up, cancelled = (waiting(backend, automation, cause) for cause in ("key:1", "key:2", "key:3"))
    taken = backend.runs.take_up(carried_out, epoch=1, at=backend.now)
    counted = taken.model_copy(update={"counts": Counts(orders=4, added=3, updated=2, unchanged=9, removed=1)})
    backend.runs.finish(counted, epoch=1, at=backend.now, status=RunStatus.COMPLETED)
    backend.runs.give_up(given_up, at=backend.now, error=GIVEN_UP)
    backend.runs.request_cancel(cancelled.tenant_id, cancelled.id, at=backend.now)
    first, second, third = now_of(backend, automation).recent_runs
    assert first == RecentRun(
        id=carried_out.id,
        kind=carried_out.kind,
        trigger=Trigger.MANUAL,
        status=RunStatus.COMPLETED,
        started_at=backend.now,
        finished_at=backend.now,
        added=3,
        updated=2,
        removed=1,
        error_code=None,
    )
    assert (second.id, second.status, second.error_code) == (given_up.id, RunStatus.FAILED, "run_given_up")
    assert (third.id, third.status, third.started_at) == (cancelled.id, RunStatus.CANCELLED, None)


def test_last_twelve_are_remembered(backend: Backend, automation: Automation) -> None:
    """The oldest is forgotten for the newest, and none of it counts as a person's change."""
    runs = [waiting(backend, automation, f"key:{number}") for number in range(13)]
    for run in runs:
        backend.runs.request_cancel(run.tenant_id, run.id, at=backend.now)
    after = now_of(backend, automation)
    assert [run.id for run in after.recent_runs] == [run.id for run in runs[1:]]
    assert (after.version, after.updated_at) == (automation.version, automation.updated_at)


def test_persons_change_keeps_what_is_remembered(backend: Backend, automation: Automation) -> None:
    """It takes the automation as it is by then."""
    run = waiting(backend, automation, "key:1")
    backend.runs.request_cancel(run.tenant_id, run.id, at=backend.now)
    backend.automations.change(
        automation.tenant_id,
        automation.id,
        lambda current: paused(current, at=backend.now),
        guard=lambda _transaction: None,
    )
    assert [each.id for each in now_of(backend, automation).recent_runs] == [run.id]


def test_automation_from_before_remembers_from_now_on(backend: Backend, automation: Automation) -> None:
    """Its document does not have the field yet."""
    document = backend.db.document(f"tenants/{automation.tenant_id}/automations/{automation.id}")
    document.update({"recent_runs": firestore.DELETE_FIELD})
    assert now_of(backend, automation).recent_runs == []
    run = waiting(backend, automation, "key:1")
    backend.runs.request_cancel(run.tenant_id, run.id, at=backend.now)
    assert [each.id for each in now_of(backend, automation).recent_runs] == [run.id]


def test_run_of_a_deleted_automation_ends_all_the_same(backend: Backend, automation: Automation) -> None:
    """There is nobody left to remember it."""
    run = waiting(backend, automation, "key:1")
    backend.automations.delete(automation.tenant_id, automation.id)
    backend.runs.request_cancel(run.tenant_id, run.id, at=backend.now)
    assert backend.run(run).status is RunStatus.CANCELLED


@pytest.mark.parametrize("standing", [True, False])
def test_rows_are_those_of_the_present_tab(backend: Backend, automation: Automation, *, standing: bool) -> None:
    """What a run saw in a tab that its merchant has left meanwhile is not told of the new one."""
    progress = automation.progress.model_copy(
        update={"laid_out": {column.key: column for column in automation.configuration.columns} if standing else {}}
    )
    backend.automations.record_progress(automation, progress)
    taken = backend.runs.take_up(waiting(backend, automation, "key:1"), epoch=1, at=backend.now)
    seen = taken.model_copy(update={"rows": 7})
    backend.runs.finish(seen, epoch=1, at=backend.now, status=RunStatus.COMPLETED)
    assert now_of(backend, automation).progress.rows == (7 if standing else None)
