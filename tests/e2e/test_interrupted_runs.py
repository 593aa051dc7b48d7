"""Runs that are cancelled, stopped by Cloud Run, or not alone: what stands in the tab, and who goes on."""

from collections.abc import Iterator

import pytest

from infra.local.stack import JOB, LOCATION, PROJECT, Stack
from tests.e2e.automations import start_run
from tests.e2e.desk import Desk
from tests.e2e.executions import await_execution, cancel_execution, executions_of

WRITE = "spreadsheets.batchUpdate"
KEY = "the run's key"
TASK_TIMEOUT_S = 12
"""Several times what a worker needs to start, also where other work holds both processors."""


@pytest.fixture
def short_tasks(stack: Stack) -> Iterator[None]:
    """Cloud Run tells the job's attempts to end soon after they have begun."""
    url = f"{stack.urls['run']}/v2/projects/{PROJECT}/locations/{LOCATION}/jobs/{JOB}"
    template = stack.http.get(url).json()["template"]["template"]
    short = {"template": {"template": template | {"timeout": f"{TASK_TIMEOUT_S}s"}}}
    stack.http.patch(url, json=short).raise_for_status()
    yield
    stack.http.patch(url, json={"template": {"template": template}}).raise_for_status()


def start_and_reach_first_batch(desk: Desk, *, delay_s: float = 1.0) -> str:
    """A run of three batches, of which the first is being written right now."""
    desk.fill_shop(orders=650, lines=1)
    automation = desk.automate()
    desk.book.fault("delay", calls=WRITE, skip=1, delay_s=delay_s)
    run_id = desk.start(automation, key=KEY)
    desk.book.await_faults()
    return run_id


def test_cancelled_run_ends_at_a_batch_boundary(desk: Desk) -> None:
    """The batch in hand is finished and stays; a later run brings the rest."""
    run_id = start_and_reach_first_batch(desk)
    desk.ann.cancel_run(run_id)
    cancelled = desk.ended(run_id)
    automation = desk.ann.automation(cancelled["automation_id"])
    assert (cancelled["status"], cancelled["error"]) == ("cancelled", None)
    assert cancelled["counts"]["orders"] == cancelled["counts"]["added"] == 300
    assert [moment["event"] for moment in cancelled["timeline"]][-2:] == ["cancel_requested", "run_cancelled"]
    rows = desk.rows(automation)
    assert len(rows) == 300
    assert set(rows) <= set(desk.shop.rows())
    counts = desk.completed(automation)["counts"]
    assert (counts["added"], counts["unchanged"]) == (350, 300)
    assert desk.rows(automation) == desk.shop.rows()


def test_stopped_run_goes_on_from_its_checkpoint(desk: Desk) -> None:
    """SIGTERM lets the batch be finished; when the same request is sent again, the next attempt brings the rest."""
    run_id = start_and_reach_first_batch(desk)
    cancel_execution(desk.stack, await_execution(desk.stack, desk.connection_id))
    stopped = desk.waiting(run_id)
    assert [moment["event"] for moment in stopped["timeline"]] == ["run_created", "run_started", "run_interrupted"]
    assert stopped["counts"]["added"] == 300
    started_again = desk.ann.start_run(stopped["automation_id"], key=KEY)
    assert started_again["id"] == run_id
    ended = desk.ended(run_id)
    assert (ended["status"], ended["attempt"], ended["counts"]["added"]) == ("completed", 2, 650)
    assert desk.rows(desk.ann.automation(ended["automation_id"])) == desk.shop.rows()


@pytest.mark.usefixtures("short_tasks")
def test_run_that_outlasts_its_task_goes_on_by_itself(desk: Desk) -> None:
    """Cloud Run stops a task that takes too long and starts it again; nobody has to do anything."""
    run_id = start_and_reach_first_batch(desk, delay_s=float(TASK_TIMEOUT_S))
    ended = desk.ended(run_id)
    assert ended["status"] == "completed", ended["error"]
    assert ended["attempt"] > 1
    assert "run_interrupted" in [moment["event"] for moment in ended["timeline"]]
    assert ended["counts"]["added"] == 650
    assert desk.rows(desk.ann.automation(ended["automation_id"])) == desk.shop.rows()
    assert len(executions_of(desk.stack, desk.connection_id)) == 1


def test_automations_of_one_shop_run_one_after_the_other(desk: Desk) -> None:
    """The second run begins when the first has ended, however long that takes."""
    desk.fill_shop(orders=5)
    first, second = desk.automate(), desk.automate()
    desk.book.fault("delay", calls=WRITE, delay_s=1.0)
    run_ids = [desk.start(first), desk.start(second)]
    runs = [desk.ended(run_id) for run_id in run_ids]
    assert [run["status"] for run in runs] == ["completed", "completed"]
    assert runs[1]["started_at"] >= runs[0]["finished_at"]
    assert desk.rows(first) == desk.rows(second) == desk.shop.rows()


def test_api_answers_while_a_run_is_going_on(desk: Desk) -> None:
    """Nobody waits for a run but those who ask about it."""
    run_id = start_and_reach_first_batch(desk, delay_s=2.0)
    automation_id = desk.ann.run(run_id)["automation_id"]
    assert desk.ann.change_automation(automation_id, name="Renamed meanwhile")["version"] == 2
    accepted = start_run(desk.ann, automation_id, "another")
    assert (accepted.status_code, accepted.json()["status"]) == (202, "pending")
    assert desk.ann.http.get("/v1/automations").status_code == 200
    assert desk.ann.run(run_id)["status"] == "running"
    assert desk.ended(run_id)["status"] == "completed"
    assert desk.ended(accepted.json()["id"])["counts"]["added"] == 0
