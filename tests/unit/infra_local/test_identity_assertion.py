from typing import Any

import pytest

from infra.local.identity.assertion import GOOGLE_TOKEN_ENDPOINT, Assertion, verify_assertion
from infra.local.identity.errors import OAuthError
from infra.local.identity.jwt import ParsedToken, sign
from infra.local.identity.rsa_key import generate_key, public_pem

NOW = 1_800_000_000
BOT = "bot@tabkeeper.iam.gserviceaccount.com"
KEY = generate_key()
CLAIMS: dict[str, Any] = {"iss": BOT, "aud": GOOGLE_TOKEN_ENDPOINT, "iat": NOW, "exp": NOW + 3600, "scope": "a b"}


def verify(*, key_id: str = "k1", **claims: Any) -> Assertion:
    return verify_assertion(
        sign({**CLAIMS, **claims}, key=KEY, key_id=key_id),
        public_keys_of=lambda email: {"k1": public_pem(KEY)} if email == BOT else {},
        token_endpoint="http://127.0.0.1:1/token",
        now=NOW,
    )


def test_assertion_for_google_or_for_this_endpoint_is_accepted() -> None:
    """google-auth addresses its assertions to Google whatever the token_uri; others address the endpoint itself."""
    assert verify() == Assertion(BOT, ("a", "b"), None)
    assert verify(aud="http://127.0.0.1:1/token", target_audience="api").target_audience == "api"


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"aud": "https://elsewhere"}, "audience"),
        ({"iat": NOW + 900, "exp": NOW + 1800}, "reasonable timeframe"),
        ({"iat": NOW - 4000, "exp": NOW - 400}, "reasonable timeframe"),
        ({"exp": NOW + 3601}, "reasonable timeframe"),
        ({"iat": "now"}, "reasonable timeframe"),
        ({"iss": "stranger@x"}, "account not found"),
        ({"key_id": "k2"}, "Invalid JWT Signature"),
        ({"sub": "ann@shop.example"}, "unauthorized"),
    ],
)
def test_assertion_that_proves_nothing_is_refused(claims: dict[str, Any], error: str) -> None:
    """Wrong audience, age, issuer, key or impersonation: each has Google's wording."""
    with pytest.raises(OAuthError, match=error):
        verify(**claims)


def test_altered_claims_are_noticed() -> None:
    """A signature holds for the very bytes that were signed."""
    header, _, signature = sign(CLAIMS, key=KEY, key_id="k1").split(".")
    _, other_claims, _ = sign({**CLAIMS, "scope": "everything"}, key=KEY, key_id="k1").split(".")
    assert not ParsedToken.parse(f"{header}.{other_claims}.{signature}").is_signed_by(KEY.public_key())


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "e30.e30", "W10.W10.", "....", "é.é.é"])
def test_what_is_no_token_is_refused(token: str) -> None:
    """Garbage is a bad request, not a crash."""
    with pytest.raises(OAuthError, match="Bad Request"):
        verify_assertion(token, public_keys_of=lambda _: {}, token_endpoint="", now=NOW)
