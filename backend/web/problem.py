"""Errors as application/problem+json (RFC 9457): one table from what happened to what the caller is told."""

from google.api_core.exceptions import (
    Aborted,
    DeadlineExceeded,
    GoogleAPICallError,
    InternalServerError,
    ResourceExhausted,
    RetryError,
    ServiceUnavailable,
)
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from backend.errors import (
    NeedsAttention,
    RequestError,
    RetriableError,
    SourceBroken,
    TabkeeperError,
    UpstreamUnavailable,
)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5.0
_PASSING = (Aborted, DeadlineExceeded, InternalServerError, ResourceExhausted, RetryError, ServiceUnavailable)


class Problem(BaseModel):
    """Why a request was not carried out."""

    type: str
    title: str
    status: int
    detail: str
    """A sentence fit for a merchant."""
    code: str
    """Stable; what a program decides by."""
    retriable: bool = False
    """The same request may succeed later."""
    fields: dict[str, str] | None = None
    """Each wrong field by its path (`columns.2.type`), and why."""
    current_version: int | None = None
    """The version to read and to name in the repeated change."""


def problem(error: TabkeeperError) -> Problem:
    status = _status(error)
    return Problem(
        type=f"urn:tabkeeper:problem:{error.code}",
        title=HTTP_STATUS_CODES[status],
        status=status,
        detail=error.message,
        code=error.code,
        retriable=error.retriable,
        fields=getattr(error, "fields", None) or None,
        current_version=getattr(error, "current_version", None),
    )


def http_problem(error: HTTPException) -> Problem:
    """What Flask itself refuses: an unknown address, a method that is not there, a body that is too large."""
    status = error.code or 500
    code = error.name.lower().replace(" ", "_")
    return Problem(
        type=f"urn:tabkeeper:problem:{code}",
        title=HTTP_STATUS_CODES[status],
        status=status,
        detail=error.description or error.name,
        code=code,
    )


def translated(error: Exception) -> TabkeeperError:
    """An error of Firestore or Cloud Tasks that nobody expected, or a defect of ours, as one of our own.

    A transaction that lost every attempt arrives as a ValueError caused by Aborted.
    """
    origin = error if isinstance(error, GoogleAPICallError | RetryError) else error.__cause__
    if isinstance(origin, _PASSING):
        return UpstreamUnavailable("We could not reach our own storage; please try again.", detail=str(origin))
    return TabkeeperError(detail=f"{type(error).__name__}")


def retry_after_s(error: TabkeeperError) -> float | None:
    if not isinstance(error, RetriableError):
        return None
    return float(getattr(error, "retry_after_s", 0) or RETRY_AFTER_S)


def _status(error: TabkeeperError) -> int:
    match error:
        case RequestError():
            return error.status
        case RetriableError():
            return 503
        case NeedsAttention():
            return 409
        case SourceBroken():
            return 502
        case _:
            return 500
