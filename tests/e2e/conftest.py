"""The whole stack as a user meets it: every local service and the backend in processes of their own."""

import base64
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from google.cloud import firestore

from backend.settings import Settings
from tests.e2e.merchant import Merchant
from tests.e2e.program import CHECKOUT, START_S, Program
from tests.e2e.stack import AUDIENCE, JOB, LOCATION, OAUTH_CLIENT, PROJECT, TASKS_ACCOUNT, Stack

INDEXES = CHECKOUT / "infra/terraform/modules/tabkeeper/firestore.indexes.json"


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


@pytest.fixture
def settings(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The backend's own, for what is tried in this process against the same services."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    return Settings.from_environment()


@pytest.fixture
def documents(settings: Settings) -> Iterator[firestore.Client]:
    """The database, for a look behind the API."""
    client = firestore.Client(project=settings.project_id)
    yield client
    client.close()  # type: ignore[no-untyped-call]


def _prepare(environment: dict[str, str], *, identity: str, run: str) -> None:
    """What Terraform does in the cloud: the queues, the service account of the tasks, the job."""
    subprocess.run([sys.executable, "-m", "backend.admin", "queues"], cwd=CHECKOUT, env=environment, check=True)
    httpx.post(f"http://{identity}/control/service-accounts", json={"email": TASKS_ACCOUNT}).raise_for_status()
    echo = shutil.which("echo")
    job = {"template": {"template": {"containers": [{"image": JOB, "command": [echo]}], "maxRetries": 0}}}
    jobs = f"http://{run}/v2/projects/{PROJECT}/locations/{LOCATION}/jobs"
    httpx.post(jobs, params={"jobId": JOB}, json=job).raise_for_status()


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
