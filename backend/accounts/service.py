"""Linking Google accounts, and their credentials for whoever writes to Sheets."""

from dataclasses import dataclass

import structlog
from google.oauth2.credentials import Credentials

from backend.accounts.google import GoogleOAuth
from backend.accounts.model import SPREADSHEETS_SCOPE, Account, account_id, seal_place
from backend.accounts.repository import AccountRepository
from backend.automations.repository import AutomationRepository
from backend.clock import Clock
from backend.errors import AccountMissing, InvalidInput, NotAuthenticated, NotFound, TokenRevoked
from backend.sealing import Sealer
from backend.tenants.identity import IdentityVerifier

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Credential:
    """What calls Google on a user's behalf. `subject` is whose quota it spends."""

    subject: str
    google: Credentials


class AccountService:
    def __init__(
        self,
        accounts: AccountRepository,
        *,
        oauth: GoogleOAuth,
        sealer: Sealer,
    ) -> None:
        self._accounts = accounts
        self._oauth = oauth
        self._sealer = sealer

    def credential(self, tenant_id: str, wanted_id: str | None) -> Credential:
        """A fresh credential of that account, of the tenant's default one for None.

        Raises TokenRevoked when Google no longer accepts the account, AccountMissing when there is none.
        """
        found_id = wanted_id or self._accounts.default_id(tenant_id)
        if found_id is None:
            raise AccountMissing("No Google account is linked. Link one.")
        try:
            account = self._accounts.get(tenant_id, found_id)
        except NotFound as error:
            raise AccountMissing from error
        refresh_token = self._sealer.unseal(account.sealed_refresh_token, place=seal_place(tenant_id, account.id))
        try:
            return Credential(account.subject, self._oauth.credentials(refresh_token))
        except TokenRevoked:
            self._accounts.mark_revoked(tenant_id, account.id)
            raise

    def all(self, tenant_id: str) -> tuple[list[Account], str | None]:
        """The accounts and the id of the default one."""
        return self._accounts.all(tenant_id), self._accounts.default_id(tenant_id)


class AccountLinking:
    """What a person does with accounts; a job only asks for their credentials."""

    def __init__(
        self,
        accounts: AccountRepository,
        automations: AutomationRepository,
        *,
        oauth: GoogleOAuth,
        identities: IdentityVerifier,
        audience: str,
        sealer: Sealer,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._automations = automations
        self._oauth = oauth
        self._identities = identities
        self._audience = audience
        self._sealer = sealer
        self._clock = clock

    def link(self, tenant_id: str, refresh_token: str) -> tuple[Account, bool]:
        """The account, and whether it is the tenant's default. Linking it again replaces its token."""
        try:
            grant = self._oauth.exchange(refresh_token)
        except TokenRevoked as error:
            raise _refused("Google does not accept this refresh token.") from error
        if SPREADSHEETS_SCOPE not in grant.scopes:
            raise _refused("The permission to edit spreadsheets is missing; allow it on Google's consent screen.")
        if grant.id_token is None:
            raise _refused("The permissions openid and email are missing; allow them on Google's consent screen.")
        try:
            identity = self._identities.verify(grant.id_token, audience=self._audience)
        except NotAuthenticated as error:
            raise _refused(error.message) from error
        now = self._clock()
        linked_id = account_id(tenant_id, identity.subject)
        linked = self._accounts.link(
            Account(
                id=linked_id,
                tenant_id=tenant_id,
                subject=identity.subject,
                email=identity.email,
                scopes=sorted(grant.scopes),
                sealed_refresh_token=self._sealer.seal(refresh_token, place=seal_place(tenant_id, linked_id)),
                created_at=now,
                updated_at=now,
            )
        )
        _log.info("account_linked", account_id=linked_id)
        return linked

    def unlink(self, tenant_id: str, unlinked_id: str) -> None:
        self._accounts.unlink(
            tenant_id,
            unlinked_id,
            ensure_unused=lambda transaction, is_default: self._automations.ensure_account_unused(
                tenant_id, unlinked_id, is_default=is_default, transaction=transaction
            ),
        )
        _log.info("account_unlinked", account_id=unlinked_id)


def _refused(why: str) -> InvalidInput:
    return InvalidInput(why, fields={"refresh_token": why})
