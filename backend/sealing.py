"""Secrets at rest: sealed for one place, so that a sealed secret copied to another document does not open."""

import base64
import binascii
import os
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.errors import ConfigurationError

KEY_BYTES = 32
NONCE_BYTES = 12
_FORMAT = b"\x01"


class Sealer:
    """AES-256-GCM. A sealed secret is one byte of format, a random nonce, the ciphertext and its tag."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ConfigurationError(f"The envelope key has {len(key)} bytes instead of {KEY_BYTES}.")
        self._cipher = AESGCM(key)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Raises ConfigurationError when the file is missing or is not 32 bytes in base64."""
        try:
            return cls(base64.b64decode(path.read_bytes().strip(), validate=True))
        except OSError as error:
            raise ConfigurationError(f"TABKEEPER_ENVELOPE_KEY_FILE cannot be read: {error.strerror}.") from error
        except binascii.Error as error:
            raise ConfigurationError("TABKEEPER_ENVELOPE_KEY_FILE does not hold base64.") from error

    def seal(self, secret: str, *, place: str) -> bytes:
        """`place` names the document that will hold the secret: tenant and id."""
        nonce = os.urandom(NONCE_BYTES)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, secret.encode(), _FORMAT + place.encode())

    def unseal(self, sealed: bytes, *, place: str) -> str:
        """Raises ConfigurationError when the key is not the one that sealed it, or it was sealed for another place."""
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, ciphertext, sealed[:1] + place.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise ConfigurationError(
                "TABKEEPER_ENVELOPE_KEY_FILE does not open a stored secret.", detail=f"place {place}"
            ) from error
