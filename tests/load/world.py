"""The stack under load, and the tenants in it."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.scheduler_v1 import CloudSchedulerClient

from backend.clients import scheduler_client
from backend.clock import utc_now
from backend.runs.model import Run, RunStatus
from infra.local.demo.merchant import TIMEOUT_S
from infra.local.stack import LOCATION, PROJECT, Stack
from tests.load.tenant import Plan, Tenant, write_files

TICK_JOB = f"projects/{PROJECT}/locations/{LOCATION}/jobs/tick"
HANDS = 8
"""At once, when tenants are made and when tabs are read."""
MAX_WRITES = 500
"""Of a Firestore commit."""
LOOK_EVERY_S = 3.0
LIKE_PRODUCTION = {"TABKEEPER_CHANGES_WINDOW_S": "10", "TABKEEPER_LINGER_S": "5"}
"""The defaults of the settings, which the local stack shortens."""
SESSIONS = {"TABKEEPER_SESSION_TTL_S": "86400"}
"""Nobody is to sign in again while the load lasts."""


@dataclass(frozen=True, slots=True)
class World:
    stack: Stack
    documents: firestore.Client
    scheduler: CloudSchedulerClient
    transport: httpx.BaseTransport
    files: Path
    tenants: list[Tenant] = field(default_factory=list)

    def settle(self, plans: Sequence[Plan]) -> float:
        """Make these tenants; the seconds it took."""
        began = time.monotonic()

        def made(plan: Plan) -> Tenant:
            return Tenant.made(self.stack, plan, transport=self.transport, files=self.files)

        with ThreadPoolExecutor(HANDS) as hands:
            for tenant in hands.map(made, plans):
                self.tenants.append(tenant)
                progress(f"{len(self.tenants)} tenants")
        return time.monotonic() - began

    def make_due(self, tenants: Sequence[Tenant]) -> None:
        """All their automations come due now, and Cloud Scheduler ticks; returns when each has its run."""
        instant = utc_now().replace(microsecond=0)
        automations = [
            self.documents.document("tenants", tenant.merchant.tenant_id, "automations", automation["id"])
            for tenant in tenants
            for automation in tenant.automations
        ]
        for start in range(0, len(automations), MAX_WRITES):
            batch = self.documents.batch()
            for document in automations[start : start + MAX_WRITES]:
                batch.update(document, {"next_run_at": instant, "scheduler_locked_until": None})
            batch.commit()
        self.scheduler.run_job(name=TICK_JOB)
        due = self.documents.collection_group("automations").where(filter=FieldFilter("next_run_at", "<=", instant))
        self._await(lambda: _counted(due), "automations due")

    def drain(self) -> None:
        """Until nothing waits: no webhook, then no change that no run has taken, then no run."""
        self._await(self._webhooks_under_way, "webhooks under way")
        self._await(lambda: _counted(self.documents.collection_group("changes")), "changes noted")
        self._await(self._open_runs, "runs open")

    def runs(self) -> list[Run]:
        return [Run.model_validate(found.to_dict()) for found in self.documents.collection_group("runs").stream()]

    def differences(self) -> tuple[int, int]:
        """Every row of every tab, held against its shop: too many, and missing."""
        with ThreadPoolExecutor(HANDS) as hands:
            found = list(hands.map(Tenant.differences, self.tenants))
        return sum(more for more, _ in found), sum(less for _, less in found)

    def _open_runs(self) -> int:
        runs = self.documents.collection_group("runs").where(filter=FieldFilter("created_at", "<=", utc_now()))
        open_ones = (runs.where(filter=FieldFilter("status", "==", each)) for each in RunStatus if not each.ended)
        return sum(map(_counted, open_ones))

    def _webhooks_under_way(self) -> int:
        sent = self.stack.http.get(f"{self.stack.urls['shopify']}/control/webhooks").json()
        return sum(webhook["state"] == "waiting" for webhook in sent)

    @staticmethod
    def _await(left: Callable[[], int], what: str) -> None:
        while number := left():
            progress(f"{number} {what}")
            time.sleep(LOOK_EVERY_S)


@contextmanager
def world(settings: Mapping[str, str]) -> Iterator[World]:
    """Without Google's quotas, which would be all that one measures; see docs/operations.md for them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Stack(Path(folder) / "stack", quota="off", settings={**LIKE_PRODUCTION, **SESSIONS, **settings}) as stack,
        httpx.HTTPTransport() as transport,
    ):
        os.environ.update(stack.environment)
        files = Path(folder) / "files"
        files.mkdir()
        write_files(files)
        stack.http.timeout = httpx.Timeout(TIMEOUT_S * 5)
        scheduler = scheduler_client(stack.environment["TABKEEPER_SCHEDULER_ENDPOINT"])
        yield World(stack, firestore.Client(project=PROJECT), scheduler, transport, files)


def progress(what: str) -> None:
    sys.stderr.write(f"\r{time.strftime('%H:%M:%S')} {what:<40}")
    sys.stderr.flush()


def _counted(query: Any) -> int:
    return int(query.count().get()[0][0].value)
