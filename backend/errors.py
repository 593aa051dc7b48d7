"""What a caller must do about each failure.

    TabkeeperError
    ├─ ConfigurationError      at start only; the process exits 78 and names the setting
    ├─ RequestError            the caller must change the request
    │    ├─ InvalidInput 422   ├─ NotAuthenticated 401   ├─ NotAuthorized 403   ├─ NotFound 404   ├─ Conflict 409
    │    └─ ConsentExpired 410
    ├─ RetriableError          the same call may succeed later
    │    ├─ RateLimited        ├─ UpstreamUnavailable    └─ LeaseLost
    ├─ NeedsAttention          the merchant must act before the next run
    │    ├─ TokenRevoked       ├─ ConnectionRefused      ├─ ScopeMissing, ConsentMissing     ├─ NotShared
    │    ├─ SpreadsheetGone    ├─ TabGone, ChosenTabGone ├─ ColumnGone          ├─ AccountMissing
    │    ├─ WorkbookFull       ├─ Protected              ├─ TabOccupied         ├─ TextTooLong
    │    └─ RunGivenUp
    ├─ SourceBroken            the platform answered something that breaks its own promise; nothing is guessed
    └─ LifecycleSignal         not a failure
         ├─ RunInterrupted     the checkpoint is good, the run goes back to pending
         ├─ RunYielded         the same; another run goes first
         └─ RunCancelled

The sentence of an error is fit for a merchant; `detail` is for the log only and may name technical things, but never
a token and never a cell's value.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar


class Category(StrEnum):
    API_LIMIT = "API_LIMIT"
    VALIDATION = "VALIDATION"
    DUPLICATE = "DUPLICATE"
    NETWORK = "NETWORK"
    PLATFORM = "PLATFORM"
    PERMISSION = "PERMISSION"
    UNKNOWN = "UNKNOWN"


class Action(StrEnum):
    """What puts right what stopped an automation; a client makes a button of it.

    recreate_tab, restore_columns: resume, and the next run makes the tab or the columns anew and fills them.
    choose_account: resume with another `account_id`. link_account: link the Google account again, then resume.
    reconnect_shop: connect the shop again, then resume. choose_spreadsheet, choose_tab: change the destination, then
    resume. cut_texts: change `long_text` to `cut`, then resume. resume: do what the message says, then resume.
    """

    RECREATE_TAB = "recreate_tab"
    RESTORE_COLUMNS = "restore_columns"
    CHOOSE_ACCOUNT = "choose_account"
    LINK_ACCOUNT = "link_account"
    RECONNECT_SHOP = "reconnect_shop"
    CHOOSE_SPREADSHEET = "choose_spreadsheet"
    CHOOSE_TAB = "choose_tab"
    CUT_TEXTS = "cut_texts"
    RESUME = "resume"


class TabkeeperError(Exception):
    """Something went wrong on our side. It has been recorded; please try again."""

    code: ClassVar[str] = "internal_error"
    category: ClassVar[Category] = Category.UNKNOWN
    retriable: ClassVar[bool] = False

    def __init__(self, message: str = "", *, detail: str = "") -> None:
        self.message = message or (type(self).__doc__ or "").split("\n\n", maxsplit=1)[0]
        self.detail = detail
        super().__init__(self.message)


class ConfigurationError(TabkeeperError):
    """A setting is missing or wrong."""

    code = "configuration_invalid"
    category = Category.VALIDATION


class RequestError(TabkeeperError):
    """The request cannot be carried out as it is."""

    status: ClassVar[int] = 400
    code = "request_invalid"
    category = Category.VALIDATION


class InvalidInput(RequestError):
    """Some fields are not valid.

    `fields` maps the path of each wrong field (`columns.2.type`) to a sentence that says why.
    """

    status = 422
    code = "invalid_input"

    def __init__(self, message: str = "", *, fields: dict[str, str] | None = None, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.fields = fields or {}


class NotAuthenticated(RequestError):
    """Please sign in again: the session is missing, expired or revoked."""

    status = 401
    code = "not_authenticated"
    category = Category.PERMISSION


class NotAuthorized(RequestError):
    """You are not allowed to do this."""

    status = 403
    code = "not_authorized"
    category = Category.PERMISSION


class NotFound(RequestError):
    """There is no such thing, or it is not yours."""

    status = 404
    code = "not_found"


class Conflict(RequestError):
    """It has changed in the meantime: read it again, then repeat the change."""

    status = 409
    code = "conflict"
    category = Category.DUPLICATE

    def __init__(self, message: str = "", *, current_version: int | None = None, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.current_version = current_version


class ConsentExpired(RequestError):
    """This link is no longer valid. Start again from the sidebar."""

    status = 410
    code = "consent_expired"
    category = Category.PERMISSION


class RetriableError(TabkeeperError):
    """A passing failure."""

    retriable = True
    code = "retriable"
    category = Category.NETWORK


class RateLimited(RetriableError):
    """The other side asks us to slow down."""

    code = "rate_limited"
    category = Category.API_LIMIT

    def __init__(self, message: str = "", *, retry_after_s: float = 0.0, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.retry_after_s = retry_after_s


class UpstreamUnavailable(RetriableError):
    """The other side did not answer."""

    code = "upstream_unavailable"


class LeaseLost(RetriableError):
    """Another worker took over this connection's lane."""

    code = "lease_lost"


