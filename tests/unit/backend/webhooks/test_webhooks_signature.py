"""Whose webhooks are believed."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.webhooks.signature import is_signed

BODY = b'{"id":1234567890,"email":"customer@example.com","total_price":"123.45"}'
SECRET = "test-webhook-secret"
SIGNATURE = "QNyObTlKbMx2qDlPF/ZOZcBqg5OgPg+2oky3zldc0Gw="
"""A vector published with SQLPage's example of Shopify webhooks."""


def signed(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def test_published_vector() -> None:
    """What others compute for this body and this secret is what is accepted."""
    assert is_signed(BODY, SIGNATURE, secrets=[SECRET])


@pytest.mark.parametrize("secrets", [["new", SECRET], [SECRET, "old"]])
def test_current_and_previous_secret_count(secrets: list[str]) -> None:
    """Nothing is lost while a secret is replaced."""
    assert is_signed(BODY, SIGNATURE, secrets=secrets)


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        (BODY + b" ", SIGNATURE),
        (BODY, signed(BODY, "another")),
        (BODY, SIGNATURE.rstrip("=")),
        (BODY, hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()),
        (BODY, ""),
        (BODY, "\u00e9"),
    ],
)
def test_anything_else_is_refused(body: bytes, signature: str) -> None:
    """One byte more, another secret, another writing of the same digest, or no signature at all."""
    assert not is_signed(body, signature, secrets=[SECRET])


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=199), st.integers(min_value=1, max_value=255))
def test_every_byte_counts(body: bytes, place: int, change: int) -> None:
    """A body that was changed anywhere is not the one that was signed."""
    other = bytearray(body or b"x")
    other[place % len(other)] ^= change
    assert not is_signed(bytes(other), signed(body or b"x", SECRET), secrets=[SECRET])
