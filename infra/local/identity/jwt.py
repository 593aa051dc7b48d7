"""JSON Web Tokens signed with RS256, as Google's are."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


@dataclass(frozen=True)
class ParsedToken:
    """A token taken apart; nothing in it is believed until `is_signed_by`."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes

    @classmethod
    def parse(cls, token: str) -> Self:
        """Raises ValueError for anything but three base64url parts of which two are JSON objects."""
        header, claims, signature = token.split(".")
        parsed = cls(
            header=json.loads(_decode(header)),
            claims=json.loads(_decode(claims)),
            signed=f"{header}.{claims}".encode(),
            signature=_decode(signature),
        )
        if not (isinstance(parsed.header, dict) and isinstance(parsed.claims, dict)):
            raise ValueError("header and claims must be JSON objects")  # noqa: TRY004 - parse fails in one way only
        return parsed

    def is_signed_by(self, public_key: rsa.RSAPublicKey) -> bool:
        try:
            public_key.verify(self.signature, self.signed, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True


def sign(claims: Mapping[str, Any], *, key: rsa.RSAPrivateKey, key_id: str) -> str:
    header = {"alg": "RS256", "kid": key_id, "typ": "JWT"}
    signed = ".".join(_encode(json.dumps(part).encode()) for part in (header, dict(claims)))
    return f"{signed}.{_encode(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def encode_number(number: int) -> str:
    """Base64url of the big-endian bytes: how a JSON Web Key writes its modulus and exponent."""
    return _encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
