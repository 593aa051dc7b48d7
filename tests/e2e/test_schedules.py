"""Automations that run by themselves: Cloud Scheduler's tick, the run it makes, and the cells in the tab."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from google.cloud import firestore
from google.cloud.scheduler_v1 import CloudSchedulerClient

from backend.clients import scheduler_client
from backend.clock import utc_now
from backend.settings import Settings
from infra.local.stack import LOCATION, PROJECT
from tests.e2e.desk import Desk

TICK_JOB = f"projects/{PROJECT}/locations/{LOCATION}/jobs/tick"
PATIENCE_S = 30.0
HOURLY = {"cron": "0 * * * *", "time_zone": "Europe/Berlin"}


@pytest.fixture
def scheduler(settings: Settings) -> Iterator[CloudSchedulerClient]:
    client = scheduler_client(settings.scheduler_endpoint)
    yield client
    client.transport.close()  # type: ignore[no-untyped-call]


def pass_time(documents: firestore.Client, desk: Desk, automation: dict[str, Any], *, hours: float) -> datetime:
    """As if that long ago the automation had come due, and nobody had ticked since; the instant."""
    instant = utc_now().replace(microsecond=0) - timedelta(hours=hours)
    path = f"tenants/{desk.ann.tenant_id}/automations/{automation['id']}"
    documents.document(path).update({"next_run_at": instant, "scheduler_locked_until": None})
    return instant


def runs_of(desk: Desk, automation: dict[str, Any]) -> list[dict[str, Any]]:
    page = desk.ann.http.get("/v1/runs", params={"automation_id": automation["id"]}).json()
    return list(page["runs"])


def once(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_due_automation_fills_its_tab(desk: Desk, documents: firestore.Client, scheduler: CloudSchedulerClient) -> None:
    """From the scheduler's call to the cells, with no hand in between; and many missed instants make one run."""
    desk.fill_shop(orders=5)
    automation = desk.automate(schedule=HOURLY)
    assert automation["next_run_at"].endswith(":00:00Z")
    instant = pass_time(documents, desk, automation, hours=7)
    scheduler.run_job(name=TICK_JOB)
    once(lambda: bool(runs_of(desk, automation)))
    run = desk.ended(runs_of(desk, automation)[0]["id"])
    assert (run["status"], run["trigger"]) == ("completed", "schedule"), run["error"]
    assert datetime.fromisoformat(run["scheduled_for"]) == instant
    assert desk.rows(automation) == desk.shop.rows()
    assert len(runs_of(desk, automation)) == 1
    shown = desk.ann.automation(automation["id"])
    assert (shown["next_run_at"], shown["version"]) == (automation["next_run_at"], automation["version"])


def test_shop_is_asked_once_a_day_whether_it_still_tells(
    desk: Desk, documents: firestore.Client, scheduler: CloudSchedulerClient
) -> None:
    """A tick looks after the subscriptions whose day has come."""
    connection = documents.document(f"tenants/{desk.ann.tenant_id}/connections/{desk.connection_id}")
    connection.update({"subscriptions_due_at": utc_now()})
    scheduler.run_job(name=TICK_JOB)
    tomorrow = utc_now() + timedelta(hours=23)
    once(lambda: (connection.get().to_dict() or {})["subscriptions_due_at"] > tomorrow)
