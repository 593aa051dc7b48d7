from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from backend.accounts.model import Account, AccountStatus
from backend.accounts.service import AccountLinking, AccountService
from backend.web.route import Auth, Call, Nothing, Routes


class Link(BaseModel):
    model_config = ConfigDict(extra="forbid")

    refresh_token: str = Field(min_length=1, max_length=2048)


class AccountAnswer(BaseModel):
    id: str
    email: str
    status: AccountStatus
    is_default: bool
    created_at: datetime


class AccountsAnswer(BaseModel):
    accounts: list[AccountAnswer]


def routes(accounts: AccountService, linking: AccountLinking) -> Routes:
    routes = Routes("accounts")

    @routes.declare("POST", "/v1/accounts", auth=Auth.SESSION, takes=Link, answers={201: AccountAnswer})
    def link(call: Call[Link]) -> AccountAnswer:
        """Link a Google account that may edit spreadsheets"""
        account, is_default = linking.link(call.tenant_id, call.taken.refresh_token)
        return _shown(account, is_default=is_default)

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
    )
