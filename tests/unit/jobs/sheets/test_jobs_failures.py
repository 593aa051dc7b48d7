"""What Google and the network say, and what we must do about it."""

import json
from typing import Any

import httplib2
import msgspec
import pytest
import requests
from google.auth.exceptions import RefreshError, TransportError
from googleapiclient.errors import HttpError

from backend.errors import (
    ConsentMissing,
    LeaseLost,
    NotShared,
    Protected,
    SpreadsheetGone,
    TabkeeperError,
    TokenRevoked,
    UpstreamUnavailable,
    WorkbookFull,
)
from jobs.sheets.failures import MAX_BACKOFF_S, BadCoordinates, OutcomeUnclear, QuotaExceeded, backoff_s, translated

QUOTA_MESSAGE = (
    "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service "
    "'sheets.googleapis.com' for consumer 'project_number:1'."
)
USER_LIMIT = "Write requests per minute per user"
QUOTA_DETAILS = [
    {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {"quota_limit": "WriteRequestsPerMinutePerUser"},
    }
]
SCOPE_DETAILS = [
    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
    {"@type": "type.googleapis.com/google.rpc.Help"},
]
FULL = "This action would increase the number of cells in the workbook above the limit of 10000000 cells."
PROTECTED = (
    "Invalid requests[0].updateCells: You are trying to edit a protected cell or object. Please contact the "
    "spreadsheet owner to remove protection if you need to edit."
)
NO_TOKEN_SERVER = TransportError("no answer")  # type: ignore[no-untyped-call]


def http_error(code: int, message: str = "", *, headers: dict[str, str] | None = None, **told: Any) -> HttpError:
    body = {"error": {"code": code, "message": message} | told}
    return HttpError(httplib2.Response({"status": str(code)} | (headers or {})), json.dumps(body).encode())


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (http_error(429, QUOTA_MESSAGE, status="RESOURCE_EXHAUSTED", details=QUOTA_DETAILS), QuotaExceeded),
        (http_error(429), QuotaExceeded),
        (http_error(403, QUOTA_MESSAGE, status="RESOURCE_EXHAUSTED"), QuotaExceeded),
        (http_error(403, QUOTA_MESSAGE, status="PERMISSION_DENIED", details=QUOTA_DETAILS), QuotaExceeded),
        (http_error(403, "The caller does not have permission", status="PERMISSION_DENIED"), NotShared),
        (http_error(403, "Insufficient scopes.", status="PERMISSION_DENIED", details=SCOPE_DETAILS), ConsentMissing),
        (http_error(401, "Request had invalid credentials.", status="UNAUTHENTICATED"), TokenRevoked),
        (http_error(404, "Requested entity was not found.", status="NOT_FOUND"), SpreadsheetGone),
        (http_error(400, PROTECTED, status="INVALID_ARGUMENT"), Protected),
        (http_error(400, f"Invalid requests[1].appendDimension: {FULL}", status="INVALID_ARGUMENT"), WorkbookFull),
        (http_error(400, "Range (X!A1017) exceeds grid limits.", status="INVALID_ARGUMENT"), BadCoordinates),
        (http_error(400, "Unable to parse range: Orders!A1", status="INVALID_ARGUMENT"), BadCoordinates),
    ],
)
@pytest.mark.parametrize("writing", [True, False])
def test_answer_of_google_says_what_to_do(error: HttpError, meaning: type[TabkeeperError], writing: bool) -> None:
    """A 403 can be quota or permission: its status and reasons tell, not its code. Nothing was applied in any."""
    failure = translated(error, writing=writing)
    assert type(failure) is meaning
    assert error.reason in failure.detail


