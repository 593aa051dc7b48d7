"""The figures of `make load`: a load that loses or doubles something would be seen."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from backend.automations.timetable import jitter
from backend.runs.model import Run, RunStatus, Trigger, new_run
from tests.load.processors import shares
from tests.load.stage import carried, from_click_s, from_instant_s, from_turn_s, webhook_to_cell_s
from tests.load.tenant import compared
from tests.load.thousand import orders_of, plans
from tests.load.traffic import ShopChange

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def run(trigger: Trigger, *, started_s: float, ended_s: float, cause: str = "", **details: object) -> Run:
    """Made at noon."""
    made = new_run(
        tenant_id="ten_1",
        automation_id="aut_1",
        connection_id="con_1",
        trigger=trigger,
        cause=cause,
        at=NOON,
        **details,
    )
    times = {"started_at": NOON + timedelta(seconds=started_s), "finished_at": NOON + timedelta(seconds=ended_s)}
    return made.model_copy(update={"status": RunStatus.COMPLETED, **times})


def test_doubled_and_lost_rows_are_counted() -> None:
    """A row that stands twice is one too many, one that is wrong is too many and missing at once."""
    assert compared(["a", "b", "b", "wrong"], ["a", "b", "c", "d"]) == (2, 2)
    assert compared(["a", "b"], ["a", "b"]) == (0, 0)


def test_change_is_in_the_cells_when_its_last_order_is() -> None:
    """However many runs it takes; a run that had begun before the change does not count."""
    change = ShopChange("con_1", frozenset({"7", "8"}), NOON + timedelta(seconds=10))
    runs = [
        run(Trigger.WEBHOOK, started_s=5, ended_s=11, cause="early", order_ids=["7", "8"]),
        run(Trigger.WEBHOOK, started_s=12, ended_s=15, cause="first", order_ids=["7"]),
        run(Trigger.WEBHOOK, started_s=16, ended_s=20, cause="second", order_ids=["8", "9"]),
    ]
    assert webhook_to_cell_s([change], runs) == [10]
    assert webhook_to_cell_s([change], runs[:2]) == []


def test_delays_count_from_the_instant_the_turn_and_the_click() -> None:
    """A worker that is early does not make up for one that is late."""
    turn_s = jitter("aut_1").total_seconds()
    early = run(Trigger.SCHEDULE, started_s=turn_s / 2, ended_s=90, scheduled_for=NOON)
    late = run(Trigger.SCHEDULE, started_s=turn_s + 30, ended_s=90, scheduled_for=NOON)
    manual = run(Trigger.MANUAL, started_s=4, ended_s=90)
    assert from_instant_s([early, late, manual]) == [turn_s / 2, turn_s + 30]
    assert from_turn_s([early, late, manual]) == [0, 30]
    assert from_click_s([early, late, manual]) == [4]


def test_only_completed_runs_are_carried() -> None:
    """So many a minute, from the first one's making to the last one's end."""
    failed = run(Trigger.MANUAL, started_s=1, ended_s=300).model_copy(update={"status": RunStatus.FAILED})
    done = [run(Trigger.MANUAL, started_s=1, ended_s=ended_s) for ended_s in (30, 60, 120)]
    assert carried([*done, failed]) == (3, 1.5)
    assert carried([failed]) == (0, 0.0)


def test_shops_are_of_the_stated_sizes() -> None:
    """Nine in ten have up to five orders, nine in a hundred 50, one in a hundred 1,000."""
    sizes = Counter(orders_of(tenant) for tenant in range(1_000))
    assert sizes[1000] == 10
    assert sizes[50] == 90
    assert sum(sizes[few] for few in range(1, 6)) == 900


@pytest.mark.parametrize(("tenants", "automations"), [(1_000, 5_000), (7, 30)])
def test_automations_are_dealt_out(tenants: int, automations: int) -> None:
    """None too many, and everybody follows her shop with one."""
    dealt = list(plans(tenants, automations))
    assert sum(len(plan.automations) for plan in dealt) == automations
    assert all([each["on_change"] for each in plan.automations].count(True) == 1 for plan in dealt)


def test_shares_are_of_what_was_used_in_between() -> None:
    """What a process had used before does not count."""
    assert shares({"sheets": 100.0, "jobs": 5.0}, {"sheets": 101.0, "jobs": 8.0}) == {"sheets": 0.25, "jobs": 0.75}
