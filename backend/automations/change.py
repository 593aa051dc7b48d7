"""What a merchant may change about an automation, and what a change does to it. Pure."""

import secrets
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.automations.model import (
    Automation,
    Column,
    Configuration,
    Destination,
    Filter,
    LongText,
    OnRemoved,
    Progress,
    RowMode,
    Status,
)
from backend.automations.schedule import Schedule
from backend.automations.timetable import timed
from backend.errors import ColumnGone, Conflict, TabGone

MAX_SHEET_ID = 2**31 - 1


class ConfigurationChange(BaseModel):
    """The parts given replace those parts whole. The connection is not among them: the rows of one shop do not
    become those of another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    """The version that the merchant saw."""
    name: str | None = None
    filters: list[Filter] | None = None
    destination: Destination | None = None
    columns: list[Column] | None = None
    row_mode: RowMode | None = None
    on_removed: OnRemoved | None = None
    long_text: LongText | None = None
    fill_down: bool | None = None
    schedule: Schedule | None = None
    """null takes the schedule away."""
    on_change: bool | None = None

    def applied_to(self, configuration: Configuration) -> dict[str, Any]:
        """The changed configuration, yet to be validated."""
        return configuration.model_dump() | self.model_dump(exclude_unset=True, exclude={"version"})


def new_sheet_id() -> int:
    """The id of a tab that is yet to be made."""
    return secrets.randbelow(MAX_SHEET_ID) + 1


def ensure_version(automation: Automation, seen: int) -> None:
    if automation.version != seen:
        raise Conflict(current_version=automation.version)


def reconfigured(automation: Automation, configuration: Configuration, *, at: datetime) -> Automation:
    """Progress stays with the tab: its fingerprint tells the next run whether to take everything again. An instant
    that has come due stays due unless the schedule is another one.
    """
    before, after = automation.configuration.destination, configuration.destination
    if after.sheet_id is not None:
        sheet_id = after.sheet_id
    elif after.spreadsheet_id == before.spreadsheet_id and before.sheet_id is None:
        sheet_id = automation.sheet_id
    else:
        sheet_id = new_sheet_id()
    same_tab = (before.spreadsheet_id, automation.sheet_id) == (after.spreadsheet_id, sheet_id)
    changed = automation.model_copy(
        update={
            "configuration": configuration,
            "sheet_id": sheet_id,
            "progress": automation.progress if same_tab else Progress(),
            "version": automation.version + 1,
            "updated_at": at,
        }
    )
    return changed if _when(configuration) == _when(automation.configuration) else timed(changed, at=at)


def paused(automation: Automation, *, at: datetime) -> Automation:
    return _with_status(automation, Status.PAUSED, at=at)


class Resumption(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    account_id: str | None = None
    """The linked Google account that writes from now on; null leaves it as it is."""


def resumed(automation: Automation, *, at: datetime, account_id: str | None = None) -> Automation:
    """Also what a merchant does who has acted on `attention`. What was deleted from the spreadsheet is made anew: the
    tab, or the columns, whose rows are then filled again.
    """
    configuration = automation.configuration
    if account_id is not None:
        destination = configuration.destination.model_copy(update={"account_id": account_id})
        configuration = configuration.model_copy(update={"destination": destination})
        automation = reconfigured(automation, configuration, at=at)
    active = _with_status(automation, Status.ACTIVE, at=at)
    attention, progress = automation.attention, automation.progress
    if attention and attention.code == TabGone.code:
        return active.model_copy(update={"progress": Progress()})
    if attention and attention.code == ColumnGone.code:
        standing = {key: column for key, column in progress.laid_out.items() if key not in attention.columns}
        return active.model_copy(update={"progress": progress.model_copy(update={"laid_out": standing})})
    return active


def _with_status(automation: Automation, status: Status, *, at: datetime) -> Automation:
    if automation.status is status:
        return automation
    update = {"status": status, "attention": None, "version": automation.version + 1, "updated_at": at}
    return timed(automation.model_copy(update=update), at=at)


def _when(configuration: Configuration) -> tuple[Schedule | None, bool]:
    return configuration.schedule, configuration.on_change
