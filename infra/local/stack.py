"""The whole of Tabkeeper on one machine: every service, the backend, and what Terraform would have made.

The stack knows the product by its commands, its environment and its wire only.
"""

import base64
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from infra.local.ports import Ports
from infra.local.process import START_S, NotStarted, Process
from infra.local.service import LOOPBACK

CHECKOUT = Path(__file__).resolve().parents[2]
INDEXES = CHECKOUT / "infra/terraform/modules/tabkeeper/firestore.indexes.json"
PROJECT = "tabkeeper-local"
LOCATION = "europe-west1"
JOB = "tabkeeper-jobs"
SERVICES = ("identity", "firestore", "tasks", "scheduler", "run", "sheets", "shopify", "desk")
GRPC_SERVICES = frozenset({"firestore", "tasks", "scheduler"})
PROGRAMS = ("backend", "webhooks")
ENDING = (
    ("desk", "scheduler", "webhooks", "backend"),
    ("tasks", "run"),
    ("shopify", "sheets", "firestore", "identity"),
)
"""Who is stopped together, in which order: a job that is told to end still finds all that it needs to end well."""
ADMIN_COMMANDS = ("queues", "tick-job")
"""Of `python -m backend.admin`."""
WEBHOOKS_SETTINGS = (
    "FIRESTORE_EMULATOR_HOST",
    "TABKEEPER_PROJECT_ID",
    "TABKEEPER_LOCATION",
    "TABKEEPER_PUBLIC_URL",
    "TABKEEPER_TASKS_SERVICE_ACCOUNT",
    "TABKEEPER_TASKS_ENDPOINT",
    "TABKEEPER_CHANGES_WINDOW_S",
    "TABKEEPER_LOG_LEVEL",
)
TASKS_ACCOUNT = f"tasks@{PROJECT}.iam.gserviceaccount.com"
SCHEDULER_ACCOUNT = f"scheduler@{PROJECT}.iam.gserviceaccount.com"
OAUTH_CLIENT_ID = f"desk.{PROJECT}.apps.googleusercontent.com"
OAUTH_CLIENT_SECRET = "local-client-secret"  # noqa: S105 - of a client that exists on this machine only
SHOPIFY_CLIENT_ID = "local-app"
SHOPIFY_APP_SECRET = "local-app-secret"  # noqa: S105 - as above
SHOPIFY_SCOPES = "read_orders,read_all_orders,read_customers,read_products"
UNLIMITED = {"TABKEEPER_SHEETS_CALLS_A_MINUTE": "1000000", "TABKEEPER_SHEETS_PROJECT_CALLS_A_MINUTE": "1000000"}
CONTROL_S = 600.0
"""A control endpoint may load a file of half a million lines."""
ADDON_AUDIENCE = f"addon.{PROJECT}.apps.googleusercontent.com"


