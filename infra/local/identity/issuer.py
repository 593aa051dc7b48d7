"""What the token endpoints decide: who gets which token, and what a token says."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.identity.assertion import verify_assertion
from infra.local.identity.codes import Codes
from infra.local.identity.directory import Client, Directory, Principal
from infra.local.identity.errors import OAuthError, expired_or_revoked, missing_parameter
from infra.local.identity.grants import ACCESS_TOKEN_LIFETIME_S, AccessToken, Grants
from infra.local.identity.signing_key import SigningKey

ISSUER = "https://accounts.google.com"
IDENTITY_TOKEN_LIFETIME_S = 3600
EMAIL_SCOPES = frozenset({"email", "https://www.googleapis.com/auth/userinfo.email"})
NO_EMAIL = {"email": None, "email_verified": None}


class Issuer:
    def __init__(
        self, *, key: SigningKey, directory: Directory, grants: Grants, codes: Codes, clock: Callable[[], float]
    ) -> None:
        self._codes = codes
        self._key = key
        self._directory = directory
        self._grants = grants
        self._clock = clock

    def refresh(self, form: Mapping[str, str]) -> dict[str, Any]:
        """`grant_type=refresh_token`. A narrower `scope` may be asked for, never a wider one."""
        client_id = _required(form, "client_id")
        self._directory.authenticate(Client(client_id, form.get("client_secret", "")))
        grant = self._grants.find(_required(form, "refresh_token"))
        if grant is None:
            raise expired_or_revoked()
        if grant.client_id != client_id:
            raise OAuthError("unauthorized_client", "Unauthorized", status=401)
        scopes = tuple(form["scope"].split()) if form.get("scope") else grant.scopes
        if not set(scopes) <= set(grant.scopes):
            raise OAuthError("invalid_scope", "Bad Request")
        access_token = self._grants.issue_access_token(
            client_id=client_id, email=grant.email, scopes=scopes, refresh_token=grant.refresh_token
        )
        return _bearer(access_token) | self._identity(access_token)

    def redeem(self, form: Mapping[str, str]) -> dict[str, Any]:
        """`grant_type=authorization_code`, once a code."""
        client_id = _required(form, "client_id")
        self._directory.authenticate(Client(client_id, form.get("client_secret", "")))
        agreement = self._codes.take(_required(form, "code"))
        if agreement is None or agreement.client_id != client_id:
            raise OAuthError("invalid_grant", "Bad Request")
        if form.get("redirect_uri") != agreement.redirect_uri:
            raise OAuthError("redirect_uri_mismatch", "Bad Request")
        if agreement.code_challenge and not form.get("code_verifier"):
            raise OAuthError("invalid_grant", "Missing code verifier.")
        if agreement.code_challenge and _s256(form["code_verifier"]) != agreement.code_challenge:
            raise OAuthError("invalid_grant", "Invalid code verifier.")
        owner = {"client_id": client_id, "email": agreement.email}
        refresh_token = None
        if agreement.gives_refresh_token:
            refresh_token = self._grants.give(**owner, scopes=agreement.scopes).refresh_token
        access_token = self._grants.issue_access_token(**owner, scopes=agreement.scopes, refresh_token=refresh_token)
        given = {} if refresh_token is None else {"refresh_token": refresh_token}
        return _bearer(access_token) | given | self._identity(access_token)

    def _identity(self, access_token: AccessToken) -> dict[str, str]:
        if "openid" not in access_token.scopes:
            return {}
        with_email = not EMAIL_SCOPES.isdisjoint(access_token.scopes)
        overrides = {} if with_email else NO_EMAIL
        principal = self._directory.principal(access_token.email)
        return {"id_token": self.identity_token(principal, audience=access_token.client_id, overrides=overrides)}

    def exchange_assertion(self, form: Mapping[str, str], *, token_endpoint: str) -> dict[str, Any]:
        """`grant_type=jwt-bearer`: a service account gets an access token, or an identity token for an audience."""
        assertion = verify_assertion(
            _required(form, "assertion"),
            public_keys_of=self._directory.public_keys,
            token_endpoint=token_endpoint,
            now=self._clock(),
        )
        principal = self._directory.principal(assertion.email)
        if assertion.target_audience is not None:
            return {"id_token": self.identity_token(principal, audience=assertion.target_audience)}
        if not assertion.scopes:
            raise OAuthError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return _bearer(self.access_token(principal, scopes=assertion.scopes))

    def access_token(self, principal: Principal, *, scopes: tuple[str, ...]) -> AccessToken:
        """An access token without a consent screen: a service account's own."""
        return self._grants.issue_access_token(client_id=principal.sub, email=principal.email, scopes=scopes)

    def identity_token(
        self,
        principal: Principal,
        *,
        audience: str,
        lifetime_s: int = IDENTITY_TOKEN_LIFETIME_S,
        overrides: Mapping[str, Any] | None = None,
    ) -> str:
        """A signed OIDC token. `overrides` replace claims; an override of None leaves the claim out."""
        now = int(self._clock())
        claims = {
            "iss": ISSUER,
            "azp": principal.sub if principal.is_service_account else audience,
            "aud": audience,
            "sub": principal.sub,
            "email": principal.email,
            "email_verified": True,
            "iat": now,
            "exp": now + lifetime_s,
        }
        claims.update(overrides or {})
        return self._key.sign({name: value for name, value in claims.items() if value is not None})

    def describe(self, token: str) -> dict[str, str]:
        """What /tokeninfo says of a live access token; every value is text, as Google's are.

        Google leaves the email out when no email scope was granted. Here it is always told, so that the other local
        services can tell whose quota and whose files a request concerns.
        """
        access_token = self._grants.find_access_token(token)
        if access_token is None:
            raise OAuthError("invalid_token", "Invalid Value")
        principal = self._directory.principal(access_token.email)
        return {
            "azp": access_token.client_id,
            "aud": access_token.client_id,
            "sub": principal.sub,
            "scope": " ".join(access_token.scopes),
            "exp": str(access_token.expires_at),
            "expires_in": str(access_token.expires_at - int(self._clock())),
            "email": principal.email,
            "email_verified": "true",
            "access_type": "online" if principal.is_service_account else "offline",
        }

    def revoke(self, token: str) -> None:
        if not self._grants.revoke(token):
            raise OAuthError("invalid_token", "Token expired or revoked")


def _required(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise missing_parameter(name)
    return form[name]


def _s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _bearer(access_token: AccessToken) -> dict[str, Any]:
    return {
        "access_token": access_token.token,
        "expires_in": ACCESS_TOKEN_LIFETIME_S,
        "scope": " ".join(access_token.scopes),
        "token_type": "Bearer",
    }
