"""Runs through HTTP, and their way through Cloud Tasks to the Cloud Run job."""

import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from flask.testing import FlaskClient
from google.cloud import firestore

from backend.app import create_app
from backend.automations.model import Automation
from backend.automations.repository import AutomationRepository
from backend.clock import utc_now
from backend.runs.lanes import LaneRepository
from backend.settings import Settings
from tests.e2e.merchant import Merchant
from tests.e2e.stack import TASKS_ACCOUNT, Stack

PATIENCE_S = 20.0


def lanes_started(stack: Stack) -> list[str]:
    """The lanes for which a job was started, by the words that Cloud Run was given."""
    commands = [
        container.get("command", []) + container.get("args", [])
        for execution in stack.executions()
        for container in execution["template"]["containers"]
    ]
    return [words[-1] for words in commands if words[-2] == "lane"]


def await_lane(stack: Stack, connection_id: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while connection_id not in lanes_started(stack):
        assert time.monotonic() < deadline, f"no job was started for {connection_id}"
        time.sleep(0.05)


def dispatch(stack: Stack, connection_id: str, *, tenant_id: str, **claims: Any) -> httpx.Response:
    """As Cloud Tasks calls."""
    token = stack.identity_token(claims.pop("email", TASKS_ACCOUNT), **({"audience": stack.api} | claims))
    return httpx.post(
        f"{stack.api}/v1/internal/lanes/{connection_id}/dispatch",
        json={"tenant_id": tenant_id},
        headers={"Authorization": f"Bearer {token}"},
    )


def test_started_run_reaches_its_lane(stack: Stack, merchant: Merchant) -> None:
    """Cloud Tasks carries the run to a Cloud Run job that is told its lane."""
    automation = merchant.create_automation()
    started = merchant.start_run(automation["id"], "once")
    assert started.status_code == 202, started.text
    assert started.json()["status"] == "pending"
    assert [moment["event"] for moment in started.json()["timeline"]] == ["run_created"]
    await_lane(stack, automation["configuration"]["connection_id"])


def test_repeated_key_makes_no_second_run(merchant: Merchant) -> None:
    """A client that did not see the answer gets the run that it started."""
    automation = merchant.create_automation()
    first = merchant.start_run(automation["id"], "key")
    again = merchant.start_run(automation["id"], "key")
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json()
    assert merchant.start_run(automation["id"], "another").json()["id"] != first.json()["id"]
    assert len(merchant.http.get("/v1/runs").json()["runs"]) == 2


def test_key_is_required(merchant: Merchant) -> None:
    """Without a key a repeated request could not be told from a second run."""
    automation = merchant.create_automation()
    refused = merchant.http.post(f"/v1/automations/{automation['id']}/runs")
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == ["Idempotency-Key"]


def test_paused_automation_starts_no_run(merchant: Merchant) -> None:
    """A new run is refused with a sentence; a repeated request is still answered with its run."""
    automation = merchant.create_automation()
    run = merchant.start_run(automation["id"], "before").json()
    merchant.http.post(f"/v1/automations/{automation['id']}/pause")
    refused = merchant.start_run(automation["id"], "after")
    assert refused.status_code == 409
    assert "paused" in refused.json()["detail"]
    assert merchant.start_run(automation["id"], "before").json() == run


def test_automation_that_needs_attention_says_why(merchant: Merchant, documents: firestore.Client) -> None:
    """What a run found is told at the next attempt, and resuming says that it was put right."""
    created = merchant.create_automation()
    automations = AutomationRepository(documents)
    automation: Automation = automations.get(merchant.tenant_id, created["id"])
    told = {"code": "tab_gone", "message": "The tab was deleted."}
    assert automations.need_attention(automation, **told, since=utc_now())
    assert "The tab was deleted." in merchant.start_run(created["id"], "key").json()["detail"]
    shown = merchant.http.get(f"/v1/automations/{created['id']}").json()
    assert (shown["status"], shown["attention"]["code"]) == ("needs_attention", "tab_gone")
    resumed = merchant.http.post(f"/v1/automations/{created['id']}/resume").json()
    assert (resumed["status"], resumed["attention"]) == ("active", None)
    assert merchant.start_run(created["id"], "key").status_code == 202


def test_runs_are_paged_newest_first(merchant: Merchant) -> None:
    """Every run is on exactly one page, also when only one automation is asked for."""
    first, second = merchant.create_automation(), merchant.create_automation()
    ids = [merchant.start_run(first["id"], f"key {number}").json()["id"] for number in range(5)]
    other = merchant.start_run(second["id"], "key").json()["id"]

    def pages(**query: Any) -> list[str]:
        seen: list[str] = []
        token = None
        while True:
            page = merchant.http.get("/v1/runs", params=query | ({"page_token": token} if token else {})).json()
            seen += [run["id"] for run in page["runs"]]
            token = page["next_page_token"]
            if token is None:
                return seen

    assert pages(limit=2) == [other, *reversed(ids)]
    assert pages(limit=2, automation_id=first["id"]) == list(reversed(ids))


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"page_token": "../x"}, {"colour": "red"}])
def test_wrong_query_is_named(merchant: Merchant, query: dict[str, Any]) -> None:
    """A query that makes no sense is refused by its name."""
    refused = merchant.http.get("/v1/runs", params=query)
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == list(query)


