"""The local identity service, used by the real google-auth library."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import id_token, service_account
from google.oauth2.credentials import Credentials

from infra.local.identity.server import start

ANN = "ann@shop.example"
BOT = "writer@tabkeeper.iam.gserviceaccount.com"
SHEETS = "https://www.googleapis.com/auth/spreadsheets"
SCOPES = [SHEETS, "openid", "https://www.googleapis.com/auth/userinfo.email"]
AUDIENCE = "script-client.apps.googleusercontent.com"
CLIENT = {"client_id": "web.apps.googleusercontent.com", "client_secret": "GOCSPX-secret"}


# google-auth ships annotations, but not for all it does: these names are used as untyped.
AuthorizedUser: Any = Credentials
ServiceAccount: Any = service_account.Credentials
ServiceAccountIdentity: Any = service_account.IDTokenCredentials


class Identity:
    """The service's address, and what people and consoles do there."""

    def __init__(self, address: str) -> None:
        self.url = f"http://{address}"

    def control(self, action: str, **body: object) -> dict[str, str]:
        response = requests.post(f"{self.url}/control/{action}", json=body, timeout=5)
        response.raise_for_status()
        answer: dict[str, str] = response.json()
        return answer

    def consent(self, *, email: str = ANN, scopes: list[str] = SCOPES) -> Any:
        refresh_token = self.control("refresh-tokens", email=email, scopes=scopes, **CLIENT)["refresh_token"]
        return AuthorizedUser(None, refresh_token=refresh_token, token_uri=f"{self.url}/token", **CLIENT)

    def service_account(self, email: str = BOT) -> Any:
        key = self.control("service-accounts", email=email)
        return ServiceAccount.from_service_account_info(key, scopes=[SHEETS])

    def token_info(self, token: str) -> requests.Response:
        return requests.get(f"{self.url}/tokeninfo", params={"access_token": token}, timeout=5)

    def verify(self, token: str, audience: str = AUDIENCE) -> Mapping[str, Any]:
        return id_token.verify_token(token, Request(), audience=audience, certs_url=f"{self.url}/oauth2/v1/certs")


@pytest.fixture(scope="module")
def identity() -> Iterator[Identity]:
    service = start()
    yield Identity(service.address)
    service.stop()


def refuse_token(identity: Identity, **form: str) -> tuple[int, dict[str, str]]:
    response = requests.post(f"{identity.url}/token", data=form, timeout=5)
    return response.status_code, response.json()


def test_refresh_token_becomes_an_access_token(identity: Identity) -> None:
    """Credentials.refresh gets a token with Google's prefix that the token endpoint can describe."""
    credentials = identity.consent()
    credentials.refresh(Request())
    assert credentials.token.startswith("ya29.")
    described = identity.token_info(credentials.token).json()
    assert described["email"] == ANN
    assert described["email_verified"] == "true"
    assert described["azp"] == CLIENT["client_id"]
    assert described["scope"].split() == SCOPES
    assert 0 < int(described["expires_in"]) <= 3599


def test_openid_grant_brings_an_identity_token(identity: Identity) -> None:
    """The identity token of a refresh is addressed to the OAuth client and names the same person."""
    credentials = identity.consent()
    credentials.refresh(Request())
    claims = identity.verify(credentials.id_token, CLIENT["client_id"])
    assert claims["email"] == ANN
    assert claims["sub"] == identity.token_info(credentials.token).json()["sub"]


def test_grant_without_openid_brings_no_identity_token(identity: Identity) -> None:
    """Without the openid scope there is nothing to say about who the person is."""
    credentials = identity.consent(scopes=[SHEETS])
    credentials.refresh(Request())
    assert credentials.id_token is None


def test_scope_beyond_the_grant_is_refused(identity: Identity) -> None:
    """A refresh may narrow what was granted, never widen it."""
    credentials = identity.consent(scopes=[SHEETS])
    form = {"grant_type": "refresh_token", "refresh_token": credentials.refresh_token, **CLIENT}
    assert refuse_token(identity, **form, scope="https://mail.google.com/")[1]["error"] == "invalid_scope"


