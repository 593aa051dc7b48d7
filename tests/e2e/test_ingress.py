"""Webhooks at the ingress itself, a process of functions-framework: which are taken, how often, and what stays."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from backend.changes.repository import ChangeRepository
from infra.local.demo.merchant import Merchant
from infra.local.stack import CHECKOUT, Stack
from tests.e2e.automations import configuration
from tests.e2e.desk import PATIENCE_S
from tests.sender import Sender, take_changes
from tests.shop import Shop

ORDER_ID = 820982911946154508


class Ann:
    """A merchant with a connected shop and an automation that follows it, in a spreadsheet that is only a name."""

    def __init__(self, merchant: Merchant, documents: firestore.Client) -> None:
        self._merchant = merchant
        self._documents = documents
        self.stack = merchant.stack
        self.tenant_id = merchant.tenant_id
        self.shop = Shop.new(self.stack)
        merchant.link_account()
        self.connection_id = merchant.connect(self.shop)
        made = merchant.http.post("/v1/automations", json=configuration(self.connection_id))
        assert made.status_code == 201, made.text
        self.automation_id = made.json()["id"]

    def change(self, **changes: Any) -> None:
        self._merchant.change_automation(self.automation_id, **changes)

    def kept(self, collection: str) -> list[dict[str, Any]]:
        """The tenant's documents, for a look behind the API."""
        found = self._documents.collection("tenants", self.tenant_id, collection).stream()
        return [snapshot.to_dict() or {} for snapshot in found]

    def take_changes(self) -> int:
        return take_changes(self._merchant, self.connection_id)

    def runs(self) -> list[dict[str, Any]]:
        return [run for run in self.kept("runs") if run["trigger"] == "webhook"]

    def await_run(self) -> None:
        give_up_at = time.monotonic() + PATIENCE_S
        while not self.runs():
            assert time.monotonic() < give_up_at, "no run was made"
            time.sleep(0.05)


@pytest.fixture
def ann(merchant: Merchant, documents: firestore.Client) -> Ann:
    return Ann(merchant, documents)


@pytest.fixture
def sender(stack: Stack, ann: Ann) -> Iterator[Sender]:
    sender = Sender(stack.urls["webhooks"], ann.shop.domain)
    yield sender
    sender.close()


@pytest.mark.usefixtures("paused_queues")
def test_delivery_sent_a_thousand_times_makes_one_run(ann: Ann, sender: Sender) -> None:
    """From eight sides at once; each is answered, and all count together as one, also after its run was made."""
    webhook_id = str(uuid.uuid4())

    def send(_: int) -> int:
        return sender.send("orders/create", {"id": ORDER_ID}, webhook_id=webhook_id).status_code

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(send, range(1000))) == {200}
    assert (len(ann.kept("deliveries")), ann.take_changes()) == (1, 1)
    assert (send(0), ann.take_changes()) == (200, 0)
    (run,) = ann.runs()
    assert run["order_ids"] == [str(ORDER_ID)]


def test_window_ends_in_a_run(ann: Ann, sender: Sender) -> None:
    """Cloud Tasks carries the changes to the backend when their window has ended; nobody asks."""
    assert sender.send("orders/create", {"id": ORDER_ID}).status_code == 200
    ann.await_run()
    (run,) = ann.runs()
    assert run["order_ids"] == [str(ORDER_ID)]


def test_wrong_signature_and_unknown_shop_are_refused_alike(ann: Ann, sender: Sender) -> None:
    """Nobody learns from the answer which shops are connected."""
    of_nobody = {"X-Shopify-Shop-Domain": "nobody-knows-it.myshopify.com"}
    refusals = [
        sender.send("orders/create", {"id": 1}, secret="a guess"),
        sender.send("orders/create", {"id": 1}, **of_nobody),
        sender.send("orders/create", {"id": 1}, secret="a guess", **of_nobody),
        sender.send("shop/redact", {"shop_id": 1}, secret="a guess", **of_nobody),
        sender.send("shop/redact", b"not json", **of_nobody),
        sender.send("orders/create", {"id": 1}, **{"X-Shopify-Webhook-Id": "../.."}),
    ]
    assert {refusal.status_code for refusal in refusals} == {401}
    assert len({refusal.content for refusal in refusals}) == 1
    assert len({frozenset({**refusal.headers, "date": ""}.items()) for refusal in refusals}) == 1


