"""An automation: what a merchant declared, and what the system remembers about carrying it out."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from backend.automations.schedule import Schedule
from backend.errors import Action
from backend.platforms.field import ColumnType
from backend.runs.model import RecentRun

Resource: TypeAlias = Literal["orders", "daily_sales"]
SUMS: Sequence[Resource] = ("daily_sales",)
"""Of these a row adds up many orders, and each run goes through all of them."""

MAX_COLUMNS = 200
_SPREADSHEET_URL = re.compile(r"https://docs\.google\.com/spreadsheets/d/([A-Za-z0-9_-]{20,})(?:[/?#].*)?")
_SPREADSHEET_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class RowMode(StrEnum):
    ORDER = "order"  #: one row an order, or whatever else the resource is
    LINE = "line"  #: one row a line; an order without lines has one row


class OnRemoved(StrEnum):
    """What becomes of the rows of an order that was cancelled, deleted or no longer matches."""

    KEEP = "keep"
    MARK = "mark"  #: struck through
    DELETE = "delete"


class LongText(StrEnum):
    """What becomes of a text that is longer than a cell of Sheets can be."""

    CUT = "cut"  #: with a mark at its end, and counted
    REFUSE = "refuse"  #: the run stops before it writes anything


class Status(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  #: by the merchant
    NEEDS_ATTENTION = "needs_attention"  #: by a run; `attention` says what to do


class Operator(StrEnum):
    EQUALS = "eq"
    NOT_EQUALS = "ne"
    ONE_OF = "in"
    AT_LEAST = "gte"
    AT_MOST = "lte"
    CONTAINS = "contains"
    IS_EMPTY = "empty"
    IS_NOT_EMPTY = "not_empty"


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text.strip()


def _spreadsheet_id(text: object) -> object:
    """People paste the address of a spreadsheet where its id is asked for."""
    if not isinstance(text, str):
        return text
    address = _SPREADSHEET_URL.fullmatch(text.strip())
    spreadsheet_id = address[1] if address else text.strip()
    if not _SPREADSHEET_ID.fullmatch(spreadsheet_id):
        raise ValueError("is neither a spreadsheet's id nor its address")
    return spreadsheet_id


def _tab_title(text: str) -> str:
    title = _not_blank(text)
    if len(title) > 100:
        raise ValueError("must not be longer than 100 characters")
    return title


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Part):
    """A managed column. The merchant sees the header; the system knows the column by its key."""

    key: str
    header: Annotated[str, AfterValidator(_not_blank), Field(max_length=500)]
    type: ColumnType
    format: Annotated[str | None, Field(max_length=200)] = None
    """A Sheets number format (`#,##0.00`, `yyyy-mm-dd`); None takes the type's own."""


class Filter(_Part):
    field: str
    op: Operator
    value: str | int | float | bool | list[str] | None = None


class Destination(_Part):
    """Where the rows go. Without `sheet_id` Tabkeeper makes a tab of that title at the first run."""

    spreadsheet_id: Annotated[str, BeforeValidator(_spreadsheet_id)]
    title: Annotated[str, AfterValidator(_tab_title)] = "Orders"
    sheet_id: Annotated[int | None, Field(ge=0, lt=2**31)] = None
    account_id: str | None = None
    """The linked Google account that writes; None takes the tenant's default."""


class Draft(_Part):
    """What goes into a tab and when; of which shop and into which tab is not said yet."""

    resource: Resource = "orders"
    filters: Annotated[list[Filter], Field(max_length=20)] = Field(default_factory=list)
    columns: Annotated[list[Column], Field(min_length=1, max_length=MAX_COLUMNS)]
    row_mode: RowMode = RowMode.ORDER
    on_removed: OnRemoved = OnRemoved.KEEP
    long_text: LongText = LongText.CUT
    fill_down: bool = False
    """Whether new rows get the formulas of people's columns in which every row of ours holds one."""
    schedule: Schedule | None = None
    on_change: bool = True
    """Follow the shop: what its webhooks report is brought into the tab within seconds. Not for daily sales, which no
    single change tells: they are brought by runs of a schedule."""

    @model_validator(mode="before")
    @classmethod
    def _sums_do_not_follow(cls, given: Any) -> Any:
        """Unless it is asked for, which is refused where there are sentences (validation.py)."""
        sums = isinstance(given, dict) and given.get("resource") in SUMS
        return {"on_change": False} | given if sums else given

    @property
    def fields(self) -> set[str]:
        """The keys of the catalogue that its columns and filters need."""
        return {column.key for column in self.columns} | {condition.field for condition in self.filters}


class Configuration(Draft):
    """The declarative part: what a merchant sends and may change."""

    name: Annotated[str, AfterValidator(_not_blank), Field(max_length=200)]
    connection_id: str
    destination: Destination

    def fingerprint(self) -> str:
        """Changes exactly when rows already in the tab may no longer be what this configuration asks for."""
        relevant = self.model_dump(mode="json", exclude={"name", "schedule", "on_change", "fill_down"})
        return hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()[:16]


class Attention(_Part):
    """Why an automation waits for its merchant."""

    code: str
    message: str
    action: Action = Action.RESUME
    since: datetime
    columns: list[str] = Field(default_factory=list)
    """The keys of the columns it is about, where it is about columns."""


class Progress(_Part):
    """How far the tab has come; written by runs only."""

    watermark: datetime | None = None
    """Every change of the shop up to here is in the tab; None before the first complete run."""
    fingerprint: str | None = None
    """The configuration under which that holds; under another one the next run takes everything again."""
    laid_out: dict[str, Column] = Field(default_factory=dict)
    """The columns as the last run left them in the tab, by key; empty before the tab was laid out for the first time.
    One of them that is missing now was deleted by a person."""
    rows: int | None = None
    """How many rows of ours stood in the tab at the end of the last run that looked."""


class Automation(BaseModel):
    """The document tenants/{tenant_id}/automations/{id}."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    tenant_id: str
    configuration: Configuration
    sheet_id: int
    """The tab that this automation has claimed; chosen when it is created, also for a tab that is yet to be made."""
    status: Status = Status.ACTIVE
    attention: Attention | None = None
    progress: Progress = Progress()
    version: int = 1
    """Moves with each change of the configuration or the status by a person; a change must name the one it saw."""
    created_at: datetime
    updated_at: datetime
    next_run_at: datetime | None = None
    """The instant at which it is due next (backend/automations/timetable.py); None when nothing is due."""
    scheduler_locked_until: datetime | None = None
    """No tick claims it before then."""
    scheduled_run_id: str | None = None
    """The run of the instant that was claimed last; while that run waits, later instants need no other."""
    recent_runs: list[RecentRun] = Field(default_factory=list)
    """The last MAX_RECENT_RUNS that ended, in the order of their ends."""


def tab_key(spreadsheet_id: str, sheet_id: int) -> str:
    """The id of the claim tabs/{key}: no two automations share a tab, in the whole system."""
    return hashlib.sha256(f"{spreadsheet_id}:{sheet_id}".encode()).hexdigest()
