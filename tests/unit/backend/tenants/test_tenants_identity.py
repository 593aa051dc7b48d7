"""Verified identity tokens, with certificates from a transport instead of a socket."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from google.auth import crypt, jwt
from google.auth.transport import Request, Response

from backend.errors import NotAuthenticated, UpstreamUnavailable
from backend.tenants.certificates import CachedCertificates
from backend.tenants.identity import Identity, IdentityVerifier

AUDIENCE = "sidebar.apps.googleusercontent.com"
START = datetime(2026, 1, 1, tzinfo=UTC)


class Certificates(Request):
    """Google's certificate endpoint, which counts how often it is asked."""

    def __init__(self, pem: str) -> None:
        self.pem = pem
        self.status = 200
        self.asked = 0

    def __call__(self, url: str, *_args: Any, **_options: Any) -> Response:
        del url
        self.asked += 1
        return Answer(self.status, json.dumps({"key-1": self.pem}).encode())


class Answer(Response):
    def __init__(self, status: int, data: bytes) -> None:
        self._status = status
        self._data = data

    @property
    def status(self) -> int:
        return self._status

    @property
    def headers(self) -> dict[str, str]:
        return {"Cache-Control": "public, max-age=600, must-revalidate"}

    @property
    def data(self) -> bytes:
        return self._data


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def certificates(key: rsa.RSAPrivateKey) -> Certificates:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "issuer")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return Certificates(certificate.public_bytes(serialization.Encoding.PEM).decode())


@pytest.fixture
def signed(key: rsa.RSAPrivateKey) -> Callable[..., str]:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    signer: Any = crypt.RSASigner.from_string(pem, "key-1")  # type: ignore[no-untyped-call]

    def sign(**changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://accounts.google.com",
            "aud": AUDIENCE,
            "sub": "1122334455",
            "email": "ann@shop.example",
            "email_verified": True,
            "iat": now,
            "exp": now + 3600,
        } | changes
        encode: Any = jwt.encode
        return str(encode(signer, {name: value for name, value in claims.items() if value is not None}).decode())

    return sign


def verifier(certificates: Request) -> IdentityVerifier:
    return IdentityVerifier(certs_url="https://certs.example", transport=certificates)


def test_google_vouches_for_a_person(certificates: Certificates, signed: Callable[..., str]) -> None:
    """The subject is the key, the address is for showing."""
    identity = verifier(certificates).verify(signed(), audience=AUDIENCE)
    assert identity == Identity(subject="1122334455", email="ann@shop.example")


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another.apps.googleusercontent.com"},
        {"iss": "https://evil.example"},
        {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
        {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 7200},
        {"email": None},
        {"email_verified": None},
        {"email_verified": "true"},
        {"sub": None},
    ],
)
def test_token_that_proves_too_little_is_refused(
    certificates: Certificates, signed: Callable[..., str], claims: dict[str, Any]
) -> None:
    """Everything that a token must say is looked at."""
    with pytest.raises(NotAuthenticated):
        verifier(certificates).verify(signed(**claims), audience=AUDIENCE)


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "é", "e30.e30.e30"])
def test_what_is_no_token_is_refused(certificates: Certificates, token: str) -> None:
    """Garbage is refused like a wrong token."""
    with pytest.raises(NotAuthenticated):
        verifier(certificates).verify(token, audience=AUDIENCE)


def test_missing_certificates_are_a_passing_failure(certificates: Certificates, signed: Callable[..., str]) -> None:
    """Nobody is told to sign in again because Google did not answer."""
    certificates.status = 503
    with pytest.raises(UpstreamUnavailable):
        verifier(certificates).verify(signed(), audience=AUDIENCE)


def test_certificates_are_fetched_once_while_they_hold(certificates: Certificates) -> None:
    """Google's max-age is honoured to the second, and a failure is not kept."""
    now = START
    cached = CachedCertificates(certificates, clock=lambda: now)
    certificates.status = 500
    cached("https://certs.example")
    certificates.status = 200
    cached("https://certs.example")
    cached("https://certs.example")
    assert certificates.asked == 2
    now = START + timedelta(seconds=600)
    cached("https://certs.example")
    assert certificates.asked == 3
