"""What /ops tells of documents and queues that are there, and what its switches and valves do to the services."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import httpx
import pytest
from google.cloud import firestore
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import CloudSchedulerGrpcTransport
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from infra.local.desk.server import start
from infra.local.stack import LOCATION, PROJECT
from tests.desk import Desk

PARENT = f"projects/{PROJECT}/locations/{LOCATION}"
SHOP = "ann.myshopify.com"


@pytest.fixture
def documents(desk: Desk) -> Iterator[firestore.Client]:
    """Of the desk's database, where FIRESTORE_EMULATOR_HOST is set; what a test writes goes with it."""
    client = firestore.Client(project=desk.places.project)
    yield client
    for collection in ("tenants", "lanes", "budgets"):
        client.recursive_delete(client.collection(collection))
    client.close()  # type: ignore[no-untyped-call]


@pytest.fixture
def all_off(desk: Desk) -> Iterator[None]:
    yield
    desk.http.delete("/ops/switches").raise_for_status()


def state(desk: Desk) -> dict[str, Any]:
    told: dict[str, Any] = desk.http.get("/ops/state").raise_for_status().json()
    return told


def switched_on(desk: Desk) -> list[str]:
    return [each["key"] for each in state(desk)["switches"] if each["on"]]


def run(name: str, status: str, created_at: datetime) -> dict[str, Any]:
    return {
        "id": name,
        "tenant_id": "ten_1",
        "automation_id": "aut_1",
        "status": status,
        "created_at": created_at,
        "counts": {"orders": 0, "added": 0, "updated": 0, "removed": 0},
    }


def test_open_runs_come_first_then_the_newest(desk: Desk, documents: firestore.Client) -> None:
    """With the names of their automations, as far as there are more ended ones than are shown."""
    now, tenant = datetime.now(UTC), documents.collection("tenants").document("ten_1")
    tenant.collection("automations").document("aut_1").set({"configuration": {"name": "Orders"}})
    ended = [run(f"run_{age:02}", "completed", now - timedelta(minutes=age)) for age in range(1, 35)]
    for each in [*ended, run("run_open", "running", now - timedelta(hours=2))]:
        tenant.collection("runs").document(each["id"]).set(each)
    told = state(desk)["runs"]
    assert [each["id"] for each in told] == ["run_open", *(f"run_{age:02}" for age in range(1, 31))]
    assert {each["automation"] for each in told} == {"Orders"}


def test_lane_tells_who_holds_it_and_who_waits(desk: Desk, documents: firestore.Client) -> None:
    """By its shop; a lane that is free and in which nothing waits is not shown."""
    now, tenant = datetime.now(UTC), documents.collection("tenants").document("ten_1")
    for name in ("con_held", "con_waiting", "con_free"):
        tenant.collection("connections").document(name).set({"shop_domain": SHOP})
    held = {"holder": "worker 1", "expires_at": now + timedelta(minutes=1), "waiting_since": now}
    waiting = {"holder": None, "expires_at": None, "waiting_since": now - timedelta(minutes=1)}
    free = {"holder": None, "expires_at": None, "waiting_since": None}
    for name, lane in (("con_held", held), ("con_waiting", waiting), ("con_free", free)):
        documents.collection("lanes").document(name).set({"tenant_id": "ten_1", **lane})
    shown = [(each["connection_id"], each["state"], each["holder"], each["shop"]) for each in state(desk)["lanes"]]
    assert shown == [("con_held", "held", "worker 1", SHOP), ("con_waiting", "waiting", None, SHOP)]


def test_budget_counts_what_the_last_minute_holds(desk: Desk, documents: firestore.Client) -> None:
    """Calls that are older are not counted any more; Google's own limits are told beside it."""
    now = datetime.now(UTC)
    taken = [{"calls": 5, "until": now + timedelta(minutes=1)}, {"calls": 7, "until": now - timedelta(seconds=1)}]
    ledger = {"taken": taken, "waiting": [], "closed_until": now + timedelta(minutes=1)}
    documents.collection("budgets").document("user:1234:writes").set(ledger)
    told = state(desk)
    (budget,) = told["budgets"]
    assert (budget["scope"], budget["whose"], budget["calls"], budget["taken"]) == ("user", "1234", "writes", 5)
    assert datetime.fromisoformat(budget["closed_until"]) == ledger["closed_until"]
    assert told["limits"] == {"user": 60, "project": 300}


def test_automation_that_is_due_soon_is_told(desk: Desk, documents: firestore.Client) -> None:
    """Within an hour; one of tomorrow is not."""
    now, tenant = datetime.now(UTC), documents.collection("tenants").document("ten_1")
    for name, due in (("Soon", now + timedelta(minutes=5)), ("Tomorrow", now + timedelta(days=1))):
        automation = {"id": name, "tenant_id": "ten_1", "configuration": {"name": name}, "next_run_at": due}
        tenant.collection("automations").document(name).set(automation)
    assert [each["automation"] for each in state(desk)["due"]] == ["Soon"]


