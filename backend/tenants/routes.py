from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from backend.tenants.model import Member, Role, Tenant
from backend.tenants.service import TenantService
from backend.web.route import Auth, Call, Nothing, Routes


class SignIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    identity_token: str = Field(min_length=1, max_length=8192)
    """What ScriptApp.getIdentityToken() gives the sidebar."""


class TenantAnswer(BaseModel):
    id: str
    name: str
    default_account_id: str | None


class MemberAnswer(BaseModel):
    id: str
    email: str
    role: Role


class Me(BaseModel):
    tenant: TenantAnswer
    member: MemberAnswer


class SignInAnswer(Me):
    token: str
    """Send it as `Authorization: Bearer …`. It is shown this once."""
    expires_at: datetime


def routes(tenants: TenantService) -> Routes:
    routes = Routes("tenants")

    @routes.declare("POST", "/v1/token", auth=Auth.PUBLIC, takes=SignIn, answers={200: SignInAnswer})
    def sign_in(call: Call[SignIn]) -> SignInAnswer:
        """Exchange a Google identity token for a session token"""
        opened = tenants.sign_in(call.taken.identity_token)
        me = _me(opened.tenant, opened.member)
        return SignInAnswer(
            token=opened.token, expires_at=opened.session.expires_at, tenant=me.tenant, member=me.member
        )

    @routes.declare("POST", "/v1/token/revoke", auth=Auth.SESSION, takes=Nothing, answers={204: None})
    def sign_out(call: Call[Nothing]) -> None:
        """Revoke the session token that this request carries"""
        tenants.sign_out(call.caller)

    @routes.declare("GET", "/v1/me", auth=Auth.SESSION, takes=Nothing, answers={200: Me})
    def me(call: Call[Nothing]) -> Me:
        """Who is calling, and for which tenant"""
        return _me(*tenants.describe(call.caller))

    return routes


def _me(tenant: Tenant, member: Member) -> Me:
    return Me(
        tenant=TenantAnswer(id=tenant.id, name=tenant.name, default_account_id=tenant.default_account_id),
        member=MemberAnswer(id=member.id, email=member.email, role=member.role),
    )
