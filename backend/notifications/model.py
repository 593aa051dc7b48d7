"""Notifications: what a tenant's own program is told, and the endpoint that it is told at."""

import hashlib
import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.automations.model import Attention, Automation
from backend.runs.model import Run, RunError, RunKind, RunStatus

RETRY_AFTER = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""After each failed attempt; a notification is given up after the one that follows the last of these, in three days.
The schedule that Standard Webhooks recommends."""
KEPT = timedelta(days=30)
SECRETS_OVERLAP = timedelta(days=1)
"""So long notifications are signed with the old secret as well."""


class Topic(StrEnum):
    RUN_FAILED = "run.failed"
    NEEDS_ATTENTION = "automation.needs_attention"  #: it is not carried out any more until its merchant acts
    LARGE_RUN_FINISHED = "run.large_finished"


class NotificationStatus(StrEnum):
    PENDING = "pending"  #: on its way, or waiting for its next attempt
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"  #: given up


class Notification(BaseModel):
    """The document tenants/{tenant_id}/notifications/{id}; the id is sent along, and is the same at each attempt."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant_id: str
    topic: Topic
    data: dict[str, Any]
    created_at: datetime
    expires_at: datetime
    """Firestore deletes the document some time after this."""
    status: NotificationStatus = NotificationStatus.PENDING
    attempts: int = 0
    next_attempt_at: datetime | None
    """None when there will be none."""
    delivered_at: datetime | None = None
    problem: str = ""
    """What went wrong at the last attempt."""

    @property
    def payload(self) -> bytes:
        told = {"type": self.topic, "timestamp": self.created_at.isoformat(), "data": self.data}
        return json.dumps(told, separators=(",", ":")).encode()

    def after_success(self, *, at: datetime) -> "Notification":
        return self._changed(NotificationStatus.DELIVERED, attempts=self.attempts + 1, delivered_at=at, problem="")

    def after_failure(self, problem: str, *, at: datetime) -> "Notification":
        if self.attempts >= len(RETRY_AFTER):
            return self.given_up(problem, attempts=self.attempts + 1)
        next_attempt_at = at + RETRY_AFTER[self.attempts]
        return self.model_copy(
            update={"attempts": self.attempts + 1, "next_attempt_at": next_attempt_at, "problem": problem}
        )

    def given_up(self, problem: str, *, attempts: int | None = None) -> "Notification":
        made = self.attempts if attempts is None else attempts
        return self._changed(NotificationStatus.UNDELIVERED, attempts=made, problem=problem)

    def _changed(self, status: NotificationStatus, **fields: Any) -> "Notification":
        return self.model_copy(update={"status": status, "next_attempt_at": None} | fields)


class EndpointStatus(StrEnum):
    WORKING = "working"
    FAILING = "failing"  #: since `failing_since` nothing arrived; it is tried on
    GONE = "gone"  #: it answered 410: it is told nothing any more until it is set again


class Endpoint(BaseModel):
    """The document tenants/{tenant_id}/endpoints/notifications."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant_id: str
    url: str
    sealed_secret: bytes = Field(repr=False)
    sealed_previous_secret: bytes | None = Field(default=None, repr=False)
    previous_until: datetime | None = None
    created_at: datetime
    status: EndpointStatus = EndpointStatus.WORKING
    failing_since: datetime | None = None

    def sealed_secrets(self, at: datetime) -> list[bytes]:
        """Those to sign with, the newest first."""
        if self.sealed_previous_secret and self.previous_until and at < self.previous_until:
            return [self.sealed_secret, self.sealed_previous_secret]
        return [self.sealed_secret]

    def judged(self, status: EndpointStatus, *, at: datetime) -> "Endpoint":
        """By the outcome of an attempt."""
        since = None if status is EndpointStatus.WORKING else self.failing_since or at
        return self.model_copy(update={"status": status, "failing_since": since})


def seal_place(tenant_id: str) -> str:
    return f"{tenant_id}/endpoints/notifications"


def run_notification(
    run: Run, status: RunStatus, *, error: RunError | None, at: datetime, large_from_rows: int
) -> Notification | None:
    """What its end is worth telling, if anything."""
    about = {"run_id": run.id, "automation_id": run.automation_id, "connection_id": run.connection_id}
    if status is RunStatus.FAILED and error:
        return _notification(run.tenant_id, Topic.RUN_FAILED, run.id, at=at, data=about | {"error": error.model_dump()})
    rows = run.counts.added + run.counts.updated + run.counts.removed
    if status is RunStatus.COMPLETED and run.kind is not RunKind.DRY and rows >= large_from_rows:
        data = about | {"counts": run.counts.model_dump()}
        return _notification(run.tenant_id, Topic.LARGE_RUN_FINISHED, run.id, at=at, data=data)
    return None


def attention_notification(automation: Automation, attention: Attention) -> Notification:
    data = {
        "automation_id": automation.id,
        "connection_id": automation.configuration.connection_id,
        "name": automation.configuration.name,
        "code": attention.code,
        "message": attention.message,
        "action": attention.action,
    }
    cause = f"{automation.id}\n{attention.since.isoformat()}"
    return _notification(automation.tenant_id, Topic.NEEDS_ATTENTION, cause, at=attention.since, data=data)


def _notification(tenant_id: str, topic: Topic, cause: str, *, at: datetime, data: dict[str, Any]) -> Notification:
    return Notification(
        id="evt_" + hashlib.sha256(f"{topic}\n{cause}".encode()).hexdigest()[:24],
        tenant_id=tenant_id,
        topic=topic,
        data=data,
        created_at=at,
        expires_at=at + KEPT,
        next_attempt_at=at,
    )
