"""When an automation is due, and when next."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.automations.change import paused, reconfigured, resumed
from backend.automations.model import Automation, Configuration, Status
from backend.automations.schedule import MIN_INTERVAL, Schedule
from backend.automations.timetable import RECONCILE_EVERY, claimed, is_due, jitter, next_instant, timed

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
CRONS = [
    "0 * * * *",
    "*/15 * * * *",
    "30 2 * * *",
    "0 2,3 * * *",
    "15 1-4 * * *",
    "0 9 * * 1",
    "0 0 31 * *",
    "0 12 29 2 *",
]

instants = st.integers(0, 3 * 365 * 24 * 3600).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
schedules = st.builds(Schedule, cron=st.sampled_from(CRONS), time_zone=st.sampled_from(ZONES))


def automation(**changes: Any) -> Automation:
    configuration = {
        "name": "Orders",
        "connection_id": "con_1",
        "destination": {"spreadsheet_id": "sheet"},
        "columns": [{"key": "order_name", "header": "Order", "type": "text"}],
    }
    made = Automation(
        id="aut_1",
        tenant_id="ten_1",
        configuration=Configuration.model_validate(configuration | changes),
        sheet_id=1,
        created_at=NOON,
        updated_at=NOON,
    )
    return timed(made, at=NOON)


def local(cron: str, *, after: str, count: int) -> list[str]:
    """The next instants of a line in Berlin, after an instant in UTC."""
    found = Schedule(cron=cron, time_zone="Europe/Berlin").instants(after=datetime.fromisoformat(after + "Z"))
    return [f"{each.astimezone(BERLIN):%d %H:%M %Z}" for each in islice(found, count)]


def test_skipped_time_of_day_is_due_when_the_clock_has_jumped() -> None:
    """On 29 March 2026 Berlin has no 02:30."""
    due = local("30 2 * * *", after="2026-03-28T00:00", count=3)
    assert due == ["28 02:30 CET", "29 03:00 CEST", "30 02:30 CEST"]


def test_doubled_time_of_day_is_due_once() -> None:
    """On 25 October 2026 Berlin has 02:30 twice; who asks between the two is told of the next day."""
    assert local("30 2 * * *", after="2026-10-24T12:00", count=2) == ["25 02:30 CEST", "26 02:30 CET"]
    assert local("30 2 * * *", after="2026-10-25T00:45", count=1) == ["26 02:30 CET"]
    assert local("45 2 * * *", after="2026-10-25T01:30", count=1) == ["26 02:45 CET"]


def test_intervals_keep_their_distance_in_real_time() -> None:
    """An hourly line is due every hour, whatever the clock on the wall does."""
    assert local("0 * * * *", after="2026-10-24T23:30", count=3) == ["25 02:00 CEST", "25 02:00 CET", "25 03:00 CET"]
    assert local("0 * * * *", after="2026-03-29T00:30", count=2) == ["29 03:00 CEST", "29 04:00 CEST"]


@given(schedules, instants)
@example(Schedule(cron="45 2 * * *", time_zone="Europe/Berlin"), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
def test_instants_are_in_the_future_and_in_order(schedule: Schedule, after: datetime) -> None:
    """Wherever one begins to look; and where one was found, the next one is the one that was told before."""
    found = list(islice(schedule.instants(after=after), 4))
    assert found[0] > after
    assert all(b - a >= MIN_INTERVAL for a, b in pairwise(found))
    assert [next(schedule.instants(after=each)) for each in found[:-1]] == found[1:]


@pytest.mark.parametrize(
    ("cron", "zone", "problem"),
    [
        ("*/5 * * * *", "Europe/Berlin", None),
        ("* * * * *", "UTC", "after 2026-01-01 00:01"),
        ("0,4 12 * * *", "UTC", "after 2026-01-01 12:00"),
        ("1,30 1-4 * * *", "UTC", None),
        ("1,30 1-4 * * *", "Europe/Berlin", "after 2026-03-29 03:00"),
    ],
)
def test_distance_is_judged_by_the_true_sequence(cron: str, zone: str, problem: str | None) -> None:
    """Also on the two days on which clocks change."""
    found = Schedule(cron=cron, time_zone=zone).problem()
    assert (found is None) == (problem is None)
    assert problem is None or problem in str(found)


@pytest.mark.parametrize("cron", ["", "every hour", "0 0 30 2 *", "61 * * * *", "0 0 * * * * *"])
def test_what_is_no_cron_line_is_refused(cron: str) -> None:
    """Before it is looked at any closer."""
    with pytest.raises(ValueError, match="is no cron line"):
        Schedule(cron=cron)


def test_schedule_of_the_merchant_counts() -> None:
    """An enabled one before all else."""
    assert automation(schedule={"cron": "0 15 * * *"}).next_run_at == NOON.replace(hour=15)


def test_followed_shop_is_looked_through_now_and_then() -> None:
    """Without a schedule, or with one that is switched off, at an instant of the automation's own."""
    reconciled = automation().next_run_at
    assert reconciled is not None
    assert NOON < reconciled <= NOON + RECONCILE_EVERY
    assert automation(schedule={"cron": "0 15 * * *", "enabled": False}).next_run_at == reconciled
    assert next_instant(automation(), after=reconciled) == reconciled + RECONCILE_EVERY


