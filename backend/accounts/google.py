"""Google's token endpoint: refresh tokens into access tokens, and its refusals into our errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport import Request
from google.oauth2.credentials import Credentials
from google.oauth2.reauth import refresh_grant
from pydantic import SecretStr

from backend.errors import ConfigurationError, TabkeeperError, TokenRevoked, UpstreamUnavailable

SILENT = "Google's sign-in service did not answer."


@dataclass(frozen=True, slots=True)
class Grant:
    """What a refresh token turned out to allow."""

    scopes: tuple[str, ...]
    id_token: str | None
    """Present when the person allowed `openid`."""


class GoogleOAuth:
    """Our OAuth client. `transport` brings its own time-out."""

    def __init__(self, *, client_id: str, client_secret: SecretStr, token_uri: str, transport: Request) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._token_uri = token_uri
        self._transport = transport

    def exchange(self, refresh_token: str) -> Grant:
        """Raises TokenRevoked when Google does not accept the token, UpstreamUnavailable when it does not answer."""
        ask: Any = refresh_grant
        try:
            _token, _refresh_token, _expiry, answer, _rapt = ask(
                self._transport,
                self._token_uri,
                refresh_token,
                self._client_id,
                self._client_secret.get_secret_value(),
            )
        except (RefreshError, TransportError) as error:
            raise refresh_failure(error) from error
        return Grant(scopes=tuple(answer.get("scope", "").split()), id_token=answer.get("id_token"))

    def credentials(self, refresh_token: str) -> Credentials:
        """Fresh credentials that renew themselves while they are used; same errors as `exchange`."""
        credentials: Any = Credentials(  # type: ignore[no-untyped-call]
            token=None,
            refresh_token=refresh_token,
            token_uri=self._token_uri,
            client_id=self._client_id,
            client_secret=self._client_secret.get_secret_value(),
        )
        try:
            credentials.refresh(self._transport)
        except (RefreshError, TransportError) as error:
            raise refresh_failure(error) from error
        fresh: Credentials = credentials
        return fresh


def refresh_failure(error: RefreshError | TransportError) -> TabkeeperError:
    """What it means that Google did not renew an access token, also in the middle of a run."""
    return refusal(next((part for part in error.args if isinstance(part, dict)), {}), detail=str(error.args[:1]))


def refusal(answer: Mapping[str, Any], *, detail: str) -> TabkeeperError:
    """What the token endpoint meant by an answer that holds no token."""
    match answer.get("error"):
        case "invalid_grant":
            return TokenRevoked(detail=str(answer.get("error_description", "")))
        case "invalid_client" | "unauthorized_client":
            return ConfigurationError("Google does not accept TABKEEPER_OAUTH_CLIENT_ID with its secret.")
        case _:
            return UpstreamUnavailable(SILENT, detail=detail)
