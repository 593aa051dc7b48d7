"""Signing in and out through HTTP."""

import hashlib
from datetime import timedelta
from typing import Any

import httpx
import pytest
from google.cloud import firestore

from backend.app import create_app
from backend.clock import utc_now
from backend.settings import Settings
from infra.local.demo.google_account import GoogleAccount
from infra.local.demo.merchant import Merchant
from infra.local.stack import Stack


def exchange(stack: Stack, identity_token: str) -> httpx.Response:
    return httpx.post(f"{stack.urls['backend']}/v1/token", json={"identity_token": identity_token})


def test_identity_token_is_exchanged_for_a_session(stack: Stack) -> None:
    """Whoever Google vouches for gets a token by which the API knows them."""
    opened = exchange(stack, GoogleAccount(stack, "ann@shop.example").identity_token())
    assert opened.status_code == 200, opened.text
    me = httpx.get(f"{stack.urls['backend']}/v1/me", headers={"Authorization": f"Bearer {opened.json()['token']}"})
    assert me.json()["member"]["email"] == "ann@shop.example"
    assert me.json()["tenant"]["id"] == opened.json()["tenant"]["id"]


def test_signing_in_again_finds_the_same_tenant(stack: Stack, merchant: Merchant) -> None:
    """A person has one tenant, however often they sign in, and a new token each time."""
    again = exchange(stack, GoogleAccount(stack, merchant.email).identity_token()).json()
    assert again["tenant"]["id"] == merchant.tenant_id
    assert again["token"] != merchant.token


@pytest.mark.parametrize(
    "claims",
    [
        {"audience": "another-script.apps.googleusercontent.com"},
        {"expires_in_s": -60},
        {"iss": "https://accounts.evil.example"},
        {"email_verified": False},
        {"email_verified": None},
    ],
)
def test_identity_token_that_proves_too_little_is_refused(stack: Stack, claims: dict[str, Any]) -> None:
    """Another audience, an old token, another issuer and an unverified address open no session."""
    refused = exchange(stack, GoogleAccount(stack, "eve@shop.example").identity_token(**claims))
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")


def test_forged_identity_token_is_refused(stack: Stack) -> None:
    """A token whose signature does not fit opens no session."""
    header, claims, _signature = GoogleAccount(stack, "ann@shop.example").identity_token().split(".")
    assert exchange(stack, f"{header}.{claims}.c2lnbmF0dXJl").status_code == 401
    assert exchange(stack, "no token at all").status_code == 401


def test_revoked_token_opens_nothing(merchant: Merchant) -> None:
    """After signing out the token is worthless at once."""
    assert merchant.http.post("/v1/token/revoke").status_code == 204
    refused = merchant.http.get("/v1/me")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_session_ends_with_its_time(merchant: Merchant, settings: Settings) -> None:
    """An expired session is refused by the clock, though its document is still there."""
    header = {"Authorization": f"Bearer {merchant.token}"}

    def status_after(seconds: float) -> int:
        app = create_app(settings, clock=lambda: utc_now() + timedelta(seconds=seconds))
        return app.test_client().get("/v1/me", headers=header).status_code

    assert status_after(settings.session_ttl_s - 300) == 200
    assert status_after(settings.session_ttl_s + 1) == 401


def test_token_is_stored_as_its_hash_only(documents: firestore.Client, merchant: Merchant) -> None:
    """Whoever reads the database finds no token that opens a session."""
    session = documents.collection("sessions").document(hashlib.sha256(merchant.token.encode()).hexdigest())
    stored = session.get().to_dict()
    assert stored is not None
    assert stored["tenant_id"] == merchant.tenant_id
    assert merchant.token not in repr(stored)
