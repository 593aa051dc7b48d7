"""Firestore, or Cloud Tasks, away for a minute, while a shop sells on, a run is under way and more are asked for."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.cloud import firestore

from backend.clock import utc_now
from infra.local.demo.merchant import Merchant
from infra.local.stack import PROJECT, Stack
from tests.contract.firestore.conftest import client_of
from tests.contract.worker import until
from tests.e2e.desk import PATIENCE_S, Desk
from tests.faults.test_recovery import HURRIED, LATER_S, ONCE_A_YEAR, runs_of, tick

AWAY_S = 60.0
ANSWER_S = 15.0
"""Nobody who asks the API waits for longer."""
RETRIED_FOR_S = 150.0
"""Shopify's four hours, shortened so that what was refused is sent again within 40 seconds after the minute."""
THING = {"sku": "NEW", "title": "A NEW THING", "quantity": 2, "price": "7.50"}


@pytest.fixture(scope="module")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("minute"), quota="off", settings=HURRIED) as stack:
        yield stack


@pytest.fixture
def desk(own_stack: Stack, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """Whose shop sends its webhooks again for a while."""
    ann = Merchant(own_stack, email=f"{request.node.name}@shop.example")
    ann.sign_in()
    desk = Desk(ann, tmp_path)
    desk.fill_shop(orders=40, lines=1)
    desk.shop.trouble_webhooks(retried_for_s=RETRIED_FOR_S)
    yield desk
    desk.shop.end_webhook_trouble()
    ann.close()


@pytest.fixture
def documents(own_stack: Stack) -> Iterator[firestore.Client]:
    with client_of(own_stack.urls["firestore"], project=PROJECT) as client:
        yield client


class Minute:
    """Two automations: of one a run is under way, of the other one is due; both follow their shop."""

    def __init__(self, desk: Desk, documents: firestore.Client) -> None:
        self.desk = desk
        self.under_way, self.due = (desk.automate(on_change=True), desk.automate(on_change=True, schedule=ONCE_A_YEAR))
        document = documents.document(f"tenants/{desk.ann.tenant_id}/automations/{self.due['id']}")
        document.update({"next_run_at": utc_now() - timedelta(hours=1)})
        desk.book.fault("delay", calls="spreadsheets.batchUpdate", skip=1, delay_s=1.0)
        desk.start(self.under_way)
        desk.book.await_faults()

    def without(self, service: str) -> list[httpx.Response]:
        """What the API answers in that time to whoever wants to start a run of the due automation, by hand."""
        stack = self.desk.stack
        back_at = time.monotonic() + AWAY_S
        answers = []
        stack.kill(service)
        try:
            self._sell("#600001")
            while time.monotonic() < back_at - 5.0:
                answers.append(self.start())
                tick(stack)
                time.sleep(2.0)
            self._sell("#600002")
            time.sleep(max(0.0, back_at - time.monotonic()))
        finally:
            stack.revive(service)
        return answers

    def start(self) -> httpx.Response:
        url = f"{self.desk.stack.urls['backend']}/v1/automations/{self.due['id']}/runs"
        headers = {"Authorization": f"Bearer {self.desk.ann.token}", "Idempotency-Key": "in that minute"}
        return httpx.post(url, json={}, headers=headers, timeout=ANSWER_S)

    def _sell(self, name: str) -> None:
        self.desk.shop.put(name, lines=[THING])

    def assert_nothing_is_lost(self) -> None:
        """Every order stands once in both tabs, and every run has ended well."""
        desk = self.desk
        desk.shop.await_webhooks()
        assert tick(desk.stack, ahead_s=LATER_S) == 0
        assert tick(desk.stack, ahead_s=2 * LATER_S) == 0
        give_up_at = time.monotonic() + PATIENCE_S
        while any(desk.rows(each) != desk.shop.rows() for each in (self.under_way, self.due)) or self._statuses() != {
            "completed"
        }:
            assert time.monotonic() < give_up_at, self._runs()
            time.sleep(0.5)
        by_schedule = [run for run in runs_of(desk, self.due) if run["trigger"] == "schedule"]
        by_hand = [run for run in runs_of(desk, self.due) if run["trigger"] == "manual"]
        assert (len(by_schedule), len(by_hand)) == (1, 1)

    def _runs(self) -> list[dict[str, Any]]:
        return [run for each in (self.under_way, self.due) for run in runs_of(self.desk, each)]

    def _statuses(self) -> set[str]:
        return {run["status"] for run in self._runs()}


def test_firestore_away_for_a_minute(desk: Desk, documents: firestore.Client) -> None:
    """Whoever asks is told at once to come again, with a sentence; webhooks come again by themselves, and the run that
    was under way goes on.
    """
    minute = Minute(desk, documents)
    for answer in minute.without("firestore"):
        told = answer.json()
        assert (answer.status_code, told["code"], told["retriable"]) == (503, "upstream_unavailable", True)
        assert told["detail"] == "We could not reach our own storage; please try again."
        assert int(answer.headers["Retry-After"]) > 0
    until(lambda: minute.start().status_code == 202)
    minute.assert_nothing_is_lost()


def test_cloud_tasks_away_for_a_minute(desk: Desk, documents: firestore.Client) -> None:
    """Nobody is refused: runs are taken and webhooks noted, and when Cloud Tasks is back all of it is done."""
    minute = Minute(desk, documents)
    first, *repeated = minute.without("tasks")
    assert first.status_code == 202
    assert {(answer.status_code, answer.json()["id"]) for answer in repeated} == {(200, first.json()["id"])}
    minute.assert_nothing_is_lost()
