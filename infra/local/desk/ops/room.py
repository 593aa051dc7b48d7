"""All that the page shows, each part by itself: a service that is away does not hide the others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from google.api_core.exceptions import GoogleAPICallError, RetryError

from infra.local.desk.ops.documents import Documents
from infra.local.desk.ops.jobs import Jobs
from infra.local.desk.ops.logs import Logs
from infra.local.desk.ops.queues import Queues
from infra.local.desk.ops.switches import Switchboard

AWAY = (GoogleAPICallError, RetryError, httpx.HTTPError)


@dataclass(frozen=True, slots=True)
class Room:
    documents: Documents
    queues: Queues
    jobs: Jobs
    switches: Switchboard
    logs: Logs

    def state(self) -> dict[str, Any]:
        """A part that cannot be had is null, and `away` says who did not answer."""
        at = datetime.now(UTC)
        parts: dict[str, tuple[str, Callable[[], Any]]] = {
            "lanes": ("Firestore", lambda: self.documents.lanes(at)),
            "runs": ("Firestore", lambda: self.documents.runs(at)),
            "due": ("Firestore", lambda: self.documents.due_automations(at)),
            "budgets": ("Firestore", lambda: self.documents.budgets(at)),
            "notifications": ("Firestore", lambda: self.documents.notifications(at)),
            "queues": ("Cloud Tasks", self.queues.state),
            "jobs": ("Cloud Scheduler", self.jobs.state),
            "switches": ("Google Sheets or Shopify", self.switches.state),
            "limits": ("Google Sheets", self.switches.limits),
        }
        state: dict[str, Any] = {"at": at, "logs": self.logs.names()}
        away: list[str] = []
        for part, (service, read) in parts.items():
            state[part] = None
            if service in away:
                continue
            try:
                state[part] = read()
            except AWAY:
                away.append(service)
        return state | {"away": away}