def test_queue_is_paused_and_resumed(desk: Desk) -> None:
    """By Cloud Tasks itself, with the tasks that wait in it."""
    with grpc.insecure_channel(desk.places.tasks) as channel:
        tasks: Any = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
        name = f"{PARENT}/queues/interactive"
        tasks.create_queue(parent=PARENT, queue={"name": name})
        desk.http.post("/ops/queues/interactive/pause").raise_for_status()
        tasks.create_task(parent=name, task={"http_request": {"url": "http://127.0.0.1:9/"}})
        (queue,) = state(desk)["queues"]
        assert (queue["name"], queue["paused"], queue["tasks"], queue["tried"]) == ("interactive", True, 1, 0)
        tasks.purge_queue(name=name)
        desk.http.post("/ops/queues/interactive/resume").raise_for_status()
        assert [(each["paused"], each["tasks"]) for each in state(desk)["queues"]] == [(False, 0)]
        tasks.delete_queue(name=name)


def test_job_is_paused_and_refuses_to_run(desk: Desk) -> None:
    """The sentence is Cloud Scheduler's."""
    with grpc.insecure_channel(desk.places.scheduler) as channel:
        jobs: Any = CloudSchedulerClient(transport=CloudSchedulerGrpcTransport(channel=channel))
        target = {"uri": "http://127.0.0.1:9/"}
        name = f"{PARENT}/jobs/tick"
        jobs.create_job(parent=PARENT, job={"name": name, "schedule": "0 0 1 1 *", "http_target": target})
        desk.http.post("/ops/jobs/tick/pause").raise_for_status()
        assert [(each["name"], each["paused"]) for each in state(desk)["jobs"]] == [("tick", True)]
        refusal = desk.http.post("/ops/jobs/tick/run")
        assert refusal.status_code == 400
        assert refusal.json() == {"error": {"message": "Job.state must be ENABLED for RunJob."}}
        jobs.delete_job(name=name)


@pytest.mark.usefixtures("all_off")
def test_each_switch_goes_on_and_off_alone(desk: Desk) -> None:
    """One after the other, while another of the same service stays on."""
    keys = [each["key"] for each in state(desk)["switches"]]
    desk.http.post(f"/ops/switches/{keys[0]}", json={"on": True}).raise_for_status()
    for key in keys[1:]:
        desk.http.post(f"/ops/switches/{key}", json={"on": True}).raise_for_status()
        assert switched_on(desk) == [keys[0], key]
        desk.http.post(f"/ops/switches/{key}", json={"on": False}).raise_for_status()
    assert switched_on(desk) == [keys[0]]


@pytest.mark.usefixtures("all_off")
def test_all_switches_go_off_together(desk: Desk) -> None:
    """Of all services."""
    for each in state(desk)["switches"]:
        desk.http.post(f"/ops/switches/{each['key']}", json={"on": True}).raise_for_status()
    assert len(switched_on(desk)) > 1
    desk.http.delete("/ops/switches").raise_for_status()
    assert switched_on(desk) == []


def test_service_that_is_away_hides_no_other(desk: Desk) -> None:
    """Its part is missing, and the page is told whose it is."""
    alone = start(replace(desk.places, scheduler="127.0.0.1:9"))
    told = httpx.get(f"http://{alone.address}/ops/state", timeout=60).json()
    alone.stop()
    assert (told["away"], told["jobs"], told["queues"]) == (["Cloud Scheduler"], None, [])


def test_consent_is_withdrawn(desk: Desk) -> None:
    """What the account's refresh token was good for is over."""
    app = {"client_id": "an app", "client_secret": "its secret"}
    consent = {**app, "email": "eve@shop.example", "scopes": ["openid"]}
    identity = desk.places.identity_url
    given = httpx.post(f"{identity}/control/refresh-tokens", json=consent).raise_for_status().json()
    renewal = {**app, **given, "grant_type": "refresh_token"}
    assert httpx.post(f"{identity}/token", data=renewal).status_code == httpx.codes.OK
    desk.http.post("/ops/consents/withdraw", json={"email": "eve@shop.example"}).raise_for_status()
    assert httpx.post(f"{identity}/token", data=renewal).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("path", ["/ops/switches/sheets-401", "/ops/logs/passwd"])
def test_what_there_is_not_is_refused(desk: Desk, path: str) -> None:
    """A switch or a log by another name."""
    answer = desk.http.get(path) if "logs" in path else desk.http.post(path, json={"on": True})
    assert answer.status_code == httpx.codes.NOT_FOUND


def test_log_is_told_from_its_end(desk: Desk) -> None:
    """Whole lines, as many as fit."""
    folder = desk.places.logs
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "backend.log").write_text("".join(f"line {number}\n" for number in range(100_000)))
    assert "backend" in state(desk)["logs"]
    lines = desk.http.get("/ops/logs/backend").text.splitlines()
    assert lines == [f"line {number}" for number in range(100_000 - len(lines), 100_000)]
    assert 1_000 < len(lines) < 100_000


def test_jobs_logs_are_told_the_newest_first(desk: Desk) -> None:
    """After those of the programs, and only the last twenty of them."""
    folder = desk.places.executions
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(25):
        (folder / f"job-{number:02}.log").touch()
        os.utime(folder / f"job-{number:02}.log", (number, number))
    jobs = [name for name in state(desk)["logs"] if name.startswith("job-")]
    assert jobs == [f"job-{number:02}" for number in range(24, 4, -1)]
