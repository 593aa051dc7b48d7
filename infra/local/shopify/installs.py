"""What owners of shops have agreed to: codes until the app comes for them, and the tokens it got.

A refresh replaces access and refresh token. The old refresh token can be used again until the app has used the new one,
so that an answer which got lost does no harm; the old access token is dead at once.
https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens
"""

import secrets
import sqlite3
from dataclasses import dataclass

CODE_LIFETIME_S = 60
ACCESS_LIFETIME_S = 3600
REFRESH_LIFETIME_S = 90 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Tokens:
    access_token: str
    refresh_token: str
    scopes: tuple[str, ...]


class Installs:
    """Of one shop. `now` is in seconds since 1970."""

    def __init__(self, connection: sqlite3.Connection, shop_number: int, *, now: int) -> None:
        self._sql = connection
        self._shop = shop_number
        self._now = now

    def agree(self, scopes: tuple[str, ...]) -> str:
        """The code."""
        code = secrets.token_hex(16)
        expires_at = self._now + CODE_LIFETIME_S
        self._sql.execute("INSERT INTO oauth_codes VALUES (?, ?, ?, ?)", (code, self._shop, _text(scopes), expires_at))
        return code

    def take(self, code: str) -> tuple[str, ...] | None:
        """What was agreed to; a code works once."""
        row = self._sql.execute(
            "DELETE FROM oauth_codes WHERE code = ? AND shop = ? RETURNING scopes, expires_at", (code, self._shop)
        ).fetchone()
        return tuple(row[0].split(",")) if row and row[1] > self._now else None

    def issue(self, scopes: tuple[str, ...]) -> Tokens:
        """All earlier ones of the shop are dead."""
        self.revoke()
        return self._add(scopes, replaces=None)

    def refresh(self, refresh_token: str) -> Tokens | None:
        row = self._sql.execute(
            "SELECT scopes, replaces, refresh_expires_at FROM tokens WHERE refresh_token = ? AND shop = ?",
            (refresh_token, self._shop),
        ).fetchone()
        if row is None or row[2] <= self._now:
            return None
        self._sql.execute("DELETE FROM tokens WHERE refresh_token = ? OR replaces = ?", (row[1], refresh_token))
        return self._add(tuple(row[0].split(",")), replaces=refresh_token)

    def scopes_of(self, access_token: str) -> tuple[str, ...] | None:
        """What a token opens; None when it opens nothing any more."""
        row = self._sql.execute(
            "SELECT scopes FROM tokens AS mine WHERE access_token = ? AND shop = ? AND expires_at > ?"
            " AND NOT EXISTS (SELECT 1 FROM tokens WHERE replaces = mine.refresh_token)",
            (access_token, self._shop, self._now),
        ).fetchone()
        return tuple(row[0].split(",")) if row else None

    def expire(self) -> None:
        """The access tokens, as an hour would."""
        self._sql.execute("UPDATE tokens SET expires_at = ? WHERE shop = ?", (self._now, self._shop))

    def revoke(self) -> None:
        self._sql.execute("DELETE FROM tokens WHERE shop = ?", (self._shop,))

    def _add(self, scopes: tuple[str, ...], *, replaces: str | None) -> Tokens:
        tokens = Tokens(f"shpat_{secrets.token_hex(16)}", f"shprt_{secrets.token_hex(16)}", scopes)
        until = (self._now + ACCESS_LIFETIME_S, self._now + REFRESH_LIFETIME_S)
        row = (tokens.refresh_token, self._shop, tokens.access_token, _text(scopes), *until, replaces)
        self._sql.execute("INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return tokens


def _text(scopes: tuple[str, ...]) -> str:
    return ",".join(scopes)
