"""Shopify's consent page, and what its answer is worth (the authorization code grant).

https://shopify.dev/docs/apps/build/authentication-authorization/authenticate-standalone-apps
"""

import hashlib
import hmac
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote, urlencode

import httpx
from pydantic import SecretStr

from backend.errors import ConfigurationError, ConsentExpired, UpstreamUnavailable


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

    def redeem(self, base_url: str, code: str, *, timeout_s: float) -> str:
        """The access token. Asked for once, since a code works once.

        Raises ConsentExpired when the code is not, or no longer, good; UpstreamUnavailable.
        """
        form = {"client_id": self._client_id, "client_secret": self._secret.get_secret_value(), "code": code}
        try:
            response = httpx.post(
                f"{base_url}/admin/oauth/access_token",
                data=form,
                headers={"Accept": "application/json"},
                timeout=timeout_s,
            )
            answer = response.json()
        except (httpx.RequestError, ValueError) as error:
            raise UpstreamUnavailable("The shop did not answer.", detail=type(error).__name__) from error
        if response.status_code == HTTPStatus.OK:
            return str(answer["access_token"])
        detail = f"HTTP {response.status_code}: {answer.get('error')}"
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise UpstreamUnavailable("The shop did not answer.", detail=detail)
        if answer.get("error") in {"application_cannot_be_found", "invalid_client"}:
            raise ConfigurationError("Shopify does not accept TABKEEPER_SHOPIFY_CLIENT_ID with its secret.")
        raise ConsentExpired(detail=detail)
