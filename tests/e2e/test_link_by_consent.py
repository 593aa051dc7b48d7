"""Linking a Google account as a person does it: from the sidebar to Google's page and back."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from google.cloud import firestore

from backend.clock import utc_now
from infra.local.demo.merchant import Merchant
from tests.person import Person

NO_LONGER = "This link is no longer valid. Start again from the sidebar."


def asked(merchant: Merchant) -> str:
    """Google's page, as the sidebar opens it."""
    answer = merchant.http.post("/v1/accounts/authorize", json={})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["url"])


def linked(merchant: Merchant) -> list[str]:
    return [account["email"] for account in merchant.http.get("/v1/accounts").json()["accounts"]]


def callback(merchant: Merchant, **query: str) -> httpx.Response:
    """Without a session, as a browser comes."""
    return httpx.get(f"{merchant.stack.urls['backend']}/v1/oauth/google", params=query)


def state_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["state"][0]


def document_of(documents: firestore.Client, state: str) -> firestore.DocumentReference:
    return documents.document(f"oauth_states/{hashlib.sha256(state.encode()).hexdigest()}")


def test_account_is_linked_in_two_clicks(merchant: Merchant, person: Person) -> None:
    """The page proposes the merchant's own account, and the last page says whose was linked."""
    person.open(asked(merchant)).press("Allow")
    assert (person.page.status_code, person.form.heading) == (200, f"{merchant.email} is linked")
    assert linked(merchant) == [merchant.email]


def test_linking_again_replaces_the_token(merchant: Merchant, person: Person) -> None:
    """Google gives a refresh token also to who agreed before, and the account is there once."""
    for _again in range(2):
        person.open(asked(merchant)).press("Allow")
    (account,) = merchant.http.get("/v1/accounts").json()["accounts"]
    assert (account["status"], account["is_default"]) == ("linked", True)


def test_account_goes_to_whoever_asked(merchant: Merchant, other_merchant: Merchant, person: Person) -> None:
    """Two tenants may link the same account, each by its own link."""
    other = asked(other_merchant)
    person.open(asked(merchant)).press("Allow", email="shared@shop.example")
    assert (linked(merchant), linked(other_merchant)) == (["shared@shop.example"], [])
    person.open(other).press("Allow", email="shared@shop.example")
    assert linked(other_merchant) == ["shared@shop.example"]


def test_person_learns_whom_she_agreed_with(merchant: Merchant, person: Person) -> None:
    """Somebody may have sent her the link: where it is not her own sidebar's, the page says whose, and stays."""
    person.open(asked(merchant)).press("Allow", email="somebody@else.example")
    assert f"{merchant.email} asked for this" in person.page.text
    assert "<script>" not in person.page.text


def test_disagreeing_links_nothing(merchant: Merchant, person: Person) -> None:
    """The page says so, and the link is spent."""
    url = asked(merchant)
    person.open(url).press("Cancel")
    assert (person.page.status_code, person.form.heading) == (200, "Nothing was linked")
    assert linked(merchant) == []
    assert NO_LONGER in callback(merchant, state=state_of(url), code="4/0A").text


def test_permission_left_out_is_told(merchant: Merchant, person: Person) -> None:
    """Who unticks the spreadsheets learns on the page what is missing."""
    person.open(asked(merchant)).press("Allow", scope=None)
    assert person.page.status_code == 422
    assert "permission to edit spreadsheets is missing" in person.page.text
    assert linked(merchant) == []


def test_replayed_answer_is_refused(merchant: Merchant, person: Person) -> None:
    """Whoever finds the address in a history gets nothing for it."""
    person.open(asked(merchant)).press("Allow")
    again = httpx.get(person.page.url)
    assert (again.status_code, NO_LONGER in again.text) == (410, True)


@pytest.mark.parametrize("change", [{"expires_at": utc_now() - timedelta(seconds=1)}, {"purpose": "connect_shop"}])
def test_state_that_is_good_for_nothing_here_is_refused(
    merchant: Merchant, documents: firestore.Client, person: Person, change: dict[str, Any]
) -> None:
    """One that is too old, though Firestore has not deleted it yet; one that was given for something else."""
    url = asked(merchant)
    document_of(documents, state_of(url)).update(change)
    person.open(url).press("Allow")
    assert (person.page.status_code, NO_LONGER in person.page.text) == (410, True)
    assert linked(merchant) == []


def test_answer_without_a_state_is_refused(merchant: Merchant) -> None:
    """Nobody is believed who was not asked."""
    for query in ({}, {"state": "made-up", "code": "4/0A"}):
        refused = callback(merchant, **query)
        assert (refused.status_code, NO_LONGER in refused.text) == (410, True)


def test_code_of_somebody_else_links_nothing(merchant: Merchant, other_merchant: Merchant, person: Person) -> None:
    """A code is bound to the link that it was given for: a stolen one fits no other state."""
    stolen = person.open(asked(other_merchant)).press("Allow", follow=False).page.headers["Location"]
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    refused = callback(merchant, state=state_of(asked(merchant)), code=code)
    assert (refused.status_code, NO_LONGER in refused.text) == (410, True)
    assert linked(merchant) == []


def test_state_is_stored_as_a_hash_that_expires(merchant: Merchant, documents: firestore.Client) -> None:
    """Whoever reads the database finds nothing to answer with, and not for long."""
    state = state_of(asked(merchant))
    stored = document_of(documents, state).get().to_dict() or {}
    assert stored["tenant_id"] == merchant.tenant_id
    assert utc_now() < stored["expires_at"] <= utc_now() + timedelta(minutes=10)
    assert state not in repr(stored)


def test_page_runs_and_loads_nothing_of_others(merchant: Merchant, person: Person) -> None:
    """Also not for a page of another origin, and nobody is told its address."""
    person.open(asked(merchant)).press("Allow")
    headers = person.page.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert "Access-Control-Allow-Origin" not in headers


def test_page_shows_an_address_as_text(merchant: Merchant, person: Person) -> None:
    """Whatever Google calls the account."""
    person.open(asked(merchant)).press("Allow", email="<b>x</b>@shop.example")
    assert "&lt;b&gt;x&lt;/b&gt;@shop.example is linked" in person.page.text
