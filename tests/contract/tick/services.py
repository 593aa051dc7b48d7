"""Firestore, Cloud Tasks and the identity service in processes of their own, and backends that tick over them."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from google.cloud import firestore

from backend.admin import ensure_queues
from backend.runs.queues import QUEUES, queues_parent
from backend.tasks import tasks_client
from infra.local.process import Process
from infra.local.stack import CHECKOUT, INDEXES
from tests.contract.firestore.conftest import client_of

PROJECT = "tabkeeper-ticks"
LOCATION = "europe-west1"
PUBLIC_URL = "http://127.0.0.1:9"
"""Nobody listens there: the queues are paused."""
SCHEDULER = "scheduler@tabkeeper-ticks.iam.gserviceaccount.com"
TASKS = "tasks@tabkeeper-ticks.iam.gserviceaccount.com"
TICK_S = 100.0


@dataclass(frozen=True)
class Services:
    documents: firestore.Client
    environment: dict[str, str]
    identity: str
    tasks_address: str

    def token(self, caller: str) -> str:
        """What Cloud Scheduler or Cloud Tasks sends along."""
        told = {"email": caller, "audience": PUBLIC_URL}
        return str(httpx.post(f"{self.identity}/control/identity-tokens", json=told).json()["id_token"])

    def tick_at_once(self, backends: int) -> list[int]:
        """How many runs each of them started."""
        command = [sys.executable, "-m", "tests.contract.tick.ticker", self.token(SCHEDULER)]
        tickers = [
            subprocess.Popen(command, cwd=CHECKOUT, env=self.environment, stdout=subprocess.PIPE, text=True)
            for _ in range(backends)
        ]
        lines = [ticker.communicate(timeout=TICK_S)[0].splitlines()[-1] for ticker in tickers]
        return [json.loads(line)["done"]["started"] for line in lines]

    def task_names(self) -> list[str]:
        client = tasks_client(self.tasks_address)
        parent = queues_parent(PROJECT, LOCATION)
        queues = [f"{parent}/queues/{queue.name}" for queue in QUEUES]
        names = [task.name for queue in queues for task in client.list_tasks(parent=queue)]
        client.transport.close()  # type: ignore[no-untyped-call]
        return names


@contextmanager
def running_services(folder: Path) -> Iterator[Services]:
    started: list[Process] = []

    def start(name: str, *options: str) -> str:
        command = [sys.executable, "-m", f"infra.local.{name}", "--state", str(folder / name), *options]
        log = folder / f"{name}.log"
        started.append(Process(name, command, log=log, environment=os.environ, folder=CHECKOUT))
        return started[-1].address()

    try:
        identity = f"http://{start('identity')}"
        tasks = start("tasks", "--identity", identity)
        database = start("firestore", "--indexes", str(INDEXES))
        client = tasks_client(tasks)
        parent = queues_parent(PROJECT, LOCATION)
        ensure_queues(client, parent=parent)
        for queue in QUEUES:
            client.pause_queue(name=f"{parent}/queues/{queue.name}")
        client.transport.close()  # type: ignore[no-untyped-call]
        with client_of(database, project=PROJECT) as documents:
            yield Services(documents, _environment(folder, identity, tasks, database), identity, tasks)
    finally:
        for process in started:
            process.stop()


def _environment(folder: Path, identity: str, tasks: str, database: str) -> dict[str, str]:
    key = folder / "envelope.key"
    key.write_bytes(base64.b64encode(bytes(32)))
    return os.environ | {
        "FIRESTORE_EMULATOR_HOST": database,
        "TABKEEPER_PROJECT_ID": PROJECT,
        "TABKEEPER_PUBLIC_URL": PUBLIC_URL,
        "TABKEEPER_WEBHOOKS_URL": "http://127.0.0.1:9",
        "TABKEEPER_TASKS_SERVICE_ACCOUNT": TASKS,
        "TABKEEPER_SCHEDULER_SERVICE_ACCOUNT": SCHEDULER,
        "TABKEEPER_IDENTITY_AUDIENCE": "audience",
        "TABKEEPER_OAUTH_CLIENT_ID": "client",
        "TABKEEPER_OAUTH_CLIENT_SECRET": "secret",
        "TABKEEPER_SHOPIFY_CLIENT_ID": "client",
        "TABKEEPER_SHOPIFY_APP_SECRET": "secret",
        "TABKEEPER_ENVELOPE_KEY_FILE": str(key),
        "TABKEEPER_TASKS_ENDPOINT": tasks,
        "TABKEEPER_RUN_ENDPOINT": "http://127.0.0.1:9",
        "TABKEEPER_CERTS_URL": f"{identity}/oauth2/v1/certs",
    }
