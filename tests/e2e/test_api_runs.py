"""Runs through HTTP: started once a key, refused, paged, cancelled."""

from typing import Any

import pytest
from google.cloud import firestore

from backend.automations.model import Attention, Automation
from backend.automations.repository import AutomationRepository
from backend.clock import utc_now
from infra.local.demo.merchant import Merchant
from tests.e2e.automations import any_automation, start_run

pytestmark = pytest.mark.usefixtures("paused_queues")


def test_repeated_key_makes_no_second_run(merchant: Merchant) -> None:
    """A client that did not see the answer gets the run that it started."""
    automation = any_automation(merchant)
    first = start_run(merchant, automation["id"], "key")
    again = start_run(merchant, automation["id"], "key")
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json()
    assert start_run(merchant, automation["id"], "another").json()["id"] != first.json()["id"]
    assert len(merchant.http.get("/v1/runs").json()["runs"]) == 2


def test_key_is_required(merchant: Merchant) -> None:
    """Without a key a repeated request could not be told from a second run."""
    automation = any_automation(merchant)
    refused = merchant.http.post(f"/v1/automations/{automation['id']}/runs")
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == ["Idempotency-Key"]


def test_paused_automation_starts_no_run(merchant: Merchant) -> None:
    """A new run is refused with a sentence; a repeated request is still answered with its run."""
    automation = any_automation(merchant)
    run = start_run(merchant, automation["id"], "before").json()
    merchant.http.post(f"/v1/automations/{automation['id']}/pause")
    refused = start_run(merchant, automation["id"], "after")
    assert refused.status_code == 409
    assert "paused" in refused.json()["detail"]
    assert start_run(merchant, automation["id"], "before").json() == run


def test_automation_that_needs_attention_says_why(merchant: Merchant, documents: firestore.Client) -> None:
    """What a run found is told at the next attempt, and resuming says that it was put right."""
    created = any_automation(merchant)
    automations = AutomationRepository(documents)
    automation: Automation = automations.get(merchant.tenant_id, created["id"])
    attention = Attention(code="tab_gone", message="The tab was deleted.", since=utc_now())
    assert automations.need_attention(automation, attention)
    assert "The tab was deleted." in start_run(merchant, created["id"], "key").json()["detail"]
    shown = merchant.http.get(f"/v1/automations/{created['id']}").json()
    assert (shown["status"], shown["attention"]["code"]) == ("needs_attention", "tab_gone")
    resumed = merchant.http.post(f"/v1/automations/{created['id']}/resume").json()
    assert (resumed["status"], resumed["attention"]) == ("active", None)
    assert start_run(merchant, created["id"], "key").status_code == 202


def test_runs_are_paged_newest_first(merchant: Merchant) -> None:
    """Every run is on exactly one page, also when only one automation is asked for."""
    first, second = any_automation(merchant), any_automation(merchant)
    ids = [start_run(merchant, first["id"], f"key {number}").json()["id"] for number in range(5)]
    other = start_run(merchant, second["id"], "key").json()["id"]

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


def test_open_runs_are_asked_for_alone(merchant: Merchant) -> None:
    """Page by page, of all automations or of one; what has ended is left out."""
    first, second = any_automation(merchant), any_automation(merchant)
    ended, *of_first = [start_run(merchant, first["id"], f"key {number}").json()["id"] for number in range(3)]
    of_second = start_run(merchant, second["id"], "key").json()["id"]
    merchant.cancel_run(ended)

    def page(**query: Any) -> tuple[list[str], str | None]:
        answer = merchant.http.get("/v1/runs", params={"open": True} | query).json()
        return [run["id"] for run in answer["runs"]], answer["next_page_token"]

    assert page() == ([of_second, *reversed(of_first)], None)
    assert page(automation_id=first["id"]) == (list(reversed(of_first)), None)
    newest, token = page(limit=1)
    assert page(page_token=token) == (list(reversed(of_first)), None)
    assert newest == [of_second]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"page_token": "../x"}, {"colour": "red"}])
def test_wrong_query_is_named(merchant: Merchant, query: dict[str, Any]) -> None:
    """A query that makes no sense is refused by its name."""
    refused = merchant.http.get("/v1/runs", params=query)
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == list(query)


def test_waiting_run_is_cancelled_at_once(merchant: Merchant) -> None:
    """And only once: an ended run cannot be cancelled."""
    automation = any_automation(merchant)
    run = start_run(merchant, automation["id"], "key").json()
    cancelled = merchant.http.post(f"/v1/runs/{run['id']}/cancel")
    assert cancelled.status_code == 202
    assert merchant.http.get(f"/v1/runs/{run['id']}").json()["status"] == "cancelled"
    assert merchant.http.post(f"/v1/runs/{run['id']}/cancel").status_code == 409


def test_what_was_cancelled_can_be_tried_again(merchant: Merchant) -> None:
    """As one new run, however often it is asked for; what has not ended cannot."""
    automation = any_automation(merchant)
    run = start_run(merchant, automation["id"], "key").json()
    retry = f"/v1/runs/{run['id']}/retry"
    assert merchant.http.post(retry).status_code == 409
    merchant.http.post(f"/v1/runs/{run['id']}/cancel")
    tried = merchant.http.post(retry)
    assert (tried.status_code, tried.json()["trigger"], tried.json()["status"]) == (202, "retry", "pending")
    again = merchant.http.post(retry)
    assert (again.status_code, again.json()["id"]) == (200, tried.json()["id"])
