"""Who exists: people, service accounts with their keys, and OAuth clients."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from infra.local.identity.errors import OAuthError
from infra.local.identity.rsa_key import generate_key, private_pem, public_pem
from infra.local.identity.store import Store

SERVICE_ACCOUNT_DOMAIN = ".gserviceaccount.com"


@dataclass(frozen=True)
class Principal:
    """Someone a token speaks for. `sub` never changes; the email could."""

    email: str
    sub: str

    @property
    def is_service_account(self) -> bool:
        return self.email.endswith(SERVICE_ACCOUNT_DOMAIN)


@dataclass(frozen=True)
class Client:
    client_id: str
    client_secret: str


class Directory:
    def __init__(self, store: Store) -> None:
        self._store = store

    def principal(self, email: str) -> Principal:
        """The principal of this email, made on first mention."""
        with self._store.transaction() as sql:
            sql.execute("INSERT OR IGNORE INTO principals VALUES (?, ?)", (email, _stable_sub(email)))
            return Principal(*sql.execute("SELECT email, sub FROM principals WHERE email = ?", (email,)).fetchone())

    def put_user(self, *, email: str, sub: str | None) -> Principal:
        user = Principal(email, sub or _stable_sub(email))
        with self._store.transaction() as sql:
            sql.execute("INSERT OR REPLACE INTO principals VALUES (?, ?)", (user.email, user.sub))
        return user

    def put_client(self, client: Client) -> None:
        with self._store.transaction() as sql:
            sql.execute("INSERT OR REPLACE INTO clients VALUES (?, ?)", (client.client_id, client.client_secret))

    def allow_redirects(self, client_id: str, redirect_uris: Collection[str]) -> None:
        """As the Cloud console's list of authorised redirect URIs: these, and no longer others."""
        with self._store.transaction() as sql:
            sql.execute("DELETE FROM redirect_uris WHERE client_id = ?", (client_id,))
            sql.executemany("INSERT INTO redirect_uris VALUES (?, ?)", [(client_id, uri) for uri in redirect_uris])

    def ensure_redirect(self, client_id: str, redirect_uri: str) -> None:
        """Raises unless the client exists and people may be sent back to that address."""
        with self._store.transaction() as sql:
            client = sql.execute("SELECT 1 FROM clients WHERE client_id = ?", (client_id,)).fetchone()
            known = sql.execute(
                "SELECT 1 FROM redirect_uris WHERE client_id = ? AND redirect_uri = ?", (client_id, redirect_uri)
            ).fetchone()
        if client is None:
            raise OAuthError("invalid_client", "The OAuth client was not found.", status=401)
        if known is None:
            raise OAuthError("redirect_uri_mismatch", f"The redirect URI {redirect_uri} is not registered.")

    def people(self) -> list[str]:
        """The emails of all that are no service accounts, the newest first."""
        with self._store.transaction() as sql:
            rows = sql.execute("SELECT email FROM principals ORDER BY rowid DESC").fetchall()
        return [row["email"] for row in rows if not Principal(row["email"], "").is_service_account]

    def authenticate(self, client: Client) -> None:
        """Raises unless the client exists and its secret is right."""
        with self._store.transaction() as sql:
            row = sql.execute("SELECT client_secret FROM clients WHERE client_id = ?", (client.client_id,)).fetchone()
        if row is None:
            raise OAuthError("invalid_client", "The OAuth client was not found.", status=401)
        if not secrets.compare_digest(row["client_secret"], client.client_secret):
            raise OAuthError("invalid_client", "Unauthorized", status=401)

    def create_service_account_key(self, email: str, *, address: str) -> dict[str, Any]:
        """The JSON of a key file, as the Cloud console would download it once."""
        account = self.principal(email)
        key, key_id = generate_key(), secrets.token_hex(20)
        with self._store.transaction() as sql:
            sql.execute("INSERT INTO service_account_keys VALUES (?, ?, ?)", (key_id, email, public_pem(key)))
        return {
            "type": "service_account",
            "project_id": email.partition("@")[2].removesuffix(".iam" + SERVICE_ACCOUNT_DOMAIN),
            "private_key_id": key_id,
            "private_key": private_pem(key),
            "client_email": email,
            "client_id": account.sub,
            "auth_uri": f"http://{address}/o/oauth2/auth",
            "token_uri": f"http://{address}/token",
            "auth_provider_x509_cert_url": f"http://{address}/oauth2/v1/certs",
            "universe_domain": "googleapis.com",
        }

    def public_keys(self, email: str) -> dict[str, str]:
        """Key id to public PEM, of every key of a service account."""
        with self._store.transaction() as sql:
            rows = sql.execute("SELECT key_id, public_pem FROM service_account_keys WHERE email = ?", (email,))
            return dict(rows.fetchall())


def _stable_sub(email: str) -> str:
    """Twenty-one digits as Google's, derived so that a fresh state gives a person the same one."""
    return "1" + str(int(hashlib.sha256(email.encode()).hexdigest(), 16))[:20]
