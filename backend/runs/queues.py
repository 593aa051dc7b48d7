"""The Cloud Tasks queues, declared once: `python -m backend.admin queues` and Terraform make them from here."""

from dataclasses import dataclass
from typing import Any

from backend.runs.model import Trigger


@dataclass(frozen=True, slots=True)
class Queue:
    """A task is tried for `retry_for_s`, however often that is; the wait doubles `max_doublings` times, then grows
    evenly, and never exceeds `max_backoff_s`.
    """

    name: str
    dispatches_per_s: float
    max_concurrent: int
    min_backoff_s: int
    max_backoff_s: int
    max_doublings: int
    retry_for_s: int

    def body(self, parent: str) -> dict[str, Any]:
        """google.cloud.tasks.v2.Queue"""
        return {
            "name": f"{parent}/queues/{self.name}",
            "rate_limits": {
                "max_dispatches_per_second": self.dispatches_per_s,
                "max_concurrent_dispatches": self.max_concurrent,
            },
            "retry_config": {
                "max_attempts": -1,
                "max_retry_duration": {"seconds": self.retry_for_s},
                "min_backoff": {"seconds": self.min_backoff_s},
                "max_backoff": {"seconds": self.max_backoff_s},
                "max_doublings": self.max_doublings,
            },
        }


_DAY_S = 24 * 3600

INTERACTIVE = Queue("interactive", 50, 50, 1, 30, 5, _DAY_S)
"""Runs that a person waits for."""
WEBHOOK = Queue("webhook", 100, 50, 2, 60, 5, _DAY_S)
SCHEDULED = Queue("scheduled", 20, 20, 5, 120, 5, _DAY_S)
CATALOG = Queue("catalog", 5, 5, 5, 300, 6, _DAY_S)
NOTIFY = Queue("notify", 5, 10, 10, 3600, 8, 3 * _DAY_S)

QUEUES = (INTERACTIVE, WEBHOOK, SCHEDULED, CATALOG, NOTIFY)

LANE_QUEUES = {
    Trigger.MANUAL: INTERACTIVE,
    Trigger.RETRY: INTERACTIVE,
    Trigger.WEBHOOK: WEBHOOK,
    Trigger.SCHEDULE: SCHEDULED,
}
"""By which queue a run's lane is dispatched, so that a rush of schedules is not before a person."""


def queues_parent(project_id: str, location: str) -> str:
    return f"projects/{project_id}/locations/{location}"