def test_withdrawn_consent_ends_refresh_and_access_tokens(identity: Identity) -> None:
    """After a person removed the app, google-auth raises RefreshError with Google's own words."""
    credentials = identity.consent(email="leaver@shop.example")
    credentials.refresh(Request())
    identity.control("revocations", email="leaver@shop.example")
    with pytest.raises(RefreshError, match=r"Token has been expired or revoked\.") as refusal:
        credentials.refresh(Request())
    assert refusal.value.args[1]["error"] == "invalid_grant"
    assert identity.token_info(credentials.token).status_code == 400


def test_revoked_access_token_ends_its_grant_only(identity: Identity) -> None:
    """POST /revoke with an access token ends the grant behind it and no other."""
    revoked, kept = identity.consent(), identity.consent()
    for credentials in (revoked, kept):
        credentials.refresh(Request())
    answer = requests.post(f"{identity.url}/revoke", params={"token": revoked.token}, timeout=5)
    assert answer.status_code == 200
    with pytest.raises(RefreshError):
        revoked.refresh(Request())
    kept.refresh(Request())
    again = requests.post(f"{identity.url}/revoke", params={"token": revoked.token}, timeout=5)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


def test_expired_access_token_can_be_refreshed(identity: Identity) -> None:
    """An access token that ran out is unknown to tokeninfo while its refresh token still works."""
    credentials = identity.consent(email="late@shop.example")
    credentials.refresh(Request())
    identity.control("access-tokens/expire", email="late@shop.example")
    refusal = identity.token_info(credentials.token)
    assert refusal.status_code == 400
    assert refusal.json() == {"error": "invalid_token", "error_description": "Invalid Value"}
    credentials.refresh(Request())
    assert identity.token_info(credentials.token).status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "refresh_token", "client_id": "nobody", "refresh_token": "x"}, 401, "invalid_client"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({}, 400, "invalid_request"),
        (
            {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "no.token"},
            400,
            "invalid_request",
        ),
    ],
)
def test_malformed_token_request_is_refused(identity: Identity, form: dict[str, str], status: int, error: str) -> None:
    """Each refusal carries the status and the RFC 6749 code that Google's endpoint answers."""
    answered, body = refuse_token(identity, **form)
    assert (answered, body["error"]) == (status, error)


def test_wrong_client_secret_is_refused(identity: Identity) -> None:
    """A refresh token is worth nothing without the secret of the client it was granted to."""
    credentials = identity.consent()
    form = {"grant_type": "refresh_token", "refresh_token": credentials.refresh_token}
    status, body = refuse_token(identity, **form, client_id=CLIENT["client_id"], client_secret="guess")
    assert (status, body["error"]) == (401, "invalid_client")


def test_refresh_token_of_another_client_is_refused(identity: Identity) -> None:
    """A refresh token serves the client it was granted to and no other."""
    credentials = identity.consent()
    other = {"client_id": "other.apps.googleusercontent.com", "client_secret": "s"}
    identity.control("refresh-tokens", email=ANN, scopes=SCOPES, **other)
    form = {"grant_type": "refresh_token", "refresh_token": credentials.refresh_token, **other}
    assert refuse_token(identity, **form)[0] == 401


def test_service_account_gets_an_access_token(identity: Identity) -> None:
    """A key file made here works in google.oauth2.service_account as one from the console does."""
    credentials = identity.service_account()
    credentials.refresh(Request())
    described = identity.token_info(credentials.token).json()
    assert (described["email"], described["scope"]) == (BOT, SHEETS)


def test_service_account_gets_an_identity_token(identity: Identity) -> None:
    """IDTokenCredentials obtain a token that verifies for the audience they asked for."""
    key = identity.control("service-accounts", email=BOT)
    credentials = ServiceAccountIdentity.from_service_account_info(key, target_audience=AUDIENCE)
    credentials.refresh(Request())
    assert identity.verify(credentials.token)["email"] == BOT


