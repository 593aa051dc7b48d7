"""A run at which one worker after the other dies."""

import sys
from collections.abc import Iterator

import pytest
from google.cloud import firestore

from backend.runs.model import MAX_ATTEMPTS_WITHOUT_PROGRESS
from infra.local.stack import PROJECT
from tests.contract.firestore.conftest import client_of
from tests.faults.world import World, killed

KILLER = [sys.executable, "-m", "tests.faults.killed_worker"]


@pytest.fixture
def documents(world: World) -> Iterator[firestore.Client]:
    with client_of(world.stack.urls["firestore"], project=PROJECT) as client:
        yield client


def test_run_at_which_every_worker_dies_is_given_up(world: World, documents: firestore.Client) -> None:
    """The sixth ends it with a sentence and leaves the tab alone; resumed and tried again, it fills the tab."""
    world.open(orders=5)
    run_id = world.start_run()
    earlier = {"attempts_without_progress": MAX_ATTEMPTS_WITHOUT_PROGRESS - 1}
    documents.document(f"tenants/{world.ann.tenant_id}/runs/{run_id}").update(earlier)
    assert killed(world.worker([*KILLER, "after:take_up", "1"])), world.log()
    assert world.work(CLOUD_RUN_TASK_ATTEMPT="1") == 0, world.log()
    run = world.ann.run(run_id)
    assert (run["status"], run["error"]["code"]) == ("failed", "run_given_up")
    assert len(world.book.everything()["sheets"]) == 1, "the one that every spreadsheet begins with"
    stopped = world.ann.automation(world.automation["id"])
    assert (stopped["status"], stopped["attention"]["code"]) == ("needs_attention", "run_given_up")
    world.ann.resume(world.automation["id"])
    again = world.ann.http.post(f"/v1/runs/{run_id}/retry").raise_for_status().json()
    assert world.work(CLOUD_RUN_TASK_ATTEMPT="2") == 0, world.log()
    assert world.ann.run(again["id"])["status"] == "completed"
    assert world.tab_rows() == world.shop.rows()
