"""The one table from errors to problem documents."""

import pytest
from google.api_core.exceptions import Aborted, InvalidArgument, ServiceUnavailable

from backend import errors
from backend.errors import (
    ConnectionRefused,
    InvalidInput,
    LeaseLost,
    RateLimited,
    SourceBroken,
    TabkeeperError,
    UpstreamUnavailable,
)
from backend.web.problem import problem, retry_after_s, translated


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidInput(), 422),
        (errors.NotAuthenticated(), 401),
        (errors.NotAuthorized(), 403),
        (errors.NotFound(), 404),
        (errors.Conflict(), 409),
        (RateLimited(), 503),
        (LeaseLost(), 503),
        (ConnectionRefused(), 409),
        (SourceBroken(), 502),
        (TabkeeperError(), 500),
    ],
)
def test_each_kind_of_error_has_its_status(error: TabkeeperError, status: int) -> None:
    """What the caller must do decides the status."""
    told = problem(error)
    assert told.status == status
    assert told.code == error.code
    assert told.detail


def test_wrong_fields_are_told() -> None:
    """Only where there are any."""
    assert problem(InvalidInput(fields={"a.0": "why"})).fields == {"a.0": "why"}
    assert problem(InvalidInput()).fields is None


def test_private_detail_is_not_told() -> None:
    """What is for the log stays there."""
    told = problem(UpstreamUnavailable("Sorry.", detail="10.0.0.7 refused"))
    assert "10.0.0.7" not in told.model_dump_json()


def test_defect_tells_no_internals() -> None:
    """An unknown exception becomes a sentence."""
    told = problem(translated(KeyError("sealed_refresh_token")))
    assert (told.status, told.code) == (500, "internal_error")
    assert "sealed" not in told.model_dump_json()


def test_passing_failure_of_storage_may_be_tried_again() -> None:
    """Also when it comes as the cause of a transaction that lost every attempt."""
    lost = ValueError("Failed to commit transaction in 5 attempts.")
    lost.__cause__ = Aborted("contention")  # type: ignore[no-untyped-call]
    down = ServiceUnavailable("down")  # type: ignore[no-untyped-call]
    for error in (down, lost):
        assert problem(translated(error)).status == 503
    ours = InvalidArgument("ours")  # type: ignore[no-untyped-call]
    assert problem(translated(ours)).status == 500


def test_caller_is_told_how_long_to_wait() -> None:
    """As the other side said, or a little."""
    assert retry_after_s(RateLimited(retry_after_s=42)) == 42
    assert (retry_after_s(UpstreamUnavailable()) or 0) > 0
    assert retry_after_s(errors.NotFound()) is None