def test_waiting_run_is_cancelled_at_once(merchant: Merchant) -> None:
    """And only once: an ended run cannot be cancelled."""
    automation = merchant.create_automation()
    run = merchant.start_run(automation["id"], "key").json()
    cancelled = merchant.http.post(f"/v1/runs/{run['id']}/cancel")
    assert cancelled.status_code == 202
    assert merchant.http.get(f"/v1/runs/{run['id']}").json()["status"] == "cancelled"
    assert merchant.http.post(f"/v1/runs/{run['id']}/cancel").status_code == 409


def test_lane_whose_worker_lives_is_asked_for_again(
    stack: Stack, merchant: Merchant, documents: firestore.Client
) -> None:
    """Cloud Tasks comes back while the lease is held, and finds nothing to do when the lane was drained."""
    automation = merchant.create_automation()
    connection_id = automation["configuration"]["connection_id"]
    lanes = LaneRepository(documents)
    lanes.announce(connection_id, tenant_id=merchant.tenant_id)
    lease = lanes.take(connection_id, holder="a worker", at=utc_now(), lease_s=60)
    assert lease is not None
    run = merchant.start_run(automation["id"], "key").json()
    held = dispatch(stack, connection_id, tenant_id=merchant.tenant_id)
    assert (held.status_code, held.json()["code"]) == (503, "lane_held")
    assert int(held.headers["Retry-After"]) >= 1
    merchant.http.post(f"/v1/runs/{run['id']}/cancel")
    drained = dispatch(stack, connection_id, tenant_id=merchant.tenant_id)
    assert (drained.status_code, drained.json()["outcome"]) == (200, "nothing_waits")
    assert connection_id not in lanes_started(stack)


def test_lane_of_a_dead_worker_is_taken_up_when_its_lease_ends(
    stack: Stack, merchant: Merchant, documents: firestore.Client
) -> None:
    """Cloud Tasks itself comes again; nobody has to notice."""
    automation = merchant.create_automation()
    connection_id = automation["configuration"]["connection_id"]
    lanes = LaneRepository(documents)
    lanes.announce(connection_id, tenant_id=merchant.tenant_id)
    assert lanes.take(connection_id, holder="a dead worker", at=utc_now(), lease_s=1)
    merchant.start_run(automation["id"], "key")
    await_lane(stack, connection_id)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"email": "stranger@tabkeeper-local.iam.gserviceaccount.com"}, 403),
        ({"audience": "https://elsewhere.example"}, 401),
        ({"expires_in_s": -60}, 401),
        ({"email_verified": False}, 401),
    ],
)
def test_only_cloud_tasks_dispatches(stack: Stack, claims: dict[str, Any], status: int) -> None:
    """Neither another caller nor a token made for another service starts a job."""
    assert dispatch(stack, "con_1", tenant_id="ten_1", **claims).status_code == status


def test_session_token_does_not_dispatch(merchant: Merchant) -> None:
    """A merchant is not Cloud Tasks."""
    answer = merchant.http.post("/v1/internal/lanes/con_1/dispatch", json={"tenant_id": merchant.tenant_id})
    assert answer.status_code == 401


@pytest.fixture
def without_tasks(settings: Settings) -> FlaskClient:
    """The same backend while Cloud Tasks is down."""
    changes = {"tasks_endpoint": "127.0.0.1:1", "request_timeout_s": 0.5}
    return create_app(settings.model_copy(update=changes)).test_client()


def test_run_that_cannot_be_enqueued_is_kept(merchant: Merchant, without_tasks: FlaskClient) -> None:
    """The run waits, and the same request enqueues it once Cloud Tasks is back."""
    automation = merchant.create_automation()
    headers = {"Authorization": f"Bearer {merchant.token}", "Idempotency-Key": "key"}
    accepted = without_tasks.post(f"/v1/automations/{automation['id']}/runs", headers=headers)
    assert accepted.status_code == 202
    run = accepted.get_json()
    assert run["status"] == "pending"
    again = merchant.start_run(automation["id"], "key")
    assert (again.status_code, again.json()["id"]) == (200, run["id"])
    await_lane(merchant.stack, automation["configuration"]["connection_id"])


@pytest.fixture
def without_cloud_run(settings: Settings) -> FlaskClient:
    """The same backend while Cloud Run is down, or does not know the job."""
    return create_app(settings.model_copy(update={"run_endpoint": "http://127.0.0.1:1"})).test_client()


def test_job_that_did_not_start_is_tried_again(
    stack: Stack, merchant: Merchant, without_cloud_run: FlaskClient, settings: Settings, documents: firestore.Client
) -> None:
    """Cloud Tasks is asked to come again when Cloud Run does not answer, and not when it never will start the job."""
    automation = merchant.create_automation()
    connection_id = automation["configuration"]["connection_id"]
    lanes = LaneRepository(documents)
    lanes.announce(connection_id, tenant_id=merchant.tenant_id)
    held_in_the_past = utc_now() - timedelta(hours=1)
    assert lanes.take(connection_id, holder="long gone", at=held_in_the_past, lease_s=1)
    merchant.start_run(automation["id"], "key")
    token = stack.identity_token(TASKS_ACCOUNT, audience=stack.api)
    request: dict[str, Any] = {
        "path": f"/v1/internal/lanes/{connection_id}/dispatch",
        "json": {"tenant_id": merchant.tenant_id},
        "headers": {"Authorization": f"Bearer {token}"},
    }
    assert without_cloud_run.post(**request).status_code == 503
    unknown_job = create_app(settings.model_copy(update={"run_job": "no-such-job"})).test_client()
    refused = unknown_job.post(**request)
    assert (refused.status_code, refused.json) == (200, {"outcome": "refused"})
