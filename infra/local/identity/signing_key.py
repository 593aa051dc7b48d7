import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from infra.local.identity import jwt
from infra.local.identity.rsa_key import generate_key, load_private_key, private_pem
from infra.local.identity.store import Store

VALIDITY = timedelta(days=3650)


class SigningKey:
    """The RSA key behind every identity token, and the certificate that verifiers fetch."""

    def __init__(self, *, key: rsa.RSAPrivateKey, certificate_pem: str) -> None:
        self._key = key
        self._certificate_pem = certificate_pem
        self._key_id = hashlib.sha256(certificate_pem.encode()).hexdigest()[:40]

    @classmethod
    def load_or_generate(cls, store: Store) -> Self:
        with store.transaction() as sql:
            row = sql.execute("SELECT private_pem, certificate_pem FROM signing_key").fetchone()
            if row is not None:
                return cls(key=load_private_key(row["private_pem"]), certificate_pem=row["certificate_pem"])
            key = generate_key()
            certificate_pem = _self_signed_certificate(key)
            sql.execute("INSERT INTO signing_key VALUES (?, ?)", (private_pem(key), certificate_pem))
            return cls(key=key, certificate_pem=certificate_pem)

    @property
    def certificates(self) -> dict[str, str]:
        """Key id to PEM certificate: the shape of Google's /oauth2/v1/certs."""
        return {self._key_id: self._certificate_pem}

    @property
    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The same key as a JSON Web Key Set: the shape of Google's /oauth2/v3/certs."""
        public = self._key.public_key().public_numbers()
        numbers = {"n": jwt.encode_number(public.n), "e": jwt.encode_number(public.e)}
        return {"keys": [{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self._key_id} | numbers]}

    def sign(self, claims: Mapping[str, Any]) -> str:
        return jwt.sign(claims, key=self._key, key_id=self._key_id)


def _self_signed_certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tabkeeper local identity")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALIDITY)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM).decode()
