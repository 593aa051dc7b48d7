"""Linking a Google account by Google's consent page, as a person does it from the sidebar."""

from backend import telemetry
from backend.accounts.google_consent import GoogleConsent
from backend.accounts.model import Account
from backend.accounts.service import AccountLinking
from backend.consents.model import ConsentPage, ConsentState, Purpose
from backend.consents.service import ConsentService
from backend.errors import ConsentExpired, TokenRevoked
from backend.tenants.model import Session

CALLBACK = "/v1/oauth/google"


class AccountConsent:
    def __init__(self, google: GoogleConsent, linking: AccountLinking, *, consents: ConsentService) -> None:
        self._google = google
        self._linking = linking
        self._consents = consents

    def ask(self, caller: Session) -> ConsentPage:
        """The page proposes the caller's own account; another one may be chosen there."""
        nonce, state = self._consents.ask(caller, Purpose.LINK_ACCOUNT)
        return ConsentPage(url=self._google.url(nonce, login_hint=state.asked_by), expires_at=state.expires_at)

    def answered(self, nonce: str, code: str | None) -> tuple[Account | None, ConsentState]:
        """No account when the person did not agree. Raises ConsentExpired, and what AccountLinking.link does."""
        state = self._consents.take(nonce, Purpose.LINK_ACCOUNT)
        if not code:
            return None, state
        with telemetry.bound(tenant_id=state.tenant_id):
            try:
                refresh_token = self._google.redeem(code, nonce=nonce)
            except TokenRevoked as error:
                raise ConsentExpired(detail=error.detail) from error
            account, _is_default = self._linking.link(state.tenant_id, refresh_token)
            return account, state
