"""The one place where failures of the Sheets API become ours."""

import json
import random
from typing import Any

import msgspec
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.errors import HttpError

from backend.errors import (
    ConsentMissing,
    NotShared,
    Protected,
    RateLimited,
    RetriableError,
    SpreadsheetGone,
    TabkeeperError,
    TokenRevoked,
    UpstreamUnavailable,
    WorkbookFull,
)

MAX_BACKOFF_S = 64.0


class OutcomeUnclear(RetriableError):
    """Google did not say whether the change was made; the tab is read again before anything else is written."""

    code = "outcome_unclear"


class BadCoordinates(RetriableError):
    """The tab changed between reading and writing, so that the change no longer fits; nothing was written."""

    code = "coordinates_outdated"


class QuotaExceeded(RateLimited):
    """Google allows only so many calls to spreadsheets in a minute, and all are used up.

    `whole_project`: for all of our users, not for this one only.
    """

    def __init__(self, *, retry_after_s: float = 0.0, whole_project: bool = False, detail: str) -> None:
        super().__init__(retry_after_s=retry_after_s, detail=detail)
        self.whole_project = whole_project


def backoff_s(attempt: int) -> float:
    """1, 2, 4, … seconds with as much again by chance: Google asks for truncated exponential back-off with jitter."""
    longest = min(MAX_BACKOFF_S, 2.0 ** (attempt - 1))
    return longest * (1 + random.random())  # noqa: S311 - jitter


def translated(error: Exception, *, writing: bool) -> TabkeeperError:
    """What we must do about a failed call; whatever may have been applied is OutcomeUnclear when writing."""
    if isinstance(error, TabkeeperError):
        return error
    if isinstance(error, HttpError):
        return _refused(error, writing=writing)
    if isinstance(error, RefreshError) and not error.retryable:
        return TokenRevoked(detail=str(error))
    if isinstance(error, GoogleAuthError | requests.ConnectTimeout):  # before the call itself was sent
        return UpstreamUnavailable(detail=str(error))
    if isinstance(error, requests.RequestException | OSError | msgspec.DecodeError):  # or an answer that is none
        return OutcomeUnclear(detail=str(error)) if writing else UpstreamUnavailable(detail=str(error))
    raise error


def _refused(error: HttpError, *, writing: bool) -> TabkeeperError:
    """A 403 can be quota or permission: the status and the reasons tell, not the code alone."""
    status = int(error.resp.status)
    told = _google_error(error)
    message = str(told.get("message", ""))
    reasons = {detail.get("reason") for detail in told.get("details", []) if isinstance(detail, dict)}
    if status == 429 or told.get("status") == "RESOURCE_EXHAUSTED" or "RATE_LIMIT_EXCEEDED" in reasons:
        of_project = "per minute" in message and "per user" not in message
        return QuotaExceeded(retry_after_s=_retry_after_s(error), whole_project=of_project, detail=message)
    if status >= 500:
        return OutcomeUnclear(detail=message) if writing else UpstreamUnavailable(detail=message)
    if "protected cell or object" in message:
        return Protected(detail=message)
    if "above the limit of 10000000 cells" in message:
        return WorkbookFull(detail=message)
    if status == 403:
        missing_scope = "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons
        return ConsentMissing(detail=message) if missing_scope else NotShared(detail=message)
    by_status: dict[int, type[TabkeeperError]] = {404: SpreadsheetGone, 401: TokenRevoked}
    return by_status.get(status, BadCoordinates)(detail=f"{status}: {message}")


def _google_error(error: HttpError) -> dict[str, Any]:
    try:
        told = json.loads(error.content)["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return told if isinstance(told, dict) else {}


def _retry_after_s(error: HttpError) -> float:
    try:
        return float(error.resp.get("retry-after", 0))
    except ValueError:
        return 0.0