def test_assertion_signed_with_a_foreign_key_is_refused(identity: Identity) -> None:
    """Knowing a service account's email is not enough."""
    key = identity.control("service-accounts", email=BOT)
    foreign = identity.control("service-accounts", email="other@tabkeeper.iam.gserviceaccount.com")
    forged = ServiceAccount.from_service_account_info(key | {"private_key": foreign["private_key"]}, scopes=[SHEETS])
    with pytest.raises(RefreshError, match=r"Invalid JWT Signature\."):
        forged.refresh(Request())


def test_unknown_service_account_is_refused(identity: Identity) -> None:
    """A key file whose account was never created opens nothing."""
    key = identity.control("service-accounts", email=BOT)
    stranger = ServiceAccount.from_service_account_info(
        key | {"client_email": "stranger@tabkeeper.iam.gserviceaccount.com"}, scopes=[SHEETS]
    )
    with pytest.raises(RefreshError, match="account not found"):
        stranger.refresh(Request())


def test_identity_token_verifies_for_its_audience_only(identity: Identity) -> None:
    """What the sidebar gets passes google-auth's own check, and not for another script's client id."""
    token = identity.control("identity-tokens", email=ANN, audience=AUDIENCE)["id_token"]
    claims = identity.verify(token)
    assert claims["iss"] == "https://accounts.google.com"
    assert (claims["email"], claims["email_verified"]) == (ANN, True)
    with pytest.raises(GoogleAuthError, match="wrong audience"):
        identity.verify(token, "another.apps.googleusercontent.com")


def test_identity_token_verifies_with_the_json_web_key_set(identity: Identity) -> None:
    """The JWKS names the same key as the certificate."""
    keys = requests.get(f"{identity.url}/oauth2/v3/certs", timeout=5).json()["keys"]
    certificates = requests.get(f"{identity.url}/oauth2/v1/certs", timeout=5)
    assert {key["kid"] for key in keys} == set(certificates.json())
    assert "max-age=" in certificates.headers["Cache-Control"]


def test_identity_token_claims_can_be_overridden(identity: Identity) -> None:
    """Tests make the tokens that go wrong: another sub, no email, long expired."""
    token = identity.control("identity-tokens", email=ANN, audience=AUDIENCE, sub="77", email_verified=None)["id_token"]
    claims = identity.verify(token)
    assert claims["sub"] == "77"
    assert "email_verified" not in claims
    expired = identity.control("identity-tokens", email=ANN, audience=AUDIENCE, expires_in_s=-60)["id_token"]
    with pytest.raises(GoogleAuthError, match="expired"):
        identity.verify(expired)


def test_user_keeps_the_sub_it_was_given(identity: Identity) -> None:
    """A person's sub is stable across tokens."""
    identity.control("users", email="bob@shop.example", sub="4711")
    token = identity.control("identity-tokens", email="bob@shop.example", audience=AUDIENCE)["id_token"]
    assert identity.verify(token)["sub"] == "4711"


def test_control_body_with_a_misspelt_field_is_refused(identity: Identity) -> None:
    """A typing error in a test's set-up is told, not ignored."""
    response = requests.post(f"{identity.url}/control/users", json={"email": ANN, "subb": "1"}, timeout=5)
    assert response.status_code == 400
    assert "subb" in response.json()["error_description"]


def test_grants_and_key_survive_kill_minus_nine(tmp_path: Path) -> None:
    """What was acknowledged before kill -9 is honoured by the next process on the same state."""
    process, identity = run_service(tmp_path)
    try:
        credentials = identity.consent()
        robot = identity.service_account()
        token = identity.control("identity-tokens", email=ANN, audience=AUDIENCE)["id_token"]
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    process, again = run_service(tmp_path)
    try:
        credentials._token_uri = robot._token_uri = f"{again.url}/token"
        credentials.refresh(Request())
        robot.refresh(Request())
        assert again.verify(token)["email"] == ANN
    finally:
        process.terminate()
        process.communicate()
    assert process.returncode == 0


def run_service(state: Path) -> tuple["subprocess.Popen[str]", Identity]:
    command = [sys.executable, "-m", "infra.local.identity", "--state", str(state)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Identity(json.loads(process.stdout.readline())["address"])
