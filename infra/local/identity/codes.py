"""Authorization codes: what a person agreed to, until the client comes for it, once."""

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass

from infra.local.identity.store import Store

LIFETIME_S = 600


@dataclass(frozen=True)
class Agreement:
    client_id: str
    email: str
    scopes: tuple[str, ...]
    redirect_uri: str
    code_challenge: str | None
    """S256 of the client's verifier (RFC 7636)."""
    gives_refresh_token: bool


class Codes:
    def __init__(self, store: Store, *, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    def issue(self, agreement: Agreement) -> str:
        code = f"4/0A{secrets.token_urlsafe(48)}"
        with self._store.transaction() as sql:
            sql.execute(
                "INSERT INTO codes VALUES (?, ?, ?)", (code, json.dumps(asdict(agreement)), self._clock() + LIFETIME_S)
            )
        return code

    def take(self, code: str) -> Agreement | None:
        with self._store.transaction() as sql:
            row = sql.execute("SELECT agreement, expires_at FROM codes WHERE code = ?", (code,)).fetchone()
            sql.execute("DELETE FROM codes WHERE code = ? OR expires_at <= ?", (code, self._clock()))
        if row is None or row["expires_at"] <= self._clock():
            return None
        fields = json.loads(row["agreement"])
        return Agreement(**fields | {"scopes": tuple(fields["scopes"])})
