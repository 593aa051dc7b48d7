"""Linking a Google account by Google's consent page, as a person does it from the sidebar."""

from backend import telemetry
from backend.accounts.google_consent import GoogleConsent
from backend.accounts.model import Account
from backend.accounts.service import AccountLinking
from backend.consents.model import ConsentPage, Purpose
from backend.consents.service import ConsentService
from backend.errors import ConsentExpired, TokenRevoked
from backend.tenants.repository import TenantRepository

CALLBACK = "/v1/oauth/google"


class AccountConsent:
    def __init__(
        self, google: GoogleConsent, linking: AccountLinking, *, consents: ConsentService, members: TenantRepository
    ) -> None:
        self._google = google
        self._linking = linking
        self._consents = consents
        self._members = members

    def ask(self, tenant_id: str, member_id: str) -> ConsentPage:
        """The page proposes the member's own account; another one may be chosen there."""
        email = self._members.member(tenant_id, member_id).email
        nonce, expires_at = self._consents.ask(tenant_id, Purpose.LINK_ACCOUNT)
        return ConsentPage(url=self._google.url(nonce, login_hint=email), expires_at=expires_at)

    def answered(self, nonce: str, code: str | None) -> Account | None:
        """None when the person did not agree. Raises ConsentExpired, and what AccountLinking.link does."""
        state = self._consents.take(nonce, Purpose.LINK_ACCOUNT)
        if not code:
            return None
        with telemetry.bound(tenant_id=state.tenant_id):
            try:
                refresh_token = self._google.redeem(code, nonce=nonce)
            except TokenRevoked as error:
                raise ConsentExpired(detail=error.detail) from error
            account, _is_default = self._linking.link(state.tenant_id, refresh_token)
            return account
