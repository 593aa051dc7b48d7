"""The authorization code grant: where the owner of a shop agrees, and where the app comes for its token."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug import Response as Redirect

from infra.local.consent_page import consent_page
from infra.local.shopify.app import App
from infra.local.shopify.installs import ACCESS_LIFETIME_S, REFRESH_LIFETIME_S, Installs, Tokens
from infra.local.shopify.shop import Shop
from infra.local.shopify.shops import ShopRow, Shops
from infra.local.shopify.simulator import Simulator

PLACE = "Shopify's page"
FORM = """
<p>{{ app }} will be able to:</p>
<ul>{% for scope in scopes %}<li>{{ scope }}</li>{% endfor %}</ul>
<form method="post">
<button name="decision" value="allow">Install</button>
<button name="decision" value="cancel">Cancel</button>
</form>
"""


class OAuthRefused(Exception):
    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.description = description
        self.status = status


def oauth_routes(simulator: Simulator) -> Blueprint:
    routes = Blueprint("oauth", __name__)
    app = simulator.webhooks.app

    @routes.get("/shops/<domain>/admin/oauth/authorize")
    def ask(domain: str) -> Response:
        with simulator.store.reading() as connection:
            shop = _shop(connection, domain).shop
        _ensure_asked_by(app, request.args)
        return consent_page(
            f"Install app on {shop.name}", FORM, place=PLACE, app=app.client_id, scopes=_granted(shop, request.args)
        )

    @routes.post("/shops/<domain>/admin/oauth/authorize")
    def answer(domain: str) -> Response | Redirect:
        """Shopify sends nobody back who cancels."""
        _ensure_asked_by(app, request.args)
        if request.form.get("decision") != "allow":
            return consent_page("The app was not installed", "<p>You can close this window.</p>", place=PLACE)
        with simulator.store.writing() as connection:
            row = _shop(connection, domain)
            installs = Installs(connection, row.number, now=simulator.clock())
            code = installs.agree(_granted(row.shop, request.args))
        back = {
            "code": code,
            "host": base64.b64encode(f"admin.shopify.com/store/{row.shop.name}".encode()).decode().rstrip("="),
            "shop": domain,
            "state": request.args.get("state", ""),
            "timestamp": str(simulator.clock()),
        }
        query = urlencode({**back, "hmac": signature(back, secret=app.secret)})
        return redirect(f"{request.args['redirect_uri']}?{query}", code=303)

    @routes.post("/shops/<domain>/admin/oauth/access_token")
    def token(domain: str) -> Response:
        asked: Mapping[str, str] = request.get_json(silent=True) or request.form
        if asked.get("client_id") != app.client_id:
            raise OAuthRefused("application_cannot_be_found", "The application could not be found")
        if not secrets.compare_digest(str(asked.get("client_secret", "")).encode(), app.secret.encode()):
            raise OAuthRefused("invalid_client", "The client secret is wrong", status=401)
        with simulator.store.writing() as connection:
            row = _shop(connection, domain)
            installs = Installs(connection, row.number, now=simulator.clock())
            if asked.get("grant_type") == "refresh_token":
                return _refreshed(installs, asked)
            return _redeemed(installs, asked, shop=row.shop)

    routes.register_error_handler(OAuthRefused, _refuse)
    return routes


def signature(query: Mapping[str, str], *, secret: str) -> str:
    message = urlencode(sorted(query.items()), quote_via=quote)
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def _refuse(refused: OAuthRefused) -> tuple[Response, int] | Response:
    if request.path.endswith("/access_token"):
        return jsonify(error=refused.error, error_description=refused.description), refused.status
    body = "<p>Oauth error {{ error }}: {{ description }}</p>"
    told = {"error": refused.error, "description": refused.description}
    return consent_page("Something went wrong", body, place=PLACE, status=refused.status, **told)


def _shop(connection: Any, domain: str) -> ShopRow:
    row = Shops(connection).find(domain)
    if row is None:
        raise OAuthRefused("shop_not_found", "There is no such shop.", status=404)
    return row


def _ensure_asked_by(app: App, query: Mapping[str, str]) -> None:
    if query.get("client_id") != app.client_id:
        raise OAuthRefused("application_cannot_be_found", "The application could not be found")
    if query.get("redirect_uri") not in app.redirect_uris:
        raise OAuthRefused("invalid_request", "The redirect_uri is not whitelisted")


def _granted(shop: Shop, query: Mapping[str, str]) -> tuple[str, ...]:
    """Of what was asked for: a shop made with fewer scopes stands for one that gives no more."""
    return tuple(scope for scope in query.get("scope", "").split(",") if scope in shop.scopes)


def _refreshed(installs: Installs, asked: Mapping[str, str]) -> Response:
    tokens = installs.refresh(asked.get("refresh_token", ""))
    if tokens is None:
        raise OAuthRefused("invalid_request", "This request requires an active refresh_token", status=401)
    return _expiring(tokens)


def _redeemed(installs: Installs, asked: Mapping[str, str], *, shop: Shop) -> Response:
    """An app that does not ask for tokens which expire gets the shop's own one."""
    scopes = installs.take(asked.get("code", ""))
    if scopes is None:
        raise OAuthRefused("invalid_request", "The authorization code was not found or was already used")
    if str(asked.get("expiring")) == "1":
        return _expiring(installs.issue(scopes))
    return jsonify(access_token=shop.access_token, scope=",".join(scopes))


def _expiring(tokens: Tokens) -> Response:
    return jsonify(
        access_token=tokens.access_token,
        scope=",".join(tokens.scopes),
        expires_in=ACCESS_LIFETIME_S - 1,
        refresh_token=tokens.refresh_token,
        refresh_token_expires_in=REFRESH_LIFETIME_S,
    )
