"""Every state in which a crash can leave a run, and the tick that takes it up or ends it."""

from datetime import timedelta

import pytest

from backend.automations.model import Status
from backend.errors import Category, LeaseLost
from backend.runs.model import RunError, RunStatus
from tests.contract.tick.backend import LEASE_S, Backend

GIVEN_UP = RunError(category=Category.UNKNOWN, code="run_given_up", message="Nobody came.", retriable=False)


def test_run_that_was_never_enqueued_is_enqueued(backend: Backend) -> None:
    """Its backend died between the two; a little later the tick sees it."""
    run = backend.written_run(backend.automation())
    backend.pass_time(seconds=119)
    backend.tick()
    assert backend.calls(run) == 0
    backend.pass_time(seconds=1)
    backend.tick()
    assert backend.calls(run) == 1


def test_worker_that_never_came_is_called_again(backend: Backend) -> None:
    """Every five minutes rather than at each tick, whether its job did not start or died before it took the lane."""
    run = backend.written_run(backend.automation())
    for _ in range(11):
        backend.pass_time(minutes=1)
        backend.tick()
    assert 2 <= backend.calls(run) <= 3


def test_lane_is_called_for_once_however_many_runs_wait_in_it(backend: Backend) -> None:
    """One worker carries them all out."""
    automation = backend.automation()
    runs = [backend.written_run(automation)]
    runs.append(backend.runs.create(runs[0].model_copy(update={"id": "run_2"}))[0])
    backend.pass_time(minutes=3)
    backend.tick()
    assert backend.calls(runs[0]) == 1


def test_run_of_a_dead_worker_is_called_for_when_its_lease_has_ended(backend: Backend) -> None:
    """Not before: until then the worker may be alive."""
    run = backend.written_run(backend.automation())
    lease = backend.take_up(run)
    lease = backend.lanes.renew(lease, at=backend.pass_time(minutes=4), lease_s=LEASE_S)
    backend.tick()
    assert backend.calls(run) == 0
    backend.pass_time(seconds=LEASE_S)
    backend.tick()
    assert backend.calls(run) == 1


def test_holder_that_gets_nowhere_loses_its_lane(backend: Backend) -> None:
    """It cannot renew any more; when its lease is over, and with it any write of its own, another worker is called."""
    run = backend.written_run(backend.automation())
    lease = backend.take_up(run)
    backend.pass_time(minutes=30)
    lease = backend.lanes.renew(lease, at=backend.now, lease_s=LEASE_S)
    backend.tick()
    with pytest.raises(LeaseLost):
        backend.lanes.renew(lease, at=backend.now, lease_s=LEASE_S)
    assert backend.lanes.take(run.connection_id, holder="next", at=backend.now, lease_s=LEASE_S) is None
    backend.pass_time(seconds=LEASE_S)
    backend.tick()
    assert backend.calls(run) == 1
    taken = backend.lanes.take(run.connection_id, holder="next", at=backend.now, lease_s=LEASE_S)
    assert taken is not None
    assert taken.epoch == lease.epoch + 1


def test_run_that_nobody_could_take_up_for_a_day_is_given_up(backend: Backend) -> None:
    """It is failed with a reason, its automation waits for the merchant, and no worker is called any more."""
    automation = backend.automation()
    run = backend.written_run(automation)
    backend.pass_time(minutes=2)
    backend.tick()
    backend.pass_time(hours=24)
    backend.tick()
    ended = backend.run(run)
    assert (ended.status, ended.error and ended.error.code) == (RunStatus.FAILED, "run_given_up")
    assert ended.finished_at == backend.now
    stopped = backend.automations.get(automation.tenant_id, automation.id)
    assert stopped.status is Status.NEEDS_ATTENTION
    assert stopped.attention
    assert stopped.attention.code == "run_given_up"
    assert backend.calls(run) == 1


def test_run_for_which_nobody_called_is_called_for_first(backend: Backend) -> None:
    """Nobody ticked for days."""
    run = backend.written_run(backend.automation())
    backend.pass_time(days=3)
    backend.tick()
    assert (backend.run(run).status, backend.calls(run)) == (RunStatus.PENDING, 1)


def test_run_whose_turn_does_not_come_is_not_given_up(backend: Backend) -> None:
    """Its tenant has as many lanes running as it may, for days."""
    automation = backend.automation()
    run = backend.written_run(automation)
    for number in range(backend.tenant_lanes):
        busy = run.model_copy(update={"id": f"run_{number}", "connection_id": f"{run.connection_id}_{number}"})
        lease = backend.take_up(backend.runs.create(busy)[0])
        backend.lanes.renew(lease, at=backend.now, lease_s=timedelta(days=3).total_seconds())
    for _ in range(3):
        backend.pass_time(hours=12)
        backend.tick()
        assert backend.dispatch(run) == "waits_its_turn"
    assert backend.run(run).status is RunStatus.PENDING
    assert backend.automations.get(automation.tenant_id, automation.id).status is Status.ACTIVE


def test_lane_in_which_a_worker_was_alive_is_called_for_anew(backend: Backend) -> None:
    """A run that rests for long is not given up for what was called in vain before."""
    run = backend.written_run(backend.automation())
    backend.pass_time(minutes=2)
    backend.tick()
    lease = backend.take_up(run)
    backend.runs.give_back(run, epoch=lease.epoch, at=backend.now, why="rest")
    backend.lanes.give_back(lease, drained=True)
    backend.pass_time(hours=25)
    backend.tick()
    assert backend.run(run).status is RunStatus.PENDING


def test_run_that_is_taken_up_meanwhile_is_not_given_up(backend: Backend) -> None:
    """What the tick saw of it does not hold any more."""
    seen = backend.written_run(backend.automation())
    backend.take_up(seen)
    with pytest.raises(LeaseLost):
        backend.runs.give_up(seen, at=backend.now, error=GIVEN_UP)
    assert backend.run(seen).status is RunStatus.RUNNING


def test_changes_that_no_task_came_for_get_one(backend: Backend) -> None:
    """The ingress died right after it had noted them; when two windows have passed the tick calls for their run."""
    automation = backend.automation()
    connection_id = automation.configuration.connection_id
    backend.note_change(automation)
    backend.pass_time(seconds=19)
    backend.tick()
    assert not backend.has_task(f"changes-{connection_id}")
    backend.pass_time(seconds=1)
    backend.tick()
    assert backend.has_task(f"changes-{connection_id}")


def test_one_unreadable_document_does_not_stop_the_tick(backend: Backend) -> None:
    """It is logged, and all others are seen to."""
    broken = backend.automation()
    backend.db.document(f"tenants/{broken.tenant_id}/runs/run_0").set({"status": "pending", "created_at": backend.now})
    run = backend.written_run(backend.automation())
    backend.pass_time(minutes=3)
    backend.tick()
    assert backend.calls(run) == 1