def test_storm_of_refused_ones_leaves_nothing(ann: Ann, sender: Sender, documents: firestore.Client) -> None:
    """Not one document, in any tenant."""

    def count() -> int:
        names = ("deliveries", "changes", "privacy_requests", "runs")
        return sum(sum(1 for _ in documents.collection_group(name).stream()) for name in names)

    before = count()
    with ThreadPoolExecutor(8) as threads:
        wrong = threads.map(lambda _: sender.send("orders/create", {"id": 1}, secret="a guess"), range(100))
        of_nobody = {"X-Shopify-Shop-Domain": "nobody-knows-it.myshopify.com"}
        strange = threads.map(lambda _: sender.send("orders/create", {"id": 1}, **of_nobody), range(100))
    assert {answer.status_code for answer in (*wrong, *strange)} == {401}
    assert count() == before


@pytest.mark.parametrize(
    ("topic", "body", "status"),
    [
        ("orders/create", b"0" * (8 * 1024 * 1024 + 1), 413),
        ("orders/create", b"not json", 200),
        ("products/update", {"id": 1}, 200),
    ],
)
def test_what_nothing_comes_of(ann: Ann, sender: Sender, topic: str, body: Any, status: int) -> None:
    """A body beyond the limit, one that breaks its topic's word, and a topic that nobody here waits for."""
    assert sender.send(topic, body).status_code == status
    assert ann.kept("changes") == []
    assert ann.kept("deliveries") == []


def test_only_posts_to_a_platform_are_taken(stack: Stack) -> None:
    """There is nothing else at the ingress."""
    assert httpx.get(f"{stack.urls['webhooks']}/shopify").status_code == 405
    assert httpx.post(f"{stack.urls['webhooks']}/").status_code == 404


@pytest.mark.usefixtures("paused_queues")
def test_orders_are_added_to_the_run_that_waits(ann: Ann, sender: Sender) -> None:
    """Rather than a second run; what was told twice is named once."""
    for numbers in ((1, 2), (2, 3)):
        for number in numbers:
            sender.send("orders/updated", {"id": number})
        assert ann.take_changes() == 2
    (run,) = ann.runs()
    assert run["order_ids"] == ["1", "2", "3"]


@pytest.mark.usefixtures("paused_queues")
def test_change_noted_anew_is_not_forgotten(ann: Ann, sender: Sender, documents: firestore.Client) -> None:
    """What comes between the reading of the changes and their end may tell of more than the run will see."""
    changes = ChangeRepository(documents)
    for number in (1, 2, 3):
        sender.send("orders/updated", {"id": number})
    notes = changes.waiting(ann.tenant_id, ann.connection_id, limit=10)
    sender.send("orders/cancelled", {"id": 2})
    changes.forget(ann.tenant_id, notes)
    assert [(kept["resource_id"], kept["topic"]) for kept in ann.kept("changes")] == [("2", "orders/cancelled")]


@pytest.mark.usefixtures("paused_queues")
@pytest.mark.parametrize("changes", [{"on_change": False}, {"status": "paused"}])
def test_automation_that_does_not_follow(ann: Ann, sender: Sender, merchant: Merchant, changes: dict[str, Any]) -> None:
    """One that was told not to, or that is paused, gets no run, and the change is forgotten: a later sync brings it."""
    if "status" in changes:
        merchant.http.post(f"/v1/automations/{ann.automation_id}/pause").raise_for_status()
    else:
        ann.change(**changes)
    sender.send("orders/updated", {"id": 1})
    assert ann.take_changes() == 1
    assert (ann.runs(), ann.kept("changes")) == ([], [])


def test_demands_of_privacy_are_kept(ann: Ann, stack: Stack) -> None:
    """As the platform sends them to the address that the app is registered with; ids only."""
    stack.http.post(
        f"{stack.urls['shopify']}/control/shops/{ann.shop.domain}/compliance",
        json={"topic": "customers/redact", "customer": 191167},
    ).raise_for_status()
    give_up_at = time.monotonic() + PATIENCE_S
    while not (kept := ann.kept("privacy_requests")):
        assert time.monotonic() < give_up_at, "the demand did not arrive"
        time.sleep(0.05)
    assert [(each["topic"], each["customer_id"], each["order_ids"]) for each in kept] == [
        ("customers/redact", "191167", [])
    ]


