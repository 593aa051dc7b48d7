"""Who calls: the bearer token, told apart by the local identity service, or simply a user's name without one."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import httpx

from infra.local.sheets.errors import ApiError, permission_denied
from infra.local.sheets.spreadsheet import Sharing

READ_SCOPES = frozenset(
    f"https://www.googleapis.com/auth/{name}"
    for name in ("spreadsheets", "spreadsheets.readonly", "drive", "drive.readonly", "drive.file")
)
WRITE_SCOPES = frozenset(scope for scope in READ_SCOPES if not scope.endswith("readonly"))
CACHED_S = 60


@dataclass(frozen=True)
class Caller:
    user: str
    scopes: frozenset[str]


class Gate(Protocol):
    """Lets callers in, or not."""

    def caller(self, authorization: str) -> Caller:
        """Who the Authorization header says it is."""

    def check(self, caller: Caller, sharing: Sharing | None, *, write: bool) -> None:
        """May this caller do that to a spreadsheet shared so? None: to make a new one."""


def unauthenticated(message: str, *, reason: str) -> ApiError:
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": "sheets.googleapis.com"},
        }
    ]
    return ApiError("UNAUTHENTICATED", message, details=details)


CREDENTIALS_MISSING = (
    "Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other "
    "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
CREDENTIALS_INVALID = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
SCOPES_INSUFFICIENT = "Request had insufficient authentication scopes."


def bearer_token(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise unauthenticated(CREDENTIALS_MISSING, reason="CREDENTIALS_MISSING")
    return token


class OpenGate:
    """Any bearer token is a user of that name, and everything is open to all."""

    def caller(self, authorization: str) -> Caller:
        return Caller(bearer_token(authorization), WRITE_SCOPES)

    def check(self, caller: Caller, sharing: Sharing | None, *, write: bool) -> None:
        del caller, sharing, write


class IdentityGate:
    """Asks the identity service about each token, at most once a minute."""

    def __init__(self, identity_url: str, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._client = httpx.Client(base_url=identity_url, timeout=10, trust_env=False)
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, Caller]] = {}

    def caller(self, authorization: str) -> Caller:
        token = bearer_token(authorization)
        with self._lock:
            good_until_s, caller = self._known.get(token, (0.0, None))
        if caller is not None and self._clock_s() < good_until_s:
            return caller
        answer = self._client.get("/tokeninfo", params={"access_token": token})
        if answer.status_code != httpx.codes.OK:
            raise unauthenticated(CREDENTIALS_INVALID, reason="ACCESS_TOKEN_INVALID")
        told = answer.json()
        caller = Caller(told.get("email") or told["sub"], frozenset(told.get("scope", "").split()))
        good_for_s = min(CACHED_S, int(told.get("expires_in", CACHED_S)))
        with self._lock:
            self._known[token] = (self._clock_s() + good_for_s, caller)
        return caller

    def check(self, caller: Caller, sharing: Sharing | None, *, write: bool) -> None:
        if caller.scopes.isdisjoint(WRITE_SCOPES if write else READ_SCOPES):
            details = [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                    "domain": "googleapis.com",
                    "metadata": {"service": "sheets.googleapis.com"},
                }
            ]
            raise ApiError("PERMISSION_DENIED", SCOPES_INSUFFICIENT, details=details)
        if sharing is None:
            return
        allowed = sharing.may_edit(caller.user) if write else sharing.may_read(caller.user)
        if not allowed:
            raise permission_denied()
