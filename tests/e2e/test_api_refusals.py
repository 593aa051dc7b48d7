"""What the API answers to requests that make no sense, what it tells about itself, and what it writes down."""

import json
import subprocess
import sys

import httpx
import pytest

from backend.app import create_app
from backend.settings import Settings
from infra.local.demo.merchant import Merchant
from infra.local.stack import CHECKOUT, OAUTH_CLIENT_SECRET, Stack
from tests.e2e.automations import start_run
from tests.shop import Shop

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "code"),
    [
        ("GET", "/v1/nothing", {}, b"", 404, "not_found"),
        ("GET", "//v1/me", {}, b"", 404, "not_found"),
        ("PUT", "/v1/me", {}, b"", 405, "method_not_allowed"),
        ("GET", "/v1/runs/..%2f..%2fx", {}, b"", 404, "not_found"),
        ("GET", "/v1/runs/__name__", {}, b"", 404, "not_found"),
        ("POST", "/v1/connections", JSON, b"{", 400, "bad_request"),
        ("POST", "/v1/connections", JSON, b"[]", 400, "bad_request"),
        ("POST", "/v1/connections", JSON, b'{"access_token": NaN}', 400, "bad_request"),
        ("POST", "/v1/connections", JSON, b"[" * 100_000, 400, "bad_request"),
        ("POST", "/v1/connections", JSON, b'{"platform": "\\ud800"}', 422, "invalid_input"),
        ("POST", "/v1/connections", {"Content-Type": "text/plain"}, b"{}", 415, "unsupported_media_type"),
        ("POST", "/v1/connections", JSON, b" " * 300_000, 413, "request_entity_too_large"),
    ],
)
def test_senseless_request_is_a_problem(  # noqa: PLR0917 - one case a line
    merchant: Merchant, method: str, path: str, headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    """Every refusal is a problem document with a stable code."""
    refused = merchant.http.request(method, path, headers=headers, content=body)
    assert refused.headers["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert (refused.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["detail"]


def test_description_is_served(stack: Stack) -> None:
    """Anyone may read what the API offers."""
    document = httpx.get(f"{stack.urls['backend']}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/v1/automations/{automation_id}/runs" in document["paths"]


@pytest.mark.usefixtures("paused_queues")
def test_log_is_json_without_secrets(stack: Stack) -> None:
    """Each line of ours is in Cloud Logging's shape, and none holds a token of anybody who was ever here."""
    ann = Merchant(stack, email="secretive@shop.example")
    ann.sign_in()
    refresh_token = ann.google.consent()
    ann.http.post("/v1/accounts", json={"refresh_token": refresh_token}).raise_for_status()
    shop = Shop.new(stack)
    automation = ann.create_automation(ann.connect(shop), "spreadsheet-of-the-secretive")
    run = start_run(ann, automation["id"], "key").json()
    ann.close()
    log = stack.log("backend").read_text()
    events = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    created = next(
        event
        for event in events
        if event["message"] == "run_created" and event["logging.googleapis.com/labels"]["run_id"] == run["id"]
    )
    assert created["severity"] == "INFO"
    assert created["logging.googleapis.com/labels"]["tenant_id"] == ann.tenant_id
    for secret in (ann.token, refresh_token, shop.token, OAUTH_CLIENT_SECRET, "shpat_", "eyJ", "Bearer "):
        assert secret not in log


@pytest.mark.parametrize(
    ("variable", "value"),
    [("TABKEEPER_IDENTITY_AUDIENCE", None), ("TABKEEPER_COLOUR", "red"), ("TABKEEPER_SESSION_TTL_S", "soon")],
)
def test_wrong_setting_ends_the_server_by_name(stack: Stack, variable: str, value: str | None) -> None:
    """A server that cannot be configured ends with 78 and says which setting it is, rather than starting again."""
    environment = {name: given for name, given in stack.environment.items() if name != variable}
    ended = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "python:backend.server", "--bind", "127.0.0.1:0"],
        cwd=CHECKOUT,
        env=environment | ({variable: value} if value else {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 78
    assert variable in ended.stderr


def test_storage_that_is_down_is_told_as_passing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request is refused soon, with the advice to try again, and without internals."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:1")
    refused = create_app(settings).test_client().get("/v1/me", headers={"Authorization": "Bearer any"})
    assert refused.status_code == 503
    assert refused.get_json()["retriable"] is True
    assert "127.0.0.1" not in refused.get_data(as_text=True)
