"""Which answers a page of another origin may read, over real HTTP."""

from collections.abc import Iterator

import httpx
import pytest
from flask import Flask

from infra.local.http import HttpServer

PREFLIGHT = {
    "Origin": "null",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
}


@pytest.fixture
def http(app: Flask) -> Iterator[httpx.Client]:
    server = HttpServer(app)
    with httpx.Client(base_url=f"http://{server.address}", headers={"Origin": "null"}) as client:
        yield client
    server.stop()


def test_preflight_tells_what_a_page_may_send(http: httpx.Client) -> None:
    """Before anybody is asked who they are: a browser sends no token with it."""
    answer = http.options("/v1/automations/aut_1/runs", headers=PREFLIGHT)
    assert (answer.status_code, answer.content) == (204, b"")
    told = {name: answer.headers[f"Access-Control-{name}"] for name in ("Allow-Origin", "Allow-Methods", "Max-Age")}
    assert told == {"Allow-Origin": "*", "Allow-Methods": "POST", "Max-Age": "7200"}
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization, content-type, idempotency-key"


def test_preflight_names_every_method_of_the_path(http: httpx.Client) -> None:
    """And no other."""
    answer = http.options("/v1/automations/aut_1", headers=PREFLIGHT)
    methods = answer.headers["Access-Control-Allow-Methods"]
    assert set(methods.split(", ")) == {"DELETE", "GET", "HEAD", "PATCH"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/me", 401), ("POST", "/v1/token", 422), ("GET", "/v1/nothing", 404), ("PUT", "/v1/me", 405)],
)
def test_page_reads_a_refusal(http: httpx.Client, method: str, path: str, status: int) -> None:
    """A merchant is told what is wrong, and a program how long to wait."""
    answer = http.request(method, path)
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Expose-Headers"] == "Retry-After"


def test_page_sends_no_cookies(http: httpx.Client) -> None:
    """Nothing that a browser adds by itself opens anything."""
    answer = http.options("/v1/me", headers=PREFLIGHT)
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Set-Cookie" not in http.get("/v1/me").headers


@pytest.mark.parametrize("path", ["/v1/internal/tick", "/v1/internal/lanes/con_1/dispatch", "/openapi.json"])
def test_what_is_not_for_pages_is_not_told_to_them(http: httpx.Client, path: str) -> None:
    """What Google's services call, and what lies outside the API."""
    for answer in (http.options(path, headers=PREFLIGHT), http.post(path)):
        assert answer.status_code >= 400
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_unknown_path_has_no_preflight(http: httpx.Client) -> None:
    """Nothing is allowed where nothing is."""
    assert http.options("/v1/nothing", headers=PREFLIGHT).status_code == 404
