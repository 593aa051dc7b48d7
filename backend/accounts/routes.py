from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from backend.accounts.consent import CALLBACK, AccountConsent
from backend.accounts.model import Account, AccountStatus
from backend.accounts.service import AccountLinking, AccountService
from backend.consents.model import ConsentPage
from backend.web.page import Page
from backend.web.route import Auth, Call, Nothing, Routes

FOR_ANOTHER = (
    "{asked_by} asked for this, and can now have orders written into the spreadsheets of this account."
    " If that is right, you can close this window. If not, take it back at myaccount.google.com/connections."
)


class Link(BaseModel):
    model_config = ConfigDict(extra="forbid")

    refresh_token: str = Field(min_length=1, max_length=2048)


class GoogleAnswer(BaseModel):
    """What Google's consent page sends the browser back with; it sends more than that."""

    state: str = ""
    code: str | None = None


class AccountAnswer(BaseModel):
    id: str
    email: str
    status: AccountStatus
    is_default: bool
    created_at: datetime
    updated_at: datetime
    """Moves when the account is linked again."""


class AccountsAnswer(BaseModel):
    accounts: list[AccountAnswer]


def routes(accounts: AccountService, linking: AccountLinking, consent: AccountConsent) -> Routes:
    routes = Routes("accounts")

    @routes.declare("POST", "/v1/accounts", auth=Auth.SESSION, takes=Link, answers={201: AccountAnswer})
    def link(call: Call[Link]) -> AccountAnswer:
        """Link a Google account that may edit spreadsheets"""
        account, is_default = linking.link(call.tenant_id, call.taken.refresh_token)
        return _shown(account, is_default=is_default)

    @routes.declare("POST", "/v1/accounts/authorize", auth=Auth.SESSION, takes=Nothing, answers={201: ConsentPage})
    def authorize(call: Call[Nothing]) -> ConsentPage:
        """Where a person lets Tabkeeper edit her spreadsheets; open it in a window of its own"""
        return consent.ask(call.caller)

    @routes.declare("GET", CALLBACK, auth=Auth.PUBLIC, takes=GoogleAnswer, answers={200: Page})
    def authorized(call: Call[GoogleAnswer]) -> Page:
        """Where Google's consent page leads back to"""
        account, state = consent.answered(call.taken.state, call.taken.code)
        if account is None:
            return Page(heading="Nothing was linked", text="You did not agree. To try again, go back to the sidebar.")
        heading = f"{account.email} is linked"
        if account.email == state.asked_by:
            return Page(heading=heading, text="You can close this window.", closes=True)
        return Page(heading=heading, text=FOR_ANOTHER.format(asked_by=state.asked_by))

    @routes.declare("GET", "/v1/accounts", auth=Auth.SESSION, takes=Nothing, answers={200: AccountsAnswer})
    def list_all(call: Call[Nothing]) -> AccountsAnswer:
        """The linked Google accounts, the oldest first"""
        linked, default_id = accounts.all(call.tenant_id)
        return AccountsAnswer(accounts=[_shown(account, is_default=account.id == default_id) for account in linked])

    @routes.declare("DELETE", "/v1/accounts/{account_id}", auth=Auth.SESSION, takes=Nothing, answers={204: None})
    def unlink(call: Call[Nothing]) -> None:
        """Forget a linked Google account that no automation names"""
        linking.unlink(call.tenant_id, call.path["account_id"])

    return routes


def _shown(account: Account, *, is_default: bool) -> AccountAnswer:
    return AccountAnswer(
        id=account.id,
        email=account.email,
        status=account.status,
        is_default=is_default,
        created_at=account.created_at,
        updated_at=account.updated_at,
    )
