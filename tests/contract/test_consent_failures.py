"""What it means when Google or a shop does not give tokens as promised, over real HTTP."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response
from pydantic import SecretStr

from backend.accounts.google_consent import GoogleConsent
from backend.errors import (
    ConfigurationError,
    ConnectionRefused,
    ConsentExpired,
    SourceBroken,
    TabkeeperError,
    TokenRevoked,
    UpstreamUnavailable,
)
from backend.platforms.shopify.oauth import ShopifyOAuth
from backend.timed_request import TimedRequest
from infra.local.http import HttpServer

NOBODY = "http://127.0.0.1:9"


class Endpoint:
    """Answers every request with what it was told last."""

    def __init__(self) -> None:
        app = Flask(__name__)
        app.add_url_rule("/<path:_path>", view_func=lambda _path: Response(self.body, self.status), methods=["POST"])
        self._server = HttpServer(app)
        self.url = f"http://{self._server.address}"
        self.stop = self._server.stop

    def will_answer(self, status: int, body: str) -> None:
        self.status, self.body = status, body


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.stop()


def google(url: str) -> GoogleConsent:
    return GoogleConsent(
        client_id="desk",
        client_secret=SecretStr("secret"),
        auth_uri=f"{url}/auth",
        token_uri=f"{url}/token",
        redirect_uri="https://api.example/v1/oauth/google",
        transport=TimedRequest(timeout_s=5.0),
    )


SHOPIFY = ShopifyOAuth(client_id="app", secret=SecretStr("secret"), scopes="read_orders")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, '{"error": "invalid_grant"}', TokenRevoked),
        (401, '{"error": "invalid_client"}', ConfigurationError),
        (503, '{"error": "internal_failure"}', UpstreamUnavailable),
        (502, "<html>", UpstreamUnavailable),
        (200, "[]", UpstreamUnavailable),
        (200, '{"access_token": "ya29.x"}', UpstreamUnavailable),
    ],
)
def test_google_gives_no_refresh_token(endpoint: Endpoint, status: int, body: str, error: type[TabkeeperError]) -> None:
    """A spent code, our own mistake, and what passes are told apart."""
    endpoint.will_answer(status, body)
    with pytest.raises(error):
        google(endpoint.url).redeem("4/0A", nonce="nonce")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, '{"error": "invalid_request"}', ConsentExpired),
        (400, '{"error": "application_cannot_be_found"}', ConfigurationError),
        (503, "{}", UpstreamUnavailable),
        (520, "error code: 520", UpstreamUnavailable),
        (429, "", UpstreamUnavailable),
        (404, "<html>", SourceBroken),
        (400, "[]", SourceBroken),
        (200, "{}", SourceBroken),
    ],
)
def test_shop_gives_no_tokens(endpoint: Endpoint, status: int, body: str, error: type[TabkeeperError]) -> None:
    """What is not said in the way of the endpoint is no statement about the code."""
    endpoint.will_answer(status, body)
    with pytest.raises(error):
        SHOPIFY.redeem(endpoint.url, "code", timeout_s=5.0)


def test_refused_renewal_ends_the_connection(endpoint: Endpoint) -> None:
    """Where a refused code only ends the link."""
    endpoint.will_answer(401, '{"error": "invalid_request"}')
    with pytest.raises(ConnectionRefused):
        SHOPIFY.renew(endpoint.url, "shprt_x", timeout_s=5.0)


def test_nobody_answers() -> None:
    """It passes; a code that was not taken is good yet, and the person starts again."""
    with pytest.raises(UpstreamUnavailable):
        google(NOBODY).redeem("4/0A", nonce="nonce")
    with pytest.raises(UpstreamUnavailable):
        SHOPIFY.redeem(NOBODY, "code", timeout_s=5.0)
