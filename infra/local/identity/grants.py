"""What was granted: refresh tokens, the access tokens made from them, and their end."""

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from infra.local.identity.store import Store

ACCESS_TOKEN_LIFETIME_S = 3599


@dataclass(frozen=True)
class Grant:
    """What a person agreed to on the consent screen of one OAuth client."""

    refresh_token: str
    client_id: str
    email: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class AccessToken:
    token: str
    client_id: str
    email: str
    scopes: tuple[str, ...]
    expires_at: int


class Grants:
    def __init__(self, store: Store, *, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    def give(self, *, client_id: str, email: str, scopes: tuple[str, ...]) -> Grant:
        grant = Grant(f"1//0{secrets.token_urlsafe(64)}", client_id, email, scopes)
        with self._store.transaction() as sql:
            sql.execute(
                "INSERT INTO grants VALUES (?, ?, ?, ?)", (grant.refresh_token, client_id, email, " ".join(scopes))
            )
        return grant

    def has(self, *, client_id: str, email: str) -> bool:
        with self._store.transaction() as sql:
            found = sql.execute("SELECT 1 FROM grants WHERE client_id = ? AND email = ?", (client_id, email)).fetchone()
        return found is not None

    def find(self, refresh_token: str) -> Grant | None:
        with self._store.transaction() as sql:
            row = sql.execute("SELECT * FROM grants WHERE refresh_token = ?", (refresh_token,)).fetchone()
        if row is None:
            return None
        return Grant(row["refresh_token"], row["client_id"], row["email"], tuple(row["scopes"].split()))

    def issue_access_token(
        self, *, client_id: str, email: str, scopes: tuple[str, ...], refresh_token: str | None = None
    ) -> AccessToken:
        expires_at = int(self._clock()) + ACCESS_TOKEN_LIFETIME_S
        issued = AccessToken(f"ya29.{secrets.token_urlsafe(96)}", client_id, email, scopes, expires_at)
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM access_tokens WHERE expires_at <= ?", (int(self._clock()),))
            sql.execute(
                "INSERT INTO access_tokens VALUES (?, ?, ?, ?, ?, ?)",
                (issued.token, client_id, email, " ".join(scopes), expires_at, refresh_token),
            )
        return issued

    def find_access_token(self, token: str) -> AccessToken | None:
        """The token if it still opens anything."""
        with self._store.transaction() as sql:
            row = sql.execute(
                "SELECT * FROM access_tokens WHERE token = ? AND expires_at > ?", (token, int(self._clock()))
            ).fetchone()
        if row is None:
            return None
        scopes = tuple(row["scopes"].split())
        return AccessToken(row["token"], row["client_id"], row["email"], scopes, row["expires_at"])

    def revoke(self, token: str) -> bool:
        """Ends the grant behind a refresh or access token and every access token made from it."""
        with self._store.transaction() as sql:
            row = sql.execute("SELECT refresh_token FROM access_tokens WHERE token = ?", (token,)).fetchone()
            refresh_token = token if row is None else row["refresh_token"]
            access_tokens = sql.execute(
                "DELETE FROM access_tokens WHERE token = ? OR refresh_token = ?", (token, refresh_token)
            )
            grants = sql.execute("DELETE FROM grants WHERE refresh_token = ?", (refresh_token,))
            return access_tokens.rowcount + grants.rowcount > 0

    def withdraw_consent(self, email: str) -> None:
        """A person removes every app from their Google account."""
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM grants WHERE email = ?", (email,))
            _delete_access_tokens(sql, email)

    def expire_access_tokens(self, email: str) -> None:
        with self._store.transaction() as sql:
            _delete_access_tokens(sql, email)


def _delete_access_tokens(sql: sqlite3.Connection, email: str) -> None:
    sql.execute("DELETE FROM access_tokens WHERE email = ?", (email,))
