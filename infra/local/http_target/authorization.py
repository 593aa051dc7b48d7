"""The tokens that calls carry, signed by the local identity service."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from infra.local.http_target.call import Call

CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
REUSE_S = 50 * 60
"""Tokens live an hour and are fetched anew well before."""


class Authorizer:
    def __init__(self, *, http: httpx.AsyncClient, identity: str, clock: Callable[[], float] = time.time) -> None:
        self._http = http
        self._identity = identity
        self._clock = clock
        self._tokens: dict[tuple[str, str, str], tuple[str, float]] = {}

    async def header(self, call: Call) -> str | None:
        """The Authorization header that the target asks for, if any. Raises httpx.HTTPError without the identity
        service.
        """
        if "oidc_token" in call.target:
            return f"Bearer {await self._identity_token(call)}"
        if "oauth_token" in call.target:
            return f"Bearer {await self._access_token(call)}"
        return None

    def forget(self) -> None:
        """After a 401: the identity service may have been started over with another key."""
        self._tokens.clear()

    async def _identity_token(self, call: Call) -> str:
        asked = call.target.oidc_token
        email, audience = asked.service_account_email, asked.audience or call.url
        wanted = ("identity-tokens", email, audience)
        return await self._token(wanted, answer="id_token", body={"email": email, "audience": audience})

    async def _access_token(self, call: Call) -> str:
        asked = call.target.oauth_token
        email, scope = asked.service_account_email, asked.scope or CLOUD_PLATFORM
        wanted = ("access-tokens", email, scope)
        return await self._token(wanted, answer="access_token", body={"email": email, "scopes": [scope]})

    async def _token(self, wanted: tuple[str, str, str], *, answer: str, body: dict[str, Any]) -> str:
        token, expires_s = self._tokens.get(wanted, ("", 0.0))
        if expires_s <= self._clock():
            response = await self._http.post(f"{self._identity}/control/{wanted[0]}", json=body)
            token = response.raise_for_status().json()[answer]
            self._tokens[wanted] = token, self._clock() + REUSE_S
        return token
