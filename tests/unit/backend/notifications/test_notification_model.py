"""What is worth a notification, and how long it is tried to deliver one."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from backend.errors import Category
from backend.notifications.model import Notification, NotificationStatus, Topic, run_notification
from backend.runs.model import Counts, Run, RunError, RunKind, RunStatus, Trigger, new_run

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ERROR = RunError(category=Category.NETWORK, code="upstream_unavailable", message="Nobody there.", retriable=True)


def run(*, kind: RunKind = RunKind.SYNC, **counts: int) -> Run:
    made = new_run(
        tenant_id="ten_1",
        automation_id="aut_1",
        connection_id="con_1",
        trigger=Trigger.SCHEDULE,
        cause="schedule:now",
        at=NOON,
    )
    return made.model_copy(update={"kind": kind, "counts": Counts(**counts)})


def told(ended: Run, status: RunStatus, *, error: RunError | None = None) -> Notification | None:
    return run_notification(ended, status, error=error, at=NOON, large_from_rows=100)


@pytest.mark.parametrize(
    ("ended", "status", "topic"),
    [
        (run(added=60, updated=30, removed=10), RunStatus.COMPLETED, Topic.LARGE_RUN_FINISHED),
        (run(added=99), RunStatus.COMPLETED, None),
        (run(unchanged=1_000), RunStatus.COMPLETED, None),
        (run(added=1_000, kind=RunKind.DRY), RunStatus.COMPLETED, None),
        (run(added=1_000), RunStatus.CANCELLED, None),
    ],
)
def test_large_run_is_worth_telling(ended: Run, status: RunStatus, topic: Topic | None) -> None:
    """By the rows that it wrote, not by those that it looked at."""
    notification = told(ended, status)
    assert (notification and notification.topic) == topic


def test_failure_is_told_with_its_sentence() -> None:
    """In the form that Standard Webhooks recommends: type, timestamp, data."""
    notification = told(run(), RunStatus.FAILED, error=ERROR)
    assert notification is not None
    assert notification == told(run(), RunStatus.FAILED, error=ERROR)
    payload = json.loads(notification.payload)
    assert (payload["type"], payload["timestamp"]) == ("run.failed", "2026-05-01T12:00:00+00:00")
    assert payload["data"]["error"]["message"] == "Nobody there."


def test_delivery_is_tried_for_three_days() -> None:
    """Ever less often, ten times in all; then it is given up, and says why."""
    notification = told(run(), RunStatus.FAILED, error=ERROR)
    assert notification is not None
    at = NOON
    waits = []
    while notification.next_attempt_at:
        waits.append(notification.next_attempt_at - at)
        at = notification.next_attempt_at
        notification = notification.after_failure("It answered 500.", at=at)
    assert waits == sorted(waits)
    assert timedelta(days=3) <= at - NOON < timedelta(days=4)
    assert (notification.status, notification.attempts) == (NotificationStatus.UNDELIVERED, 10)
    assert notification.problem == "It answered 500."
