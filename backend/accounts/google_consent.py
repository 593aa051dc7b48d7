"""Google's consent page: where it is, and what its answer is worth (the authorization code grant, with PKCE)."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from google.auth.exceptions import TransportError
from google.auth.transport import Request
from pydantic import SecretStr

from backend.accounts.google import SILENT, refusal
from backend.accounts.model import SPREADSHEETS_SCOPE
from backend.errors import UpstreamUnavailable

ASKED_SCOPES = ("openid", "email", SPREADSHEETS_SCOPE)


class GoogleConsent:
    """Of our OAuth client. `transport` brings its own time-out."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: SecretStr,
        auth_uri: str,
        token_uri: str,
        redirect_uri: str,
        transport: Request,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._auth_uri = auth_uri
        self._token_uri = token_uri
        self._redirect_uri = redirect_uri
        self._transport = transport

    def url(self, nonce: str, *, login_hint: str) -> str:
        """The page comes back with the nonce as `state`. `prompt` has Google give a refresh token also to those who
        agreed before.
        """
        challenge = hashlib.sha256(self._verifier(nonce).encode()).digest()
        asked = {
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "response_type": "code",
            "scope": " ".join(ASKED_SCOPES),
            "access_type": "offline",
            "prompt": "consent",
            "login_hint": login_hint,
            "state": nonce,
            "code_challenge": _base64url(challenge),
            "code_challenge_method": "S256",
        }
        return f"{self._auth_uri}?{urlencode(asked)}"

    def redeem(self, code: str, *, nonce: str) -> str:
        """The refresh token. Asked for once, since a code works once.

        Raises TokenRevoked when the code is not, or no longer, good for this nonce; UpstreamUnavailable.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._client_id,
            "client_secret": self._client_secret.get_secret_value(),
            "redirect_uri": self._redirect_uri,
            "code_verifier": self._verifier(nonce),
        }
        try:
            response = self._transport(
                self._token_uri,
                method="POST",
                body=urlencode(form).encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
            answer: Any = json.loads(response.data)
        except (TransportError, ValueError) as error:
            raise UpstreamUnavailable(SILENT, detail=type(error).__name__) from error
        told = answer if isinstance(answer, dict) else {}
        if "refresh_token" not in told:
            raise refusal(told, detail=f"HTTP {response.status}")
        return str(told["refresh_token"])

    def _verifier(self, nonce: str) -> str:
        """Of PKCE (RFC 7636): whoever sees the page's address cannot tell it, and nobody has to store it."""
        return _base64url(hmac.digest(self._client_secret.get_secret_value().encode(), nonce.encode(), "sha256"))


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