@pytest.mark.parametrize(
    "error",
    [
        http_error(500, "Internal error encountered.", status="INTERNAL"),
        http_error(503, "The service is currently unavailable.", status="UNAVAILABLE"),
        HttpError(httplib2.Response({"status": "502"}), b"<html>Bad Gateway</html>"),
        requests.ReadTimeout("timed out"),
        requests.ConnectionError("reset by peer"),
        ConnectionResetError("reset by peer"),
        TimeoutError("timed out"),
        msgspec.DecodeError("Input data was truncated"),
        msgspec.ValidationError("Object missing required field `updatedSpreadsheet`"),
    ],
)
def test_write_that_may_have_been_applied_is_unclear(error: Exception) -> None:
    """A read that failed alike is simply made again."""
    assert type(translated(error, writing=True)) is OutcomeUnclear
    assert type(translated(error, writing=False)) is UpstreamUnavailable


@pytest.mark.parametrize("error", [requests.ConnectTimeout("no answer"), NO_TOKEN_SERVER])
@pytest.mark.parametrize("writing", [True, False])
def test_write_that_was_never_sent_is_not_unclear(error: Exception, writing: bool) -> None:
    """There was no connection, or no token to send it with."""
    assert type(translated(error, writing=writing)) is UpstreamUnavailable


@pytest.mark.parametrize(("retryable", "meaning"), [(False, TokenRevoked), (True, UpstreamUnavailable)])
def test_refused_refresh_is_told_apart_from_a_failed_one(retryable: bool, meaning: type[TabkeeperError]) -> None:
    """The merchant links the account again only when Google says that the token is no good."""
    error = RefreshError("invalid_grant", retryable=retryable)  # type: ignore[no-untyped-call]
    assert type(translated(error, writing=True)) is meaning


@pytest.mark.parametrize(
    ("headers", "seconds"), [({"retry-after": "7"}, 7.0), ({}, 0.0), ({"retry-after": "Wed, 21 Oct 2026"}, 0.0)]
)
def test_time_that_google_asks_to_wait_is_kept(headers: dict[str, str], seconds: float) -> None:
    """0 where it says nothing that we understand: then the back-off decides."""
    failure = translated(http_error(429, headers=headers), writing=True)
    assert isinstance(failure, QuotaExceeded)
    assert failure.retry_after_s == seconds


@pytest.mark.parametrize(
    ("limit", "whole_project"),
    [
        ("Write requests per minute per user", False),
        ("Read requests per minute", True),
        ("Read requests per user per 100 seconds", False),
    ],
)
def test_whose_quota_is_used_up_is_told_apart(limit: str, whole_project: bool) -> None:
    """One user's, or that of all users together."""
    failure = translated(http_error(429, QUOTA_MESSAGE.replace(USER_LIMIT, limit)), writing=True)
    assert isinstance(failure, QuotaExceeded)
    assert failure.whole_project is whole_project


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"\xff", b'{"error": "denied"}', b'{"error": null}'])
def test_answer_without_googles_form_is_understood_by_its_code(content: bytes) -> None:
    """Something between us and Google may answer, too."""
    answers = [HttpError(httplib2.Response({"status": status}), content) for status in ("403", "404", "418")]
    found = [type(translated(error, writing=True)) for error in answers]
    assert found == [NotShared, SpreadsheetGone, BadCoordinates]


def test_our_own_errors_pass() -> None:
    """What a pause or the lease raised stays what it is."""
    lost = LeaseLost()
    assert translated(lost, writing=True) is lost


def test_mistakes_of_ours_are_not_hidden() -> None:
    """A programming error is no failure of Google's."""
    with pytest.raises(ZeroDivisionError):
        translated(ZeroDivisionError(), writing=True)


@pytest.mark.parametrize("attempt", range(1, 12))
def test_back_off_doubles_up_to_a_limit_with_chance(attempt: int) -> None:
    """At least its own time, at most twice that, and not everybody at once."""
    own = min(MAX_BACKOFF_S, 2.0 ** (attempt - 1))
    waits = {backoff_s(attempt) for _ in range(20)}
    assert all(own <= wait <= 2 * own for wait in waits)
    assert len(waits) > 1
