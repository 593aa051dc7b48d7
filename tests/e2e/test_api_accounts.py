"""Linking Google accounts through HTTP."""

import httpx
import pytest
from google.cloud import firestore

from backend.accounts.google import GoogleOAuth
from backend.accounts.repository import AccountRepository
from backend.accounts.service import AccountService
from backend.errors import NeedsAttention, TokenRevoked
from backend.sealing import Sealer
from backend.settings import Settings
from backend.timed_request import TimedRequest
from infra.local.demo.google_account import EMAIL, SPREADSHEETS, GoogleAccount
from infra.local.demo.merchant import Merchant
from tests.e2e.automations import any_automation


@pytest.fixture
def accounts(settings: Settings, documents: firestore.Client) -> AccountService:
    """As a job makes it."""
    return AccountService(
        AccountRepository(documents),
        oauth=GoogleOAuth(
            client_id=settings.oauth_client_id,
            client_secret=settings.oauth_client_secret,
            token_uri=settings.token_uri,
            transport=TimedRequest(timeout_s=settings.request_timeout_s),
        ),
        sealer=Sealer.from_file(settings.envelope_key_file),
    )


def link(merchant: Merchant, email: str) -> str:
    answer = merchant.http.post("/v1/accounts", json={"refresh_token": GoogleAccount(merchant.stack, email).consent()})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def listed(merchant: Merchant) -> list[tuple[str, bool]]:
    answer = merchant.http.get("/v1/accounts").json()
    return [(account["email"], account["is_default"]) for account in answer["accounts"]]


def test_first_account_becomes_the_default(merchant: Merchant) -> None:
    """Exactly one account is the default, and it is the one that was linked first."""
    link(merchant, "first@shop.example")
    link(merchant, "second@shop.example")
    assert listed(merchant) == [("first@shop.example", True), ("second@shop.example", False)]


def test_linking_again_replaces_the_token(merchant: Merchant) -> None:
    """The same Google account is never there twice, and shows that it was linked anew."""
    first = link(merchant, "same@shop.example")
    (before,) = merchant.http.get("/v1/accounts").json()["accounts"]
    assert link(merchant, "same@shop.example") == first
    (after,) = merchant.http.get("/v1/accounts").json()["accounts"]
    assert (after["email"], after["is_default"]) == ("same@shop.example", True)
    assert after["updated_at"] > before["updated_at"]


def test_unlinked_default_passes_to_the_oldest_of_the_others(merchant: Merchant) -> None:
    """A tenant with accounts always has a default one."""
    first = link(merchant, "first@shop.example")
    link(merchant, "second@shop.example")
    link(merchant, "third@shop.example")
    assert merchant.http.delete(f"/v1/accounts/{first}").status_code == 204
    assert listed(merchant) == [("second@shop.example", True), ("third@shop.example", False)]


def test_account_that_an_automation_names_is_kept(merchant: Merchant) -> None:
    """No automation loses its writer by accident; the refusal names the automation."""
    account_id = merchant.link_account()
    destination = {"spreadsheet_id": "sheet-of-the-account", "account_id": account_id}
    automation = any_automation(merchant, name="Daily orders", destination=destination)
    refused = merchant.http.delete(f"/v1/accounts/{account_id}")
    assert refused.status_code == 409
    assert "Daily orders" in refused.json()["detail"]
    assert merchant.http.delete(f"/v1/automations/{automation['id']}").status_code == 204
    assert merchant.http.delete(f"/v1/accounts/{account_id}").status_code == 204


def test_default_account_that_automations_rely_on_is_kept(merchant: Merchant) -> None:
    """Another Google account does not silently begin to write into someone's spreadsheet."""
    any_automation(merchant)
    other = link(merchant, "other@shop.example")
    default = next(each for each in merchant.http.get("/v1/accounts").json()["accounts"] if each["is_default"])
    assert merchant.http.delete(f"/v1/accounts/{default['id']}").status_code == 409
    assert merchant.http.delete(f"/v1/accounts/{other}").status_code == 204


@pytest.mark.parametrize(
    ("scopes", "said"),
    [(("openid", EMAIL), "edit spreadsheets"), ((SPREADSHEETS,), "openid and email")],
)
def test_account_without_a_permission_is_refused(merchant: Merchant, scopes: tuple[str, ...], said: str) -> None:
    """What a person left out on the consent screen is told before anything is stored."""
    token = merchant.google.consent(scopes)
    refused = merchant.http.post("/v1/accounts", json={"refresh_token": token})
    assert refused.status_code == 422
    assert said in refused.json()["fields"]["refresh_token"]
    assert listed(merchant) == []


def test_unknown_refresh_token_is_refused(merchant: Merchant) -> None:
    """A token that Google does not know is told by its field."""
    refused = merchant.http.post("/v1/accounts", json={"refresh_token": "1//never-given"})
    assert refused.status_code == 422
    assert "does not accept" in refused.json()["fields"]["refresh_token"]


def test_credentials_of_the_default_account_are_fresh(merchant: Merchant, accounts: AccountService) -> None:
    """A job that names no account gets an access token of the default one."""
    merchant.link_account()
    credential = accounts.credential(merchant.tenant_id, None)
    token = str(credential.google.token)
    told = httpx.get(f"{merchant.stack.urls['identity']}/tokeninfo", params={"access_token": token})
    assert (told.json()["email"], told.json()["sub"]) == (merchant.email, credential.subject)
    assert SPREADSHEETS in told.json()["scope"]


def test_withdrawn_consent_is_told_and_shown(merchant: Merchant, accounts: AccountService) -> None:
    """The run learns that the token is revoked, and the merchant sees which account it was."""
    account_id = merchant.link_account()
    merchant.google.withdraw_consent()
    with pytest.raises(TokenRevoked):
        accounts.credential(merchant.tenant_id, account_id)
    (account,) = merchant.http.get("/v1/accounts").json()["accounts"]
    assert account["status"] == "revoked"


def test_credentials_without_an_account_need_attention(merchant: Merchant, accounts: AccountService) -> None:
    """Where nobody linked an account, the merchant is asked to."""
    with pytest.raises(NeedsAttention, match="Link one"):
        accounts.credential(merchant.tenant_id, None)
    with pytest.raises(NeedsAttention, match=r"is gone\. Link one"):
        accounts.credential(merchant.tenant_id, "acc_gone")


def test_refresh_token_is_sealed(merchant: Merchant, documents: firestore.Client) -> None:
    """Whoever reads the database finds no refresh token."""
    token = merchant.google.consent()
    account_id = merchant.http.post("/v1/accounts", json={"refresh_token": token}).json()["id"]
    stored = documents.document(f"tenants/{merchant.tenant_id}/accounts/{account_id}").get().to_dict()
    assert stored is not None
    assert stored["email"] == merchant.email
    assert token not in repr(stored)
