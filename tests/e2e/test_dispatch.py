"""A run's way through Cloud Tasks to the Cloud Run job, and what happens where the way is blocked."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from flask.testing import FlaskClient
from google.cloud import firestore

from backend.app import create_app
from backend.clock import utc_now
from backend.runs.everywhere import Everywhere
from backend.runs.lanes import LaneRepository
from backend.settings import Settings
from infra.local.demo.google_account import GoogleAccount
from infra.local.demo.merchant import Merchant
from infra.local.stack import TASKS_ACCOUNT, Stack
from tests.e2e.automations import any_automation, start_run
from tests.e2e.executions import await_execution, executions_of


def dispatch(stack: Stack, connection_id: str, *, tenant_id: str, **claims: Any) -> httpx.Response:
    """As Cloud Tasks calls."""
    token = GoogleAccount(stack, claims.pop("email", TASKS_ACCOUNT)).identity_token(
        **({"audience": stack.urls["backend"]} | claims)
    )
    return httpx.post(
        f"{stack.urls['backend']}/v1/internal/lanes/{connection_id}/dispatch",
        json={"tenant_id": tenant_id},
        headers={"Authorization": f"Bearer {token}"},
    )


def test_started_run_reaches_its_lane(stack: Stack, merchant: Merchant) -> None:
    """Cloud Tasks carries the run to a Cloud Run job that is told its lane."""
    automation = any_automation(merchant)
    started = start_run(merchant, automation["id"], "once")
    assert started.status_code == 202, started.text
    assert started.json()["status"] == "pending"
    assert [moment["event"] for moment in started.json()["timeline"]] == ["run_created"]
    await_execution(stack, automation["configuration"]["connection_id"])


def test_lane_whose_worker_lives_is_asked_for_again(
    stack: Stack, merchant: Merchant, documents: firestore.Client
) -> None:
    """Cloud Tasks comes back while the lease is held, and finds nothing to do when the lane was drained."""
    automation = any_automation(merchant)
    connection_id = automation["configuration"]["connection_id"]
    lanes = LaneRepository(documents, tenant_lanes=5)
    lanes.announce(connection_id, tenant_id=merchant.tenant_id, at=utc_now())
    lease = lanes.take(connection_id, holder="a worker", at=utc_now(), lease_s=60)
    assert lease is not None
    run = start_run(merchant, automation["id"], "key").json()
    held = dispatch(stack, connection_id, tenant_id=merchant.tenant_id)
    assert (held.status_code, held.json()["code"]) == (503, "lane_held")
    assert int(held.headers["Retry-After"]) >= 1
    merchant.http.post(f"/v1/runs/{run['id']}/cancel")
    drained = dispatch(stack, connection_id, tenant_id=merchant.tenant_id)
    assert (drained.status_code, drained.json()["outcome"]) == (200, "nothing_waits")
    assert not executions_of(stack, connection_id)


def test_lane_of_a_dead_worker_is_taken_up_when_its_lease_ends(
    stack: Stack, merchant: Merchant, documents: firestore.Client
) -> None:
    """Cloud Tasks itself comes again; nobody has to notice."""
    automation = any_automation(merchant)
    connection_id = automation["configuration"]["connection_id"]
    lanes = LaneRepository(documents, tenant_lanes=5)
    lanes.announce(connection_id, tenant_id=merchant.tenant_id, at=utc_now())
    assert lanes.take(connection_id, holder="a dead worker", at=utc_now(), lease_s=1)
    start_run(merchant, automation["id"], "key")
    await_execution(stack, connection_id)


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
    automation = any_automation(merchant)
    headers = {"Authorization": f"Bearer {merchant.token}", "Idempotency-Key": "key"}
    accepted = without_tasks.post(f"/v1/automations/{automation['id']}/runs", headers=headers)
    assert accepted.status_code == 202
    run = accepted.get_json()
    assert run["status"] == "pending"
    again = start_run(merchant, automation["id"], "key")
    assert (again.status_code, again.json()["id"]) == (200, run["id"])
    await_execution(merchant.stack, automation["configuration"]["connection_id"])


@pytest.fixture
def without_cloud_run(settings: Settings) -> FlaskClient:
    """The same backend while Cloud Run is down, or does not know the job."""
    return create_app(settings.model_copy(update={"run_endpoint": "http://127.0.0.1:1"})).test_client()


@pytest.mark.usefixtures("paused_queues")
def test_job_that_did_not_start_is_tried_again(
    stack: Stack, merchant: Merchant, without_cloud_run: FlaskClient, settings: Settings, documents: firestore.Client
) -> None:
    """Cloud Tasks is asked to come again when Cloud Run does not answer, and not when it never will start the job."""
    automation = any_automation(merchant)
    connection_id = automation["configuration"]["connection_id"]
    lanes = LaneRepository(documents, tenant_lanes=5)
    lanes.announce(connection_id, tenant_id=merchant.tenant_id, at=utc_now())
    held_in_the_past = utc_now() - timedelta(hours=1)
    assert lanes.take(connection_id, holder="long gone", at=held_in_the_past, lease_s=1)
    start_run(merchant, automation["id"], "key")
    token = GoogleAccount(stack, TASKS_ACCOUNT).identity_token(audience=stack.urls["backend"])
    request: dict[str, Any] = {
        "path": f"/v1/internal/lanes/{connection_id}/dispatch",
        "json": {"tenant_id": merchant.tenant_id},
        "headers": {"Authorization": f"Bearer {token}"},
    }
    assert without_cloud_run.post(**request).status_code == 503
    unknown_job = create_app(settings.model_copy(update={"run_job": "no-such-job"})).test_client()
    refused = unknown_job.post(**request)
    assert (refused.status_code, refused.json) == (200, {"outcome": "refused"})


@pytest.mark.usefixtures("paused_queues")
@pytest.mark.parametrize("cap", ["tenant_lanes", "max_lanes"])
def test_lane_beyond_a_cap_waits_its_turn(
    stack: Stack, merchant: Merchant, settings: Settings, documents: firestore.Client, cap: str
) -> None:
    """No job is started for it, and no task keeps asking: it is known to wait, for the next worker that comes free."""
    automation = any_automation(merchant)
    connection_id = automation["configuration"]["connection_id"]
    lanes = LaneRepository(documents, tenant_lanes=5)
    busy = f"busy-{connection_id}"
    lanes.announce(busy, tenant_id=merchant.tenant_id, at=utc_now())
    lease = lanes.take(busy, holder="a worker", at=utc_now(), lease_s=60)
    assert lease is not None
    start_run(merchant, automation["id"], "key")
    token = GoogleAccount(stack, TASKS_ACCOUNT).identity_token(audience=stack.urls["backend"])
    answer = (
        create_app(settings.model_copy(update={cap: 1}))
        .test_client()
        .post(
            f"/v1/internal/lanes/{connection_id}/dispatch",
            json={"tenant_id": merchant.tenant_id},
            headers={"Authorization": f"Bearer {token}"},
        )
    )
    assert (answer.status_code, answer.json) == (200, {"outcome": "waits_its_turn"})
    assert connection_id in {lane.connection_id for lane in Everywhere(documents).waiting_lanes(at=utc_now())}
    lanes.give_back(lease, drained=True)
