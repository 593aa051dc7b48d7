"""Google's public endpoints: oauth2.googleapis.com and www.googleapis.com/oauth2."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from infra.local.identity.errors import OAuthError, missing_parameter
from infra.local.identity.issuer import Issuer
from infra.local.identity.signing_key import SigningKey

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CERTIFICATES_MAX_AGE_S = 19800


def endpoints(*, issuer: Issuer, key: SigningKey) -> Blueprint:
    blueprint = Blueprint("endpoints", __name__)

    @blueprint.post("/token")
    def token() -> dict[str, Any]:
        match request.form.get("grant_type", ""):
            case "authorization_code":
                return issuer.redeem(request.form)
            case "refresh_token":
                return issuer.refresh(request.form)
            case grant_type if grant_type == JWT_BEARER:
                return issuer.exchange_assertion(request.form, token_endpoint=request.base_url)
            case "":
                raise missing_parameter("grant_type")
            case unknown:
                raise OAuthError("unsupported_grant_type", f"Invalid grant_type: {unknown}")

    @blueprint.get("/oauth2/v1/certs")
    def certificates() -> Response:
        return _cacheable(key.certificates)

    @blueprint.get("/oauth2/v3/certs")
    def jwks() -> Response:
        return _cacheable(key.jwks)

    @blueprint.route("/tokeninfo", methods=["GET", "POST"])
    def tokeninfo() -> dict[str, str]:
        return issuer.describe(request.values.get("access_token", ""))

    @blueprint.post("/revoke")
    def revoke() -> dict[str, str]:
        issuer.revoke(request.values.get("token", ""))
        return {}

    return blueprint


def _cacheable(body: Any) -> Response:
    response = jsonify(body)
    response.cache_control.public = True
    response.cache_control.max_age = CERTIFICATES_MAX_AGE_S
    return response