class NeedsAttention(TabkeeperError):
    """The automation is waiting for you."""

    action: ClassVar[Action] = Action.RESUME
    code = "needs_attention"
    category = Category.PERMISSION


class AccountMissing(NeedsAttention):
    """The linked Google account is gone. Link one."""

    action = Action.LINK_ACCOUNT
    code = "account_missing"


class TokenRevoked(NeedsAttention):
    """Google no longer accepts the linked account. Link the account again."""

    action = Action.LINK_ACCOUNT
    code = "token_revoked"


class ConnectionRefused(NeedsAttention):
    """The shop no longer accepts our access. Connect the shop again."""

    action = Action.RECONNECT_SHOP
    code = "connection_refused"


class ScopeMissing(NeedsAttention):
    """A permission is missing. Connect again and allow what is asked for."""

    action = Action.RECONNECT_SHOP
    code = "scope_missing"


class ConsentMissing(ScopeMissing):
    """The linked Google account gave no permission to edit spreadsheets. Link it again and allow what is asked for."""

    action = Action.LINK_ACCOUNT


class NotShared(NeedsAttention):
    """The linked Google account may not edit this spreadsheet. Share it with the account, or choose another account."""

    action = Action.CHOOSE_ACCOUNT
    code = "not_shared"


class SpreadsheetGone(NeedsAttention):
    """The spreadsheet no longer exists. Choose another one."""

    action = Action.CHOOSE_SPREADSHEET
    code = "spreadsheet_gone"


class TabGone(NeedsAttention):
    """The tab was deleted. Resume the automation to have it made anew, or choose another one."""

    action = Action.RECREATE_TAB
    code = "tab_gone"


class ChosenTabGone(TabGone):
    """The tab was deleted. Choose another one."""

    action = Action.CHOOSE_TAB


class ColumnGone(NeedsAttention):
    """A column that Tabkeeper fills was deleted. Resume to have it added again, or remove it from the automation.

    `columns` are the keys of those that are gone.
    """

    action = Action.RESTORE_COLUMNS
    code = "column_gone"

    def __init__(self, message: str = "", *, columns: Sequence[str] = (), detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.columns = list(columns)


class WorkbookFull(NeedsAttention):
    """The spreadsheet would exceed Google's limit of 10,000,000 cells. Delete unused rows, columns or tabs."""

    code = "workbook_full"
    category = Category.API_LIMIT


class Protected(NeedsAttention):
    """A protected range covers cells that Tabkeeper fills. Let the linked account edit it, or move it."""

    code = "protected_range"


class TabOccupied(NeedsAttention):
    """The tab already holds other data. Choose an empty tab, or let Tabkeeper make a new one."""

    action = Action.CHOOSE_TAB
    code = "tab_occupied"


class TextTooLong(NeedsAttention):
    """A text is longer than the 50,000 characters that a cell holds. Shorten it in the shop, or let it be cut."""

    action = Action.CUT_TEXTS
    code = "text_too_long"
    category = Category.VALIDATION


class RunGivenUp(NeedsAttention):
    """This run was tried again and again and got nowhere. What is in the tab is right. Resume, then retry the run."""

    code = "run_given_up"
    category = Category.UNKNOWN


class SourceBroken(TabkeeperError):
    """The shop's answer could not be understood. Nothing was guessed and nothing was lost; our team has been told."""

    code = "source_broken"
    category = Category.PLATFORM


class LifecycleSignal(TabkeeperError):
    """The run was asked to stop."""


class RunInterrupted(LifecycleSignal):
    """The run was paused at a safe point and goes on by itself."""

    code = "run_interrupted"


class RunYielded(LifecycleSignal):
    """The run lets one go first that a person waits for, and then goes on by itself."""

    code = "run_yielded"


class RunCancelled(LifecycleSignal):
    """The run was cancelled."""

    code = "run_cancelled"
