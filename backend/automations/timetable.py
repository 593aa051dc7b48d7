"""When an automation runs by itself next. Pure."""

import hashlib
from datetime import UTC, datetime, timedelta

from backend.automations.model import Automation, Status

RECONCILE_EVERY = timedelta(hours=6)
"""An automation without a schedule of its own looks through the shop so often, for what no webhook told."""
CLAIM_LOCK = timedelta(seconds=60)
_JITTER_S = 60
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def next_instant(automation: Automation, *, after: datetime) -> datetime | None:
    """In UTC; None when nothing is due: it is not active, or its merchant wants no schedule and no webhooks."""
    if automation.status is not Status.ACTIVE:
        return None
    configuration = automation.configuration
    if configuration.schedule and configuration.schedule.enabled:
        return next(configuration.schedule.instants(after=after), None)
    return _next_reconcile(automation.id, after=after) if configuration.on_change else None


def timed(automation: Automation, *, at: datetime) -> Automation:
    """With the instant at which it is due next."""
    return automation.model_copy(update={"next_run_at": next_instant(automation, after=at)})


def is_due(automation: Automation, *, at: datetime) -> bool:
    """Whether a tick of this instant may claim it."""
    lock, instant = automation.scheduler_locked_until, automation.next_run_at
    unlocked = lock is None or lock <= at
    return automation.status is Status.ACTIVE and unlocked and instant is not None and instant <= at


def claimed(automation: Automation, *, at: datetime) -> Automation:
    """After a tick has taken its instant, however many were missed before it: the next one is in the future."""
    return timed(automation, at=at).model_copy(update={"scheduler_locked_until": at + CLAIM_LOCK})


def jitter(automation_id: str) -> timedelta:
    """Seconds below a minute, always the same for an automation: what is due at the full hour does not start at once.

    The instant stays what the merchant chose; only the task that starts the worker comes later.
    """
    return timedelta(seconds=_spread(automation_id, _JITTER_S))


def _next_reconcile(automation_id: str, *, after: datetime) -> datetime:
    """Every RECONCILE_EVERY, at a second of its own."""
    every_s = int(RECONCILE_EVERY.total_seconds())
    first = _EPOCH + timedelta(seconds=_spread(automation_id, every_s))
    return first + RECONCILE_EVERY * ((after - first) // RECONCILE_EVERY + 1)


def _spread(automation_id: str, size: int) -> int:
    return int.from_bytes(hashlib.sha256(automation_id.encode()).digest()[:8]) % size
