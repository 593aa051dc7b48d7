from datetime import UTC, datetime

import pytest

from backend.runs.model import Counts, Priority, Run, RunStatus, Trigger
from backend.runs.routes import progress


@pytest.mark.parametrize(
    ("status", "orders", "expected", "fraction"),
    [
        (RunStatus.PENDING, 0, None, None),
        (RunStatus.RUNNING, 0, 0, None),
        (RunStatus.RUNNING, 25, 100, 0.25),
        (RunStatus.RUNNING, 120, 100, 1.0),
        (RunStatus.COMPLETED, 0, None, 1.0),
    ],
)
def test_progress_is_a_fraction_once_it_is_known(
    status: RunStatus, orders: int, expected: int | None, fraction: float | None
) -> None:
    """Never more than all, though the shop's count is only about right."""
    run = Run(
        id="run_1",
        tenant_id="ten_1",
        automation_id="aut_1",
        connection_id="con_1",
        trigger=Trigger.MANUAL,
        priority=Priority.MANUAL,
        idempotency_key="key",
        status=status,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        counts=Counts(orders=orders),
        expected_orders=expected,
    )
    assert progress(run) == fraction
