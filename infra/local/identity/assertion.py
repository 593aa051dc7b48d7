"""The signed statement with which a service account asks for a token (RFC 7523)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.identity.errors import OAuthError
from infra.local.identity.jwt import ParsedToken
from infra.local.identity.rsa_key import load_public_key

GOOGLE_TOKEN_ENDPOINT = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address; google-auth always signs for it
MAX_LIFETIME_S = 3600
CLOCK_SKEW_S = 300


@dataclass(frozen=True)
class Assertion:
    email: str
    scopes: tuple[str, ...]
    target_audience: str | None


def verify_assertion(
    token: str, *, public_keys_of: Callable[[str], Mapping[str, str]], token_endpoint: str, now: float
) -> Assertion:
    """Checks signature, audience and age; the refusals are worded as Google's."""
    parsed = _parse(token)
    claims = parsed.claims
    email = str(claims.get("iss"))
    public_keys = public_keys_of(email)
    if not public_keys:
        raise OAuthError("invalid_grant", "Invalid grant: account not found")
    public_key = public_keys.get(parsed.header.get("kid", ""))
    if public_key is None or not parsed.is_signed_by(load_public_key(public_key)):
        raise OAuthError("invalid_grant", "Invalid JWT Signature.")
    if claims.get("aud") not in {GOOGLE_TOKEN_ENDPOINT, token_endpoint}:
        raise OAuthError("invalid_grant", "Invalid JWT: Failed audience check.")
    _check_age(claims, now=now)
    if claims.get("sub", email) != email:
        raise OAuthError(
            "unauthorized_client",
            "Client is unauthorized to retrieve access tokens using this method,"
            " or client not authorized for any of the scopes requested.",
            status=401,
        )
    return Assertion(email, tuple(claims.get("scope", "").split()), claims.get("target_audience"))


def _parse(token: str) -> ParsedToken:
    try:
        return ParsedToken.parse(token)
    except ValueError as error:
        raise OAuthError("invalid_request", "Bad Request") from error


def _check_age(claims: Mapping[str, Any], *, now: float) -> None:
    issued_at, expires_at = claims.get("iat"), claims.get("exp")
    fresh = (
        isinstance(issued_at, int)
        and isinstance(expires_at, int)
        and issued_at - CLOCK_SKEW_S <= now <= expires_at + CLOCK_SKEW_S
        and expires_at - issued_at <= MAX_LIFETIME_S
    )
    if not fresh:
        raise OAuthError(
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
            " Check your iat and exp values in the JWT claim.",
        )