def test_demands_of_privacy_outlive_the_connection(
    ann: Ann, stack: Stack, merchant: Merchant, documents: firestore.Client
) -> None:
    """Shopify asks for a shop's redaction 48 hours after the app was removed: kept by the shop, once, and all else that
    this shop sends is refused.
    """
    for path in (f"automations/{ann.automation_id}", f"connections/{ann.connection_id}"):
        merchant.http.delete(f"/v1/{path}").raise_for_status()
    demand = {"topic": "shop/redact"}
    url = f"{stack.urls['shopify']}/control/shops/{ann.shop.domain}/compliance"
    body = stack.http.post(url, json=demand).raise_for_status().json()
    ann.shop.await_webhooks()
    sender, webhook_id = Sender(stack.urls["webhooks"], ann.shop.domain), str(uuid.uuid4())
    assert [sender.send("shop/redact", body, webhook_id=webhook_id).status_code for _ in range(2)] == [200, 200]
    assert sender.send("orders/create", {"id": ORDER_ID}).status_code == 401
    sender.close()
    of_the_shop = FieldFilter("shop_domain", "==", ann.shop.domain)
    requests = documents.collection("privacy_requests").where(filter=of_the_shop).stream()
    kept = [(request.get("topic"), request.get("connection_id")) for request in requests]
    assert kept == [("shop/redact", None)] * 2, "one of the shop, and one of the sender"
    assert ann.kept("privacy_requests") == []


class OwnIngress:
    """A process of the test's own, to be killed."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        function = ["--source", "backend/webhooks/function.py", "--target", "receive"]
        command = [sys.executable, "-m", "functions_framework", *function, "--host", "127.0.0.1", "--port", str(port)]
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                command, cwd=CHECKOUT, env=environment, stdout=file, stderr=file, start_new_session=True
            )
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            try:
                httpx.get(self.url)
            except httpx.TransportError:
                assert time.monotonic() < give_up_at, "the ingress did not start"
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """With its workers, which are processes of its session."""
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def test_change_survives_the_death_of_the_ingress(ann: Ann, tmp_path: Path) -> None:
    """Killed with -9 after the commit and before the task: the change stands, a repeated delivery adds nothing to it,
    and whoever looks makes the run.
    """
    webhook_id = str(uuid.uuid4())
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        nobody_answers = {"TABKEEPER_TASKS_ENDPOINT": address, "TABKEEPER_WEBHOOK_CALL_TIMEOUT_S": "60"}
        ingress = OwnIngress(ann.stack.webhooks_environment() | nobody_answers, tmp_path / "ingress.log")
        sender = Sender(ingress.url, ann.shop.domain)
        with ThreadPoolExecutor(1) as threads:
            answer = threads.submit(sender.send, "orders/create", {"id": ORDER_ID}, webhook_id=webhook_id)
            give_up_at = time.monotonic() + PATIENCE_S
            while not ann.kept("changes"):
                assert time.monotonic() < give_up_at, "the change was not noted"
                time.sleep(0.02)
            ingress.kill()
            assert isinstance(answer.exception(), httpx.TransportError)
        sender.close()
    again = Sender(ann.stack.urls["webhooks"], ann.shop.domain)
    assert again.send("orders/create", {"id": ORDER_ID}, webhook_id=webhook_id).status_code == 200
    again.close()
    assert (len(ann.kept("changes")), ann.runs()) == (1, [])
    assert ann.take_changes() == 1
    (run,) = ann.runs()
    assert run["order_ids"] == [str(ORDER_ID)]


def test_ingress_that_cannot_be_configured_does_not_start(stack: Stack, tmp_path: Path) -> None:
    """It ends at once and names the setting, rather than refuse every webhook."""
    environment = stack.webhooks_environment()
    del environment["TABKEEPER_SHOPIFY_APP_SECRET"]
    command = [sys.executable, "-m", "functions_framework", "--source", "backend/webhooks/function.py"]
    ended = subprocess.run(
        [*command, "--target", "receive", "--port", "0"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, b"TABKEEPER_SHOPIFY_APP_SECRET" in ended.stderr) == (78, True)
