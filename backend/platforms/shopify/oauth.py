"""Shopify's consent page, and the tokens that it leads to (the authorization code grant).

https://shopify.dev/docs/apps/build/authentication-authorization/authenticate-standalone-apps
https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/offline-access-tokens
"""

import hashlib
import hmac
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote, urlencode

import httpx
from pydantic import SecretStr

from backend.errors import (
    ConfigurationError,
    ConnectionRefused,
    ConsentExpired,
    SourceBroken,
    TabkeeperError,
    UpstreamUnavailable,
)
from backend.platforms.access import Tokens

SILENT = "The shop did not answer."


class ShopifyOAuth:
    """Of our app. `base_url` is a shop's own."""

    def __init__(self, *, client_id: str, secret: SecretStr, scopes: str) -> None:
        self._client_id = client_id
        self._secret = secret
        self._scopes = scopes

    def consent_url(self, base_url: str, *, nonce: str, redirect_uri: str) -> str:
        """Without `grant_options[]` the access that is asked for is offline."""
        asked = {
            "client_id": self._client_id,
            "scope": self._scopes,
            "redirect_uri": redirect_uri,
            "state": nonce,
        }
        return f"{base_url}/admin/oauth/authorize?{urlencode(asked)}"

    def is_signed(self, query: Mapping[str, str]) -> bool:
        """Whether Shopify sent a browser here with this query: hex HMAC-SHA256 over the rest of it, sorted."""
        rest = sorted((name, value) for name, value in query.items() if name != "hmac")
        message = urlencode(rest, quote_via=quote)
        expected = hmac.new(self._secret.get_secret_value().encode(), message.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected.encode(), query.get("hmac", "").encode())

    def redeem(self, base_url: str, code: str, *, timeout_s: float) -> Tokens:
        """Tokens that expire: public apps get no others. Asked for once, since a code works once.

        Raises ConsentExpired when the code is not, or no longer, good; UpstreamUnavailable; SourceBroken.
        """
        return self._tokens(base_url, {"code": code, "expiring": "1"}, timeout_s=timeout_s, refused=ConsentExpired)

    def renew(self, base_url: str, refresh_token: str, *, timeout_s: float) -> Tokens:
        """Raises ConnectionRefused when the refresh token is no longer good; UpstreamUnavailable; SourceBroken."""
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._tokens(base_url, form, timeout_s=timeout_s, refused=ConnectionRefused)

    def _tokens(
        self, base_url: str, form: Mapping[str, str], *, timeout_s: float, refused: type[TabkeeperError]
    ) -> Tokens:
        client = {"client_id": self._client_id, "client_secret": self._secret.get_secret_value()}
        try:
            response = httpx.post(
                f"{base_url}/admin/oauth/access_token",
                data={**client, **form},
                headers={"Accept": "application/json"},
                timeout=timeout_s,
            )
        except httpx.RequestError as error:
            raise UpstreamUnavailable(SILENT, detail=type(error).__name__) from error
        detail = f"HTTP {response.status_code} to a request for tokens"
        if response.is_server_error or response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise UpstreamUnavailable(SILENT, detail=detail)
        try:
            answer = response.json()
            if response.is_success:
                return Tokens(answer["access_token"], answer.get("refresh_token"), answer.get("expires_in"))
            reason = answer.get("error")
        except (ValueError, AttributeError, KeyError, TypeError) as broken:
            raise SourceBroken(detail=detail) from broken
        if reason in {"application_cannot_be_found", "invalid_client"}:
            raise ConfigurationError("Shopify does not accept TABKEEPER_SHOPIFY_CLIENT_ID with its secret.")
        raise refused(detail=f"{detail}: {reason}")
