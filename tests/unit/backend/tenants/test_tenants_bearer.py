import pytest

from backend.errors import NotAuthenticated
from backend.tenants.service import bearer_token


@pytest.mark.parametrize("header", ["Bearer abc", "bearer abc", "Bearer  abc "])
def test_bearer_token_is_read(header: str) -> None:
    """The scheme's case does not matter (RFC 9110)."""
    assert bearer_token(header) == "abc"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_anything_else_is_no_token(header: str | None) -> None:
    """A request without a bearer token is not signed in."""
    with pytest.raises(NotAuthenticated):
        bearer_token(header)
