"""Who someone is, according to Google: verified identity tokens of the sidebar, Cloud Tasks and Scheduler."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport import Request
from google.oauth2 import id_token

from backend.errors import NotAuthenticated, UpstreamUnavailable

ISSUERS = frozenset({"accounts.google.com", "https://accounts.google.com"})
CLOCK_SKEW_S = 10


@dataclass(frozen=True, slots=True)
class Identity:
    subject: str
    """Google's stable key of the person or service account; the email address may change."""
    email: str


class IdentityVerifier:
    def __init__(self, *, certs_url: str, transport: Request) -> None:
        self._certs_url = certs_url
        self._transport = transport

    def verify(self, token: str, *, audience: str) -> Identity:
        """Raises NotAuthenticated for every token that Google did not sign for this audience, or without an email."""
        try:
            claims = id_token.verify_token(
                token,
                self._transport,
                audience=audience,
                certs_url=self._certs_url,
                clock_skew_in_seconds=CLOCK_SKEW_S,
            )
        except TransportError as error:
            raise UpstreamUnavailable("Google's certificates could not be fetched.", detail=str(error)) from error
        except (GoogleAuthError, ValueError) as error:
            raise NotAuthenticated("Google did not sign this identity token for Tabkeeper.") from error
        return _identity(claims)


def _identity(claims: Mapping[str, Any]) -> Identity:
    if claims.get("iss") not in ISSUERS:
        raise NotAuthenticated("This identity token was not issued by Google.")
    subject, email = claims.get("sub"), claims.get("email")
    if not subject or not email or claims.get("email_verified") is not True:
        raise NotAuthenticated("The identity token carries no verified email address.")
    return Identity(subject=str(subject), email=str(email))
