from datetime import UTC, datetime, timedelta

from backend.tenants.model import TOKEN_BYTES, Session, hash_token, new_token, tenant_id_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def session(**changes: object) -> Session:
    return Session(id="s", tenant_id="t", member_id="m", expires_at=NOW + timedelta(hours=1)).model_copy(update=changes)


def test_session_is_open_until_it_expires() -> None:
    """The last instant is the one before expires_at."""
    assert session().is_open(NOW)
    assert session().is_open(NOW + timedelta(minutes=59, seconds=59))
    assert not session().is_open(NOW + timedelta(hours=1))


def test_revoked_session_is_closed() -> None:
    """Whatever time it had left."""
    assert not session(revoked_at=NOW).is_open(NOW)


def test_tokens_are_long_and_never_alike() -> None:
    """32 random bytes, which base64 makes 43 characters."""
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == -(-TOKEN_BYTES * 8 // 6) for token in tokens)


def test_hash_is_sha256() -> None:
    """The well-known value of the empty text, so that stored sessions stay readable."""
    assert hash_token("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_person_has_one_tenant_id() -> None:
    """The same for one subject, another for another."""
    assert tenant_id_of("1") == tenant_id_of("1") != tenant_id_of("2")
