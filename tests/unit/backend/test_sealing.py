"""Secrets at rest."""

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import ConfigurationError
from backend.sealing import KEY_BYTES, Sealer

KEY = bytes(range(KEY_BYTES))
text = st.text(st.characters(exclude_categories=["Cs"]))


@given(secret=text, place=text)
def test_sealed_secret_opens_at_its_place(secret: str, place: str) -> None:
    """What was sealed comes back whole."""
    sealer = Sealer(KEY)
    assert sealer.unseal(sealer.seal(secret, place=place), place=place) == secret


def test_sealed_secret_does_not_open_elsewhere() -> None:
    """A sealed secret that is copied to another tenant's document is worthless there."""
    sealer = Sealer(KEY)
    sealed = sealer.seal("token", place="ten_1/accounts/acc_1")
    with pytest.raises(ConfigurationError):
        sealer.unseal(sealed, place="ten_2/accounts/acc_1")


@given(st.integers(min_value=0, max_value=33), st.integers(min_value=1, max_value=255))
def test_changed_byte_is_noticed(position: int, change: int) -> None:
    """Format, nonce, ciphertext and tag are all covered."""
    sealer = Sealer(KEY)
    sealed = bytearray(sealer.seal("token", place="p"))
    sealed[position] ^= change
    with pytest.raises(ConfigurationError):
        sealer.unseal(bytes(sealed), place="p")


def test_same_secret_is_sealed_differently_each_time() -> None:
    """Nobody sees in the database that two secrets are equal."""
    sealer = Sealer(KEY)
    assert sealer.seal("token", place="p") != sealer.seal("token", place="p")


def test_another_key_opens_nothing() -> None:
    """The error names the setting, not the secret."""
    sealed = Sealer(KEY).seal("token", place="p")
    with pytest.raises(ConfigurationError, match="TABKEEPER_ENVELOPE_KEY_FILE"):
        Sealer(bytes(KEY_BYTES)).unseal(sealed, place="p")


@pytest.mark.parametrize("content", [b"", b"not base64!", base64.b64encode(b"too short")])
def test_wrong_key_file_is_told_at_the_start(tmp_path: Path, content: bytes) -> None:
    """A key that is no key never seals anything."""
    file = tmp_path / "key"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError):
        Sealer.from_file(file)


def test_missing_key_file_is_told_at_the_start(tmp_path: Path) -> None:
    """The setting is named."""
    with pytest.raises(ConfigurationError, match="TABKEEPER_ENVELOPE_KEY_FILE"):
        Sealer.from_file(tmp_path / "nothing")
