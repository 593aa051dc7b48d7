import pytest
from google.auth.exceptions import RefreshError, TransportError

from backend.accounts.google import refresh_failure
from backend.accounts.model import account_id
from backend.errors import ConfigurationError, TabkeeperError, TokenRevoked, UpstreamUnavailable


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("invalid_grant", TokenRevoked),
        ("invalid_client", ConfigurationError),
        ("unauthorized_client", ConfigurationError),
        ("internal_failure", UpstreamUnavailable),
    ],
)
def test_refusal_says_who_must_act(answer: str, kind: type[TabkeeperError]) -> None:
    """A revoked token is the merchant's, a wrong client ours, and the rest passes."""
    new_error = RefreshError(f"{answer}: why", {"error": answer, "error_description": "why"})  # type: ignore[no-untyped-call]
    assert type(refresh_failure(new_error)) is kind


def test_silence_is_a_passing_failure() -> None:
    """No answer at all is tried again."""
    assert type(refresh_failure(TransportError("timed out"))) is UpstreamUnavailable  # type: ignore[no-untyped-call]


def test_account_id_is_the_persons_within_the_tenant() -> None:
    """The same person linked twice is one account; two tenants know nothing of each other."""
    assert account_id("ten_1", "sub") == account_id("ten_1", "sub")
    assert len({account_id("ten_1", "sub"), account_id("ten_2", "sub"), account_id("ten_1", "other")}) == 3
