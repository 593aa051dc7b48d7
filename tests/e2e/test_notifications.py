"""A tenant's own program is told what its merchant should know: run, outbox, Cloud Tasks, signed webhook."""

from collections.abc import Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from infra.local.demo.merchant import Merchant
from tests.contract.worker import Delivery, Worker, running_worker
from tests.e2e.desk import Desk

ENDPOINT = "/v1/notifications/endpoint"
PATH = "/hook"


@pytest.fixture
def receiver() -> Iterator[Worker]:
    with running_worker() as receiver:
        yield receiver


def sent(merchant: Merchant) -> list[dict[str, Any]]:
    """The newest first."""
    answer: list[dict[str, Any]] = merchant.http.get("/v1/notifications").json()["notifications"]
    return answer


def told(secret: str, delivery: Delivery) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in delivery.headers.items()}
    verified: dict[str, Any] = Webhook(secret).verify(delivery.body, headers)
    return verified


def test_failing_run_is_told_once(desk: Desk, receiver: Worker) -> None:
    """And, apart from it, that its automation waits; what does not arrive at first comes again."""
    secret = desk.ann.http.put(ENDPOINT, json={"url": receiver.url + PATH}).json()["secret"]
    automation = desk.automate()
    desk.shop.replace_token("shpat_another")
    receiver.answers[PATH] = [500]
    run = desk.run(automation)
    assert run["status"] == "failed"
    deliveries = receiver.wait_for(PATH, count=3)
    events = {told(secret, each)["type"]: told(secret, each) for each in deliveries}
    assert events["run.failed"]["data"]["run_id"] == run["id"]
    assert events["run.failed"]["data"]["error"]["code"] == "connection_refused"
    assert events["automation.needs_attention"]["data"]["automation_id"] == automation["id"]
    assert events["automation.needs_attention"]["data"]["action"] == "reconnect_shop"
    assert len({each.headers["webhook-id"] for each in deliveries}) == len(events) == 2
    assert sorted(each["topic"] for each in sent(desk.ann)) == ["automation.needs_attention", "run.failed"]


def test_secret_is_shown_once(merchant: Merchant) -> None:
    """When the endpoint is new, and when its secret is exchanged; moving the endpoint keeps it."""
    made = merchant.http.put(ENDPOINT, json={"url": "https://receiver.example/one"})
    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_")
    moved = merchant.http.put(ENDPOINT, json={"url": "https://receiver.example/two"})
    assert (moved.status_code, moved.json()["secret"]) == (200, None)
    shown = merchant.http.get(ENDPOINT).json()
    assert (shown["url"], shown["status"]) == ("https://receiver.example/two", "working")
    assert "secret" not in shown
    assert merchant.http.post(f"{ENDPOINT}/rotate").json()["secret"] not in {None, made.json()["secret"]}


def test_endpoint_is_forgotten(merchant: Merchant, other_merchant: Merchant) -> None:
    """It was its tenant's alone."""
    merchant.http.put(ENDPOINT, json={"url": "https://receiver.example/"})
    assert other_merchant.http.get(ENDPOINT).status_code == 404
    assert merchant.http.delete(ENDPOINT).status_code == 204
    assert merchant.http.get(ENDPOINT).status_code == 404
    assert merchant.http.post(f"{ENDPOINT}/rotate").status_code == 404


def test_endpoint_must_be_https(merchant: Merchant) -> None:
    """The sentence names the field."""
    refused = merchant.http.put(ENDPOINT, json={"url": "http://receiver.example/"})
    assert refused.status_code == 422
    assert refused.json()["fields"] == {"url": "must begin with https://"}
