"""The local consent page of Google's, and what its code is worth at the token endpoint."""

import base64
import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from infra.local.identity.codes import LIFETIME_S
from infra.local.identity.server import start
from tests.person import Person

ANN = "ann@shop.example"
CLIENT = {"client_id": "desk.apps.googleusercontent.com", "client_secret": "GOCSPX-secret"}
BACK = "https://api.example/v1/oauth/google"
SHEETS = "https://www.googleapis.com/auth/spreadsheets"
EMAIL = "https://www.googleapis.com/auth/userinfo.email"
VERIFIER = "a-verifier-that-only-the-client-knows-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "client_id": CLIENT["client_id"],
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": f"openid email {SHEETS}",
    "access_type": "offline",
    "prompt": "consent",
    "login_hint": ANN,
    "state": "the state",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Google:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self._service = start(clock=lambda: self.now)
        self.url = f"http://{self._service.address}"
        self.person = Person()
        self.control(**CLIENT, redirect_uris=[BACK])

    def control(self, **client: Any) -> None:
        httpx.post(f"{self.url}/control/clients", json=client).raise_for_status()

    def ask(self, **changes: Any) -> Person:
        asked = {name: value for name, value in (ASKED | changes).items() if value is not None}
        return self.person.open(f"{self.url}/o/oauth2/v2/auth?{urlencode(asked)}")

    def sent_back(self, button: str = "Allow", **filled_in: Any) -> dict[str, str]:
        """Where the browser is told to go next, which must be the client's address: its query."""
        answer = self.person.press(button, follow=False, **filled_in).page
        assert answer.status_code == 303, answer.text
        address, _, query = answer.headers["Location"].partition("?")
        assert address == BACK
        return {name: value for name, (value,) in parse_qs(query).items()}

    def code(self, **changes: Any) -> str:
        self.ask(**changes)
        return self.sent_back()["code"]

    def token(self, code: str, /, **changes: Any) -> tuple[int, dict[str, Any]]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
        sent = {name: value for name, value in (CLIENT | form | changes).items() if value is not None}
        answer = httpx.post(f"{self.url}/token", data=sent)
        return answer.status_code, answer.json()

    def close(self) -> None:
        self.person.close()
        self._service.stop()


@pytest.fixture(scope="module")
def google() -> Iterator[Google]:
    google = Google()
    yield google
    google.close()


def test_agreeing_brings_tokens_of_that_person(google: Google) -> None:
    """The page proposes who was hinted at, and the tokens are hers and for what she was asked."""
    assert dict(google.ask().form.fields)["email"] == ANN
    back = google.sent_back()
    assert back["state"] == "the state"
    status, tokens = google.token(back["code"])
    assert status == 200
    described = httpx.get(f"{google.url}/tokeninfo", params={"access_token": tokens["access_token"]}).json()
    assert (described["email"], set(described["scope"].split())) == (ANN, {"openid", EMAIL, SHEETS})
    assert {"refresh_token", "id_token", "expires_in", "token_type"} <= tokens.keys()


def test_another_account_can_be_chosen(google: Google) -> None:
    """A hint is only a hint."""
    google.ask()
    _, tokens = google.token(google.sent_back(email="bob@shop.example")["code"])
    described = httpx.get(f"{google.url}/tokeninfo", params={"access_token": tokens["access_token"]}).json()
    assert described["email"] == "bob@shop.example"


def test_person_may_leave_out_a_scope(google: Google) -> None:
    """Google tells the client on the way back what was granted."""
    google.ask()
    back = google.sent_back(scope=None)
    assert set(back["scope"].split()) == {"openid", EMAIL}
    assert set(google.token(back["code"])[1]["scope"].split()) == {"openid", EMAIL}


def test_cancelling_sends_back_without_a_code(google: Google) -> None:
    """With the state, so that the client knows what was not agreed to."""
    google.ask()
    assert google.sent_back("Cancel") == {"error": "access_denied", "state": "the state"}


def test_code_works_once(google: Google) -> None:
    """In Google's own words, which tell little."""
    code = google.code()
    assert google.token(code)[0] == 200
    assert google.token(code) == (400, {"error": "invalid_grant", "error_description": "Bad Request"})


def test_code_is_good_for_ten_minutes(google: Google) -> None:
    """And not a second longer."""
    code = google.code()
    google.now += LIFETIME_S
    assert google.token(code)[1]["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": None}, "invalid_grant"),
        ({"code_verifier": "another"}, "invalid_grant"),
        ({"redirect_uri": "https://elsewhere.example"}, "redirect_uri_mismatch"),
        ({"client_secret": "guess"}, "invalid_client"),
        ({"code": None}, "invalid_request"),
    ],
)
def test_code_alone_opens_nothing(google: Google, changes: dict[str, str | None], error: str) -> None:
    """It takes the client's secret, its verifier and the address that the code was sent to."""
    status, answer = google.token(google.code(), **changes)
    assert (status >= 400, answer["error"]) == (True, error)


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"redirect_uri": "https://elsewhere.example"}, 400, "redirect_uri_mismatch"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"response_type": "token"}, 400, "unsupported_response_type"),
        ({"scope": None}, 400, "invalid_request"),
    ],
)
def test_wrong_question_sends_nobody_anywhere(
    google: Google, changes: dict[str, str | None], status: int, error: str
) -> None:
    """The person is told on the page itself: an address that is not registered is not believed."""
    page = google.ask(**changes).page
    assert (page.status_code, page.history) == (status, [])
    assert error in page.text
    assert not google.person.form.buttons


def test_refresh_token_comes_with_the_first_agreement(google: Google) -> None:
    """Later ones bring none, unless the page was told to prompt; and none comes without offline access."""
    everyone = {"login_hint": "carol@shop.example", "prompt": None}
    first, second = google.token(google.code(**everyone))[1], google.token(google.code(**everyone))[1]
    prompted = google.token(google.code(**everyone | {"prompt": "consent"}))[1]
    online = google.token(google.code(access_type=None))[1]
    assert ["refresh_token" in tokens for tokens in (first, second, prompted, online)] == [True, False, True, False]


def test_page_shows_text_as_text(google: Google) -> None:
    """Whatever a query holds."""
    page = google.ask(login_hint='"><script>alert(1)</script>').page
    assert "<script>" not in page.text
    assert urlsplit(str(page.url)).path == "/o/oauth2/v2/auth"
