"""Signing in and out through HTTP."""

import httpx

from tests.e2e.conftest import Stack


def test_identity_token_is_exchanged_for_a_session(stack: Stack) -> None:
    """Whoever Google vouches for gets a token with which the API knows them."""
    token = stack.identity_token("ann@shop.example")
    opened = httpx.post(f"{stack.api}/v1/token", json={"identity_token": token})
    assert opened.status_code == 200, opened.text
    me = httpx.get(f"{stack.api}/v1/me", headers={"Authorization": f"Bearer {opened.json()['token']}"})
    assert me.json()["member"]["email"] == "ann@shop.example"
    assert me.json()["tenant"]["id"] == opened.json()["tenant"]["id"]
