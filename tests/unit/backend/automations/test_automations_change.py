"""What a change does to an automation."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.automations.change import (
    MAX_SHEET_ID,
    ConfigurationChange,
    ensure_version,
    new_sheet_id,
    paused,
    reconfigured,
    resumed,
)
from backend.automations.model import Attention, Automation, Configuration, Progress, Status
from backend.errors import Conflict

THEN = datetime(2026, 1, 1, tzinfo=UTC)
NOW = THEN + timedelta(days=1)
PROGRESS = Progress(watermark=THEN, fingerprint="f")


def configuration(**changes: Any) -> Configuration:
    whole: dict[str, Any] = {
        "name": "Orders",
        "connection_id": "con_1",
        "destination": {"spreadsheet_id": "sheet"},
        "columns": [{"key": "order_name", "header": "Order", "type": "text"}],
    }
    return Configuration.model_validate(whole | changes)


def automation(**changes: Any) -> Automation:
    made = Automation(
        id="aut_1",
        tenant_id="ten_1",
        configuration=configuration(),
        sheet_id=77,
        progress=PROGRESS,
        created_at=THEN,
        updated_at=THEN,
    )
    return made.model_copy(update=changes)


def to(destination: dict[str, Any], *, of: Automation | None = None) -> Automation:
    return reconfigured(of or automation(), configuration(destination=destination), at=NOW)


@pytest.mark.parametrize(
    ("changes", "anew"),
    [
        ({"name": "New"}, False),
        ({"fill_down": True}, False),
        ({"long_text": "refuse"}, True),
        ({"row_mode": "line"}, True),
    ],
)
def test_everything_is_taken_again_where_rows_may_change(changes: dict[str, Any], anew: bool) -> None:
    """The fingerprint tells: what concerns new rows only, or no row, leaves it as it is."""
    assert (configuration(**changes).fingerprint() != configuration().fingerprint()) is anew


def test_only_what_is_given_changes() -> None:
    """Parts that are not mentioned stay; null is a mention."""
    before = configuration(schedule={"cron": "0 * * * *"})
    renamed = ConfigurationChange(version=1, name="New").applied_to(before)
    assert Configuration.model_validate(renamed) == before.model_copy(update={"name": "New"})
    unscheduled = ConfigurationChange.model_validate({"version": 1, "schedule": None}).applied_to(before)
    assert unscheduled["schedule"] is None


def test_every_part_but_the_shop_can_be_changed() -> None:
    """Whoever adds a part to the configuration decides whether it can change."""
    parts = set(ConfigurationChange.model_fields) - {"version"}
    assert set(Configuration.model_fields) - parts == {"connection_id", "resource"}


def test_change_moves_the_version() -> None:
    """And the time of change."""
    changed = to({"spreadsheet_id": "sheet"})
    assert (changed.version, changed.updated_at) == (2, NOW)


def test_other_version_is_refused_with_the_current_one() -> None:
    """The caller learns what to read."""
    ensure_version(automation(version=3), 3)
    with pytest.raises(Conflict) as raised:
        ensure_version(automation(version=3), 2)
    assert raised.value.current_version == 3


def test_progress_stays_with_the_tab() -> None:
    """Renaming the tab that Tabkeeper made, or another account, is the same tab."""
    for destination in (
        {"spreadsheet_id": "sheet", "title": "Renamed"},
        {"spreadsheet_id": "sheet", "account_id": "acc_1"},
        {"spreadsheet_id": "sheet", "sheet_id": 77},
    ):
        changed = to(destination)
        assert (changed.sheet_id, changed.progress) == (77, PROGRESS)


def test_another_tab_starts_from_nothing() -> None:
    """Another spreadsheet, another tab, or a new tab instead of a chosen one."""
    elsewhere = to({"spreadsheet_id": "other"})
    assert elsewhere.sheet_id != 77
    chosen = to({"spreadsheet_id": "sheet", "sheet_id": 5})
    assert chosen.sheet_id == 5
    anew = to({"spreadsheet_id": "sheet"}, of=chosen)
    assert anew.sheet_id != 5
    assert [each.progress for each in (elsewhere, chosen, anew)] == [Progress()] * 3


def test_new_tab_ids_are_valid_for_sheets() -> None:
    """Positive, within 31 bits, and spread so that they do not meet."""
    ids = {new_sheet_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(1 <= each <= MAX_SHEET_ID for each in ids)


def test_resuming_forgets_what_needed_attention() -> None:
    """The merchant says that it was put right."""
    waiting = automation(
        status=Status.NEEDS_ATTENTION, attention=Attention(code="tab_gone", message="Gone.", since=THEN)
    )
    again = resumed(waiting, at=NOW)
    assert (again.status, again.attention, again.version) == (Status.ACTIVE, None, 2)


@pytest.mark.parametrize(("code", "progress"), [("tab_gone", Progress()), ("protected_range", PROGRESS)])
def test_resuming_after_the_tab_was_deleted_starts_from_nothing(code: str, progress: Progress) -> None:
    """A deleted tab is made anew when the merchant says so; what else was put right leaves the tab as it is."""
    attention = Attention(code=code, message="Gone.", since=THEN)
    again = resumed(automation(status=Status.NEEDS_ATTENTION, attention=attention), at=NOW)
    assert again.progress == progress


def test_no_change_of_status_moves_no_version() -> None:
    """Pausing what is paused is no change that another person must see."""
    once = paused(automation(), at=NOW)
    assert once.version == 2
    assert paused(once, at=NOW) is once
