"""Signing in and out, and telling by a token who is calling."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from backend.clock import Clock
from backend.errors import NotAuthenticated, NotAuthorized
from backend.tenants.identity import IdentityVerifier
from backend.tenants.model import Member, Session, Tenant, hash_token, new_token, tenant_id_of
from backend.tenants.repository import TenantRepository

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SignedIn:
    token: str
    session: Session
    tenant: Tenant
    member: Member


class TenantService:
    def __init__(
        self,
        tenants: TenantRepository,
        identities: IdentityVerifier,
        *,
        audience: str,
        session_ttl_s: float,
        clock: Clock,
    ) -> None:
        self._tenants = tenants
        self._identities = identities
        self._audience = audience
        self._session_ttl = timedelta(seconds=session_ttl_s)
        self._clock = clock

    def sign_in(self, identity_token: str) -> SignedIn:
        """The first time, this makes the person's tenant."""
        identity = self._identities.verify(identity_token, audience=self._audience)
        now = self._clock()
        tenant_id = tenant_id_of(identity.subject)
        token = new_token()
        session = Session(
            id=hash_token(token),
            tenant_id=tenant_id,
            member_id=identity.subject,
            expires_at=now + self._session_ttl,
        )
        tenant, member = self._tenants.admit(
            Tenant(id=tenant_id, name=identity.email, created_at=now),
            Member(id=identity.subject, tenant_id=tenant_id, email=identity.email),
            session,
        )
        _log.info("session_opened", tenant_id=tenant_id)
        return SignedIn(token, session, tenant, member)

    def authenticate(self, authorization: str | None) -> Session:
        session = self._tenants.session(hash_token(bearer_token(authorization)))
        if session is None or not session.is_open(self._clock()):
            raise NotAuthenticated
        return session

    def sign_out(self, session: Session) -> None:
        self._tenants.revoke(session.id, at=self._clock())
        _log.info("session_revoked", tenant_id=session.tenant_id)

    def describe(self, session: Session) -> tuple[Tenant, Member]:
        return self._tenants.get(session.tenant_id), self._tenants.member(session.tenant_id, session.member_id)


class ServiceGate:
    """Lets in one service of Google's and nobody else: its token must name us as audience and the service account that
    we gave it as caller.
    """

    def __init__(self, identities: IdentityVerifier, *, audience: str, service_account: str, caller: str) -> None:
        """`caller` is the service's name, for whoever is refused."""
        self._identities = identities
        self._audience = audience
        self._service_account = service_account
        self._caller = caller

    def authenticate(self, authorization: str | None) -> None:
        identity = self._identities.verify(bearer_token(authorization), audience=self._audience)
        if identity.email != self._service_account:
            raise NotAuthorized(f"Only {self._caller} may call this.", detail="another service account called")


def bearer_token(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthenticated
    return token.strip()