def test_nothing_is_due_by_itself_without_schedule_and_webhooks() -> None:
    """Such an automation runs by hand only."""
    assert automation(on_change=False).next_run_at is None


def test_paused_automation_is_never_due() -> None:
    """And after it was resumed, at the next instant from then on: what was missed meanwhile was not wanted."""
    hourly = automation(schedule={"cron": "0 * * * *"})
    later = NOON + timedelta(hours=5, minutes=30)
    asleep = paused(hourly, at=NOON)
    assert asleep.next_run_at is None
    assert not is_due(asleep, at=later)
    assert resumed(asleep, at=later).next_run_at == NOON + timedelta(hours=6)


def test_another_name_does_not_move_what_is_due() -> None:
    """An instant that has come and was not claimed yet stays, unless the schedule is another one."""
    hourly = automation(schedule={"cron": "0 * * * *"})
    late = NOON + timedelta(hours=1, seconds=5)
    renamed = reconfigured(hourly, hourly.configuration.model_copy(update={"name": "New"}), at=late)
    assert renamed.next_run_at == NOON + timedelta(hours=1)
    moved = reconfigured(hourly, automation(schedule={"cron": "30 * * * *"}).configuration, at=late)
    assert moved.next_run_at == NOON + timedelta(hours=1, minutes=30)


@given(schedules, instants, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_claim_takes_all_that_was_missed(schedule: Schedule, since: datetime, outage: timedelta) -> None:
    """However long nobody ticked, there is one claim, and the next instant is in the future."""
    instant = next(schedule.instants(after=since))
    waiting = automation(schedule=schedule.model_dump()).model_copy(update={"next_run_at": instant})
    assert not is_due(waiting, at=instant - timedelta(seconds=1))
    tick = instant + outage
    assert is_due(waiting, at=tick)
    after = claimed(waiting, at=tick)
    assert not is_due(after, at=tick)
    assert after.next_run_at == next(schedule.instants(after=tick))


def test_claimed_automation_is_locked_for_a_minute() -> None:
    """Also where its merchant changes the schedule at once to one that is due again."""
    due = automation().model_copy(update={"next_run_at": NOON})
    again = claimed(due, at=NOON).model_copy(update={"next_run_at": NOON})
    assert not is_due(again, at=NOON + timedelta(seconds=59))
    assert is_due(again, at=NOON + timedelta(seconds=60))


@pytest.mark.parametrize("status", [Status.PAUSED, Status.NEEDS_ATTENTION])
def test_only_active_automations_are_due(status: Status) -> None:
    """Whatever instant is written in them."""
    assert not is_due(automation().model_copy(update={"status": status, "next_run_at": NOON}), at=NOON)


@given(st.text(min_size=1))
def test_jitter_is_an_automations_own(automation_id: str) -> None:
    """Below a minute, and the same each time."""
    assert timedelta(0) <= jitter(automation_id) < timedelta(minutes=1)
    assert jitter(automation_id) == jitter(automation_id)


def test_jitter_spreads_what_is_due_at_once() -> None:
    """Of 6,000 automations about 100 start in each second of the minute."""
    starts = [jitter(f"aut_{number}").seconds for number in range(6_000)]
    assert all(60 < starts.count(second) < 150 for second in range(60))
