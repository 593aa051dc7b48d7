"""What no Google API does: tests and the demo act for people, consent screens and consoles here."""

from typing import Any

from flask import Blueprint, request
from pydantic import BaseModel, ConfigDict

from infra.local.identity.directory import Client, Directory
from infra.local.identity.grants import Grants
from infra.local.identity.issuer import IDENTITY_TOKEN_LIFETIME_S, NO_EMAIL, Issuer


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: str


class User(Body):
    sub: str | None = None


class Consent(Body):
    """A person said yes on the consent screen of an OAuth client, which is registered on first mention."""

    client_id: str
    client_secret: str
    scopes: list[str]


class ClientInput(BaseModel):
    """An OAuth client as its developer registers it."""

    model_config = ConfigDict(extra="forbid")

    client_id: str
    client_secret: str
    redirect_uris: list[str]


class AccessTokenRequest(Body):
    scopes: list[str]


class IdentityTokenRequest(Body):
    """Further fields replace claims of the token; null leaves a claim out."""

    model_config = ConfigDict(extra="allow")

    audience: str
    expires_in_s: int = IDENTITY_TOKEN_LIFETIME_S
    with_email: bool = True
    """As Google has it for who asks without an email scope: the token does not tell the email."""


def control(*, directory: Directory, grants: Grants, issuer: Issuer) -> Blueprint:
    blueprint = Blueprint("control", __name__, url_prefix="/control")

    @blueprint.post("/users")
    def put_user() -> dict[str, str]:
        body = User.model_validate(request.json)
        user = directory.put_user(email=body.email, sub=body.sub)
        return {"email": user.email, "sub": user.sub}

    @blueprint.post("/clients")
    def put_client() -> dict[str, str]:
        body = ClientInput.model_validate(request.json)
        directory.put_client(Client(body.client_id, body.client_secret))
        directory.allow_redirects(body.client_id, body.redirect_uris)
        return {"client_id": body.client_id}

    @blueprint.post("/refresh-tokens")
    def consent() -> dict[str, str]:
        body = Consent.model_validate(request.json)
        directory.principal(body.email)
        directory.put_client(Client(body.client_id, body.client_secret))
        grant = grants.give(client_id=body.client_id, email=body.email, scopes=tuple(body.scopes))
        return {"refresh_token": grant.refresh_token}

    @blueprint.post("/access-tokens")
    def access_token() -> dict[str, str]:
        body = AccessTokenRequest.model_validate(request.json)
        principal = directory.principal(body.email)
        return {"access_token": issuer.access_token(principal, scopes=tuple(body.scopes)).token}

    @blueprint.post("/access-tokens/expire")
    def expire() -> dict[str, str]:
        grants.expire_access_tokens(Body.model_validate(request.json).email)
        return {}

    @blueprint.post("/identity-tokens")
    def identity_token() -> dict[str, str]:
        body = IdentityTokenRequest.model_validate(request.json)
        email = {} if body.with_email else NO_EMAIL
        token = issuer.identity_token(
            directory.principal(body.email),
            audience=body.audience,
            lifetime_s=body.expires_in_s,
            overrides={**email, **(body.model_extra or {})},
        )
        return {"id_token": token}

    @blueprint.post("/service-accounts")
    def service_account() -> dict[str, Any]:
        body = Body.model_validate(request.json)
        return directory.create_service_account_key(body.email, address=request.host)

    @blueprint.post("/revocations")
    def withdraw_consent() -> dict[str, str]:
        grants.withdraw_consent(Body.model_validate(request.json).email)
        return {}

    return blueprint
