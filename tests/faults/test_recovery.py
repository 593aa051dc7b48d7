"""What dies between the cause of a run and its end, and how the run ends all the same, once.

On a stack of its own: whole services are killed, and ticks come from a clock that is ahead of the others.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from google.cloud import firestore

from backend.clock import utc_now
from backend.tick_job import TICK_PATH
from infra.local.demo.google_account import GoogleAccount
from infra.local.demo.merchant import Merchant
from infra.local.stack import CHECKOUT, JOB, LOCATION, PROJECT, SCHEDULER_ACCOUNT, Stack
from tests.contract.firestore.conftest import client_of
from tests.contract.worker import until
from tests.e2e.desk import Desk
from tests.e2e.executions import executions_of

HURRIED = {
    "TABKEEPER_LEASE_S": "4",
    "TABKEEPER_SHEETS_TIMEOUT_S": "3",
    "TABKEEPER_START_S": "3",
    "TABKEEPER_REQUEST_TIMEOUT_S": "2",
    "TABKEEPER_WORKER_S": "0",
}
LATER_S = 360.0
"""By then the tick calls for what waits, also where it has called before."""
ONCE_A_YEAR = {"cron": "0 0 1 7 *"}


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("own"), quota="off", settings=HURRIED) as stack:
        yield stack


@pytest.fixture(scope="module")
def desk(own_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    ann = Merchant(own_stack, email="ann@shop.example")
    ann.sign_in()
    desk = Desk(ann, tmp_path_factory.mktemp("desk"))
    desk.fill_shop(orders=40, lines=1)
    yield desk
    ann.close()


@pytest.fixture
def documents(own_stack: Stack) -> Iterator[firestore.Client]:
    with client_of(own_stack.urls["firestore"], project=PROJECT) as client:
        yield client


def backend(stack: Stack, moment: str, path: str, token: str, *, ahead_s: float = 0.0) -> int:
    """The exit code of a backend that answers one POST, or is killed while it does."""
    command = [sys.executable, "-m", "tests.faults.killed_backend", moment, str(ahead_s), path, token]
    done = subprocess.run(command, cwd=CHECKOUT, env=stack.environment, check=False, stdout=subprocess.DEVNULL)
    return done.returncode


def tick(stack: Stack, moment: str = "never", *, ahead_s: float = 0.0) -> int:
    token = GoogleAccount(stack, SCHEDULER_ACCOUNT).identity_token(audience=stack.urls["backend"])
    return backend(stack, moment, TICK_PATH, token, ahead_s=ahead_s)


def runs_of(desk: Desk, automation: dict[str, Any]) -> list[dict[str, Any]]:
    page = desk.ann.http.get("/v1/runs", params={"automation_id": automation["id"]}).json()
    return list(page["runs"])


def assert_one_run_filled_the_tab(desk: Desk, automation: dict[str, Any]) -> None:
    (run,) = runs_of(desk, automation)
    ended = desk.ended(run["id"])
    assert ended["status"] == "completed", ended["error"]
    assert desk.rows(automation) == desk.shop.rows()


@pytest.mark.parametrize("moment", ["before:create", "after:create", "after:enqueue"])
def test_backend_killed_while_it_starts_a_run(own_stack: Stack, desk: Desk, moment: str) -> None:
    """Whoever asked repeats the request when there is no answer; the run ends once, with or without that."""
    automation = desk.automate(on_change=False)
    path = f"/v1/automations/{automation['id']}/runs"
    assert backend(own_stack, moment, path, desk.ann.token) == -signal.SIGKILL
    if moment == "before:create":
        assert runs_of(desk, automation) == []
        desk.ann.start_run(automation["id"], key="key")
    assert tick(own_stack, ahead_s=LATER_S) == 0
    assert_one_run_filled_the_tab(desk, automation)


@pytest.mark.parametrize("moment", ["before:claim", "after:claim", "after:enqueue"])
def test_backend_killed_in_a_tick(own_stack: Stack, desk: Desk, documents: firestore.Client, moment: str) -> None:
    """The next tick starts what is still due, and a later one what was claimed and not enqueued."""
    automation = desk.automate(schedule=ONCE_A_YEAR)
    document = documents.document(f"tenants/{desk.ann.tenant_id}/automations/{automation['id']}")
    document.update({"next_run_at": utc_now() - timedelta(hours=1)})
    assert tick(own_stack, moment) == -signal.SIGKILL
    assert tick(own_stack) == 0
    assert len(runs_of(desk, automation)) == 1
    assert tick(own_stack, ahead_s=LATER_S) == 0
    assert_one_run_filled_the_tab(desk, automation)


@contextmanager
def deadly_job(stack: Stack) -> Iterator[None]:
    """Every container dies before it takes its lane, and Cloud Run does not start it again."""
    url = f"{stack.urls['run']}/v2/projects/{PROJECT}/locations/{LOCATION}/jobs/{JOB}"
    template = stack.http.get(url).json()["template"]["template"]
    (container,) = template["containers"]
    command = [sys.executable, "-m", "tests.faults.killed_worker", "before:take", "1"]
    deadly = template | {"containers": [container | {"command": command}], "maxRetries": 0}
    stack.http.patch(url, json={"template": {"template": deadly}}).raise_for_status()
    yield
    stack.http.patch(url, json={"template": {"template": template}}).raise_for_status()


def test_job_killed_before_it_takes_its_lane(own_stack: Stack, desk: Desk) -> None:
    """Its task is done and nobody holds the lane: a later tick calls another worker."""
    automation = desk.automate(on_change=False)
    with deadly_job(own_stack):
        run_id = desk.start(automation)
        until(lambda: any("completionTime" in each for each in executions_of(own_stack, desk.connection_id)))
    assert desk.ann.run(run_id)["attempt"] == 0
    assert tick(own_stack, ahead_s=LATER_S) == 0
    assert_one_run_filled_the_tab(desk, automation)


def test_cloud_tasks_away(own_stack: Stack, desk: Desk) -> None:
    """The run is taken all the same; a tick enqueues it when Cloud Tasks is back."""
    automation = desk.automate(on_change=False)
    own_stack.kill("tasks")
    run_id = desk.start(automation)
    assert tick(own_stack, ahead_s=LATER_S) == 0
    assert desk.ann.run(run_id)["status"] == "pending"
    own_stack.revive("tasks")
    assert tick(own_stack, ahead_s=2 * LATER_S) == 0
    assert_one_run_filled_the_tab(desk, automation)


def test_firestore_away_in_the_middle_of_a_run(own_stack: Stack, desk: Desk) -> None:
    """Whoever is at work then ends or waits; the run goes on from its checkpoint and ends once."""
    automation = desk.automate(on_change=False)
    desk.book.fault("delay", calls="spreadsheets.batchUpdate", skip=1, delay_s=1.0)
    desk.start(automation)
    desk.book.await_faults()
    own_stack.kill("firestore")
    assert tick(own_stack) == 1
    own_stack.revive("firestore")
    assert tick(own_stack, ahead_s=LATER_S) == 0
    assert_one_run_filled_the_tab(desk, automation)
