"""The whole stack as a user meets it: every local service and the backend in processes of their own."""

import base64
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
INDEXES = CHECKOUT / "infra/terraform/modules/tabkeeper/firestore.indexes.json"
PROJECT = "tabkeeper-local"
LOCATION = "europe-west1"
AUDIENCE = "sidebar.apps.googleusercontent.com"
TASKS_ACCOUNT = "tasks@tabkeeper-local.iam.gserviceaccount.com"
OAUTH_CLIENT = {"client_id": "web.apps.googleusercontent.com", "client_secret": "GOCSPX-local"}
SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "openid", "https://www.googleapis.com/auth/userinfo.email"]
START_S = 30.0
STOP_S = 10.0


class Program:
    """A process that is ended with the test."""

    def __init__(self, *command: str, log: Path, environment: dict[str, str] | None = None) -> None:
        self.log = log
        self._output = log.open("ab")
        self.process = subprocess.Popen(
            command, cwd=CHECKOUT, stdout=self._output, stderr=subprocess.STDOUT, env=environment
        )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self._output.close()

    def address(self) -> str:
        """Told by a local service's first line on stdout, as soon as it answers."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self.log.read_text().splitlines():
                if line.startswith('{"service"'):
                    return str(json.loads(line)["address"])
            time.sleep(0.05)
        pytest.fail(f"{self.process.args} did not start:\n{self.log.read_text()}")


@dataclass
class Stack:
    """Addresses of what runs, and the things that people do outside Tabkeeper."""

    api: str
    identity: str
    firestore: str
    tasks: str
    run: str
    shopify: str
    backend_log: Path
    environment: dict[str, str] = field(repr=False)
    secrets: list[str] = field(default_factory=list)
    """What must never be in a log."""

    def identity_token(self, email: str, **claims: Any) -> str:
        self._control(self.identity, "users", {"email": email})
        body = {"email": email, "audience": AUDIENCE} | claims
        return self._secret(self._control(self.identity, "identity-tokens", body)["id_token"])

    def refresh_token(self, email: str, scopes: list[str] = SCOPES) -> str:
        """What a consent screen that the person agreed to yields."""
        body = {"email": email, "scopes": scopes, **OAUTH_CLIENT}
        return self._secret(self._control(self.identity, "refresh-tokens", body)["refresh_token"])

    def revoke(self, email: str) -> None:
        self._control(self.identity, "revocations", {"email": email})

    def open_shop(self, **settings: Any) -> tuple[str, str]:
        """A new shop's domain and access token."""
        domain, token = f"shop-{uuid.uuid4().hex[:12]}.myshopify.com", self._secret("shpat_" + secrets.token_hex(16))
        self._control(self.shopify, "shops", {"domain": domain, "access_token": token, "currency": "GBP"} | settings)
        return domain, token

    def executions(self) -> list[dict[str, Any]]:
        jobs = f"http://{self.run}/v2/projects/{PROJECT}/locations/{LOCATION}/jobs"
        answer: dict[str, Any] = httpx.get(f"{jobs}/tabkeeper-jobs/executions", params={"pageSize": 1000}).json()
        return list(answer.get("executions", []))

    def _secret(self, value: str) -> str:
        self.secrets.append(value)
        return value

    def _control(self, address: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = httpx.post(f"http://{address}/control/{what}", json=body)
        assert answer.status_code < 300, answer.text
        told: dict[str, Any] = answer.json()
        return told


class Merchant:
    """A signed-in person with a browser of their own."""

    def __init__(self, stack: Stack, email: str) -> None:
        self.stack = stack
        self.email = email
        self.http = httpx.Client(base_url=stack.api, timeout=20.0)
        answer = self.http.post("/v1/token", json={"identity_token": stack.identity_token(email)})
        assert answer.status_code == 200, answer.text
        self.token: str = stack._secret(answer.json()["token"])
        self.tenant_id: str = answer.json()["tenant"]["id"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def link_account(self) -> str:
        answer = self.http.post("/v1/accounts", json={"refresh_token": self.stack.refresh_token(self.email)})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def connect_shop(self) -> str:
        domain, token = self.stack.open_shop()
        body = {"platform": "shopify", "shop_domain": domain, "access_token": token}
        answer = self.http.post("/v1/connections", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def configuration(self, connection_id: str, **changes: Any) -> dict[str, Any]:
        return {
            "name": "Orders",
            "connection_id": connection_id,
            "destination": {"spreadsheet_id": f"sheet-{uuid.uuid4().hex}"},
            "columns": [
                {"key": "order_name", "header": "Order", "type": "text"},
                {"key": "total", "header": "Total", "type": "money"},
            ],
        } | changes

    def create_automation(self, **changes: Any) -> dict[str, Any]:
        """With everything that it needs."""
        self.link_account()
        answer = self.http.post("/v1/automations", json=self.configuration(self.connect_shop(), **changes))
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()
        return created

    def start_run(self, automation_id: str, key: str) -> httpx.Response:
        return self.http.post(f"/v1/automations/{automation_id}/runs", headers={"Idempotency-Key": key})


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("stack")
    with ExitStack() as running:

        def serve(name: str, *options: str) -> Program:
            command = [sys.executable, "-m", f"infra.local.{name}", "--state", str(folder / name), *options]
            program = Program(*command, log=folder / f"{name}.log")
            running.callback(program.stop)
            return program

        first = [serve("identity"), serve("firestore", "--indexes", str(INDEXES)), serve("run"), serve("shopify")]
        identity, firestore, run, shopify = (program.address() for program in first)
        tasks = serve("tasks", "--identity", f"http://{identity}").address()
        port = _free_port()
        api = f"http://127.0.0.1:{port}"
        key_file = folder / "envelope.key"
        key_file.write_bytes(base64.b64encode(secrets.token_bytes(32)))
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TABKEEPER_")},
            "FIRESTORE_EMULATOR_HOST": firestore,
            "TABKEEPER_PROJECT_ID": PROJECT,
            "TABKEEPER_LOCATION": LOCATION,
            "TABKEEPER_PUBLIC_URL": api,
            "TABKEEPER_TASKS_SERVICE_ACCOUNT": TASKS_ACCOUNT,
            "TABKEEPER_IDENTITY_AUDIENCE": AUDIENCE,
            "TABKEEPER_OAUTH_CLIENT_ID": OAUTH_CLIENT["client_id"],
            "TABKEEPER_OAUTH_CLIENT_SECRET": OAUTH_CLIENT["client_secret"],
            "TABKEEPER_ENVELOPE_KEY_FILE": str(key_file),
            "TABKEEPER_TASKS_ENDPOINT": tasks,
            "TABKEEPER_RUN_ENDPOINT": f"http://{run}",
            "TABKEEPER_TOKEN_URI": f"http://{identity}/token",
            "TABKEEPER_CERTS_URL": f"http://{identity}/oauth2/v1/certs",
            "TABKEEPER_SHOPIFY_BASE_URL": f"http://{shopify}/shops/{{shop}}",
        }
        _prepare(environment, identity=identity, run=run)
        backend = Program(
            *[sys.executable, "-m", "gunicorn", "-c", "python:backend.server", "--bind", f"127.0.0.1:{port}"],
            log=folder / "backend.log",
            environment=environment,
        )
        running.callback(backend.stop)
        _await_health(api, backend)
        yield Stack(
            api=api,
            identity=identity,
            firestore=firestore,
            tasks=tasks,
            run=run,
            shopify=shopify,
            backend_log=backend.log,
            environment=environment,
            secrets=[OAUTH_CLIENT["client_secret"]],
        )


@pytest.fixture
def merchant(stack: Stack) -> Iterator[Merchant]:
    someone = Merchant(stack, f"{uuid.uuid4().hex[:12]}@shop.example")
    yield someone
    someone.http.close()


@pytest.fixture
def other_merchant(stack: Stack) -> Iterator[Merchant]:
    someone = Merchant(stack, f"{uuid.uuid4().hex[:12]}@elsewhere.example")
    yield someone
    someone.http.close()


def _prepare(environment: dict[str, str], *, identity: str, run: str) -> None:
    """What Terraform does in the cloud: the queues, the service account of the tasks, the job."""
    subprocess.run([sys.executable, "-m", "backend.admin", "queues"], cwd=CHECKOUT, env=environment, check=True)
    httpx.post(f"http://{identity}/control/service-accounts", json={"email": TASKS_ACCOUNT}).raise_for_status()
    echo = shutil.which("echo")
    job = {"template": {"template": {"containers": [{"image": "tabkeeper-jobs", "command": [echo]}], "maxRetries": 0}}}
    jobs = f"http://{run}/v2/projects/{PROJECT}/locations/{LOCATION}/jobs"
    httpx.post(jobs, params={"jobId": "tabkeeper-jobs"}, json=job).raise_for_status()


def _await_health(api: str, backend: Program) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and backend.process.poll() is None:
        try:
            if httpx.get(f"{api}/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail(f"the backend did not start:\n{backend.log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