@dataclass(slots=True)
class Stack:
    """Started by `with`, stopped on exit; state and logs stay under `state`."""

    state: Path
    quota: str = "real"
    settings: Mapping[str, str] = field(default_factory=dict)
    """Further TABKEEPER_ settings for the backend and the jobs."""
    tell: Callable[[str], None] = lambda _name: None
    """Called with the name of each part as it comes up."""
    urls: dict[str, str] = field(default_factory=dict)
    """Where each part answers: `http://127.0.0.1:port`, without a scheme for gRPC."""
    environment: dict[str, str] = field(default_factory=dict)
    """What the backend and the jobs run with."""
    processes: dict[str, Process] = field(default_factory=dict)
    http: httpx.Client = field(init=False)
    """For the control endpoints; making a client costs more than a call."""
    _ports: Ports = field(init=False)

    def __enter__(self) -> Self:
        self.state = self.state.resolve()
        self.state.mkdir(parents=True, exist_ok=True)
        self._ports = Ports(self.state / "ports.json")
        self.http = httpx.Client(timeout=CONTROL_S)
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def desk_url(self, *, sheet_id: int = 0) -> str:
        """For a browser: a tab of a spreadsheet, and the add-on opened beside it."""
        return f"{self.urls['desk']}/?open=1" + (f"#gid={sheet_id}" if sheet_id else "")

    def log(self, name: str) -> Path:
        return self.state / "logs" / f"{name}.log"

    def kill(self, service: str) -> None:
        """SIGKILL to a local service, as when it is out of reach; `revive` brings it back with its state."""
        self.processes[service].kill()

    def revive(self, service: str) -> None:
        self.processes[service] = self.processes[service].again()
        self.processes[service].address()

    def _start(self) -> None:
        """All at once: the ports are known before anybody listens."""
        ports = {name: self._ports.of(name) for name in (*SERVICES, *PROGRAMS)}
        self.urls = {
            name: f"127.0.0.1:{port}" if name in GRPC_SERVICES else f"http://127.0.0.1:{port}"
            for name, port in ports.items()
        }
        options = {
            "firestore": ["--indexes", str(INDEXES)],
            "tasks": ["--identity", self.urls["identity"]],
            "scheduler": ["--identity", self.urls["identity"]],
            "sheets": ["--identity", self.urls["identity"], "--quota", self.quota],
            "shopify": [
                *("--client-id", SHOPIFY_CLIENT_ID, "--app-secret", SHOPIFY_APP_SECRET, "--allow-http"),
                *("--redirect-uri", f"{self.urls['backend']}/v1/oauth/shopify"),
            ],
            "desk": self._desk_options(),
        }
        clients = {"desk": {"FIRESTORE_EMULATOR_HOST": self.urls["firestore"]}}
        for name in SERVICES:
            where = ["--port", str(ports[name]), "--state", str(self.state / name)]
            command = [sys.executable, "-m", f"infra.local.{name}", *where, *options.get(name, [])]
            self._run(name, command, environment=self._clean_environment() | clients.get(name, {}))
        self.environment = self._environment()
        serve = ["-m", "gunicorn", "-c", "python:backend.server", "--bind", f"127.0.0.1:{ports['backend']}"]
        self._run("backend", [sys.executable, *serve], environment=self.environment)
        function = ["-m", "functions_framework", "--source", "backend/webhooks/function.py", "--target", "receive"]
        where = ["--host", LOOPBACK, "--port", str(ports["webhooks"])]
        self._run("webhooks", [sys.executable, *function, *where], environment=self.webhooks_environment())
        for name in SERVICES:
            self.processes[name].address()
            self.tell(name)
        self._provision()
        for name in PROGRAMS:
            self._await_answer(name)

    def _stop(self) -> None:
        self.http.close()
        for names in ENDING:
            together = [self.processes[name] for name in names if name in self.processes]
            for process in together:
                process.ask_to_stop()
            for process in together:
                process.stop()

    def _run(self, name: str, command: list[str], *, environment: Mapping[str, str]) -> None:
        process = Process(name, command, log=self.log(name), environment=environment, folder=CHECKOUT)
        self.processes[name] = process

    def _desk_options(self) -> list[str]:
        others = {"--api": "backend"} | {
            f"--{name}": name for name in ("identity", "sheets", "shopify", "tasks", "scheduler")
        }
        where = [text for option, name in others.items() for text in (option, self.urls[name])]
        addon = ["--checkout", str(CHECKOUT), "--audience", ADDON_AUDIENCE]
        logs = ["--logs", str(self.state / "logs"), "--executions", str(self.state / "run/logs")]
        return [*where, *addon, "--project", PROJECT, "--location", LOCATION, *logs]

    def _environment(self) -> dict[str, str]:
        urls = self.urls
        return {
            **self._clean_environment(),
            "FIRESTORE_EMULATOR_HOST": urls["firestore"],
            "TABKEEPER_PROJECT_ID": PROJECT,
            "TABKEEPER_LOCATION": LOCATION,
            "TABKEEPER_PUBLIC_URL": urls["backend"],
            "TABKEEPER_WEBHOOKS_URL": urls["webhooks"],
            "TABKEEPER_TASKS_SERVICE_ACCOUNT": TASKS_ACCOUNT,
            "TABKEEPER_SCHEDULER_SERVICE_ACCOUNT": SCHEDULER_ACCOUNT,
            "TABKEEPER_IDENTITY_AUDIENCE": ADDON_AUDIENCE,
            "TABKEEPER_OAUTH_CLIENT_ID": OAUTH_CLIENT_ID,
            "TABKEEPER_OAUTH_CLIENT_SECRET": OAUTH_CLIENT_SECRET,
            "TABKEEPER_ENVELOPE_KEY_FILE": str(self._envelope_key()),
            "TABKEEPER_TASKS_ENDPOINT": urls["tasks"],
            "TABKEEPER_SCHEDULER_ENDPOINT": urls["scheduler"],
            "TABKEEPER_RUN_ENDPOINT": urls["run"],
            "TABKEEPER_SHEETS_ENDPOINT": urls["sheets"],
            "TABKEEPER_GOOGLE_AUTH_URI": f"{urls['identity']}/o/oauth2/v2/auth",
            "TABKEEPER_TOKEN_URI": f"{urls['identity']}/token",
            "TABKEEPER_CERTS_URL": f"{urls['identity']}/oauth2/v1/certs",
            "TABKEEPER_SHOPIFY_CLIENT_ID": SHOPIFY_CLIENT_ID,
            "TABKEEPER_SHOPIFY_APP_SECRET": SHOPIFY_APP_SECRET,
            "TABKEEPER_SHOPIFY_SCOPES": SHOPIFY_SCOPES,
            "TABKEEPER_SHOPIFY_BASE_URL": f"{urls['shopify']}/shops/{{shop}}",
            "TABKEEPER_LINGER_S": "0",
            "TABKEEPER_CHANGES_WINDOW_S": "1",
            "TABKEEPER_NOTIFICATIONS_TO_LOOPBACK": "true",
            **({} if self.quota == "real" else UNLIMITED),
            **self.settings,
        }

    def webhooks_environment(self) -> dict[str, str]:
        """The ingress gets what it needs and nothing else: no key, no credential of Google."""
        return {
            **self._clean_environment(),
            **{name: self.environment[name] for name in WEBHOOKS_SETTINGS if name in self.environment},
            "TABKEEPER_SHOPIFY_APP_SECRET": SHOPIFY_APP_SECRET,
        }

    def _envelope_key(self) -> Path:
        file = self.state / "envelope.key"
        if not file.exists():
            fresh = file.with_suffix(".new")
            fresh.write_bytes(base64.b64encode(secrets.token_bytes(32)))
            fresh.replace(file)
        return file

    @staticmethod
    def _clean_environment() -> dict[str, str]:
        """Ours must not meet settings that somebody exported for something else."""
        ours = ("TABKEEPER_", "FIRESTORE_EMULATOR_HOST", "CLOUD_RUN_")
        return {name: value for name, value in os.environ.items() if not name.startswith(ours)}

    def _provision(self) -> None:
        """What Terraform, consoles and admin commands make in the cloud: accounts, clients, queues, the job."""
        for email in (TASKS_ACCOUNT, SCHEDULER_ACCOUNT):
            account = {"email": email}
            self.http.post(f"{self.urls['identity']}/control/service-accounts", json=account).raise_for_status()
        client = {
            "client_id": OAUTH_CLIENT_ID,
            "client_secret": OAUTH_CLIENT_SECRET,
            "redirect_uris": [f"{self.urls['backend']}/v1/oauth/google"],
        }
        self.http.post(f"{self.urls['identity']}/control/clients", json=client).raise_for_status()
        for name in ADMIN_COMMANDS:
            self._admin(name)
        self._provision_job()
        app = {"compliance_uri": f"{self.urls['webhooks']}/shopify"}
        self.http.post(f"{self.urls['shopify']}/control/app", json=app).raise_for_status()

    def _admin(self, name: str) -> None:
        command = [sys.executable, "-m", "backend.admin", name]
        process = Process(name, command, log=self.log("admin"), environment=self.environment, folder=CHECKOUT)
        try:
            if process.wait(START_S) != 0:
                raise NotStarted(f"`backend.admin {name}` failed; see {process.log}")
        finally:
            process.stop()

    def _provision_job(self) -> None:
        """A job keeps its environment, which names ports: it is made anew at each start."""
        names = [name for name in self.environment if name.startswith(("TABKEEPER_", "FIRESTORE_EMULATOR_HOST"))]
        container = {
            "image": JOB,
            "command": [sys.executable, "-m", "jobs"],
            "env": [{"name": name, "value": self.environment[name]} for name in names],
        }
        template = {"containers": [container], "maxRetries": 3, "timeout": "86400s"}
        jobs = f"{self.urls['run']}/v2/projects/{PROJECT}/locations/{LOCATION}/jobs"
        body = {"template": {"template": template}}
        made = self.http.post(jobs, params={"jobId": JOB}, json=body)
        if made.status_code == httpx.codes.CONFLICT:
            made = self.http.patch(f"{jobs}/{JOB}", json=body)
        made.raise_for_status()

    def _await_answer(self, name: str) -> None:
        """Any answer will do: a program that lacks something does not come so far."""
        program = self.processes[name]
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and program.running:
            try:
                self.http.get(f"{self.urls[name]}/health")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                self.tell(name)
                return
        raise NotStarted(f"{name} did not start; see {program.log}")
