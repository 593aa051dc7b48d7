"""What an answer of the Admin API means: the data, or the error that says what to do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

import httpx

from backend.errors import (
    ConnectionRefused,
    RateLimited,
    ScopeMissing,
    SourceBroken,
    TabkeeperError,
    UpstreamUnavailable,
)

Json: TypeAlias = Mapping[str, Any]

DEFAULT_RETRY_AFTER_S = 2.0
_MAX_DETAIL = 500
_REFUSALS = {
    HTTPStatus.UNAUTHORIZED: "The shop no longer accepts our access. Connect the shop again.",
    HTTPStatus.FORBIDDEN: "The shop no longer accepts our access. Connect the shop again.",
    HTTPStatus.PAYMENT_REQUIRED: "The shop is frozen: its owner has to settle the bill with Shopify.",
    HTTPStatus.NOT_FOUND: "There is no Shopify shop at this address. Check the address and connect the shop again.",
    HTTPStatus.LOCKED: "Shopify has locked the shop: its owner has to talk to Shopify's support.",
}
_PASSING = {"INTERNAL_SERVER_ERROR", "TIMEOUT"}


@dataclass(frozen=True, slots=True)
class Cost:
    """In points, as the answer told. The bucket gains `restore_rate` points a second."""

    requested: float
    available: float
    restore_rate: float

    @property
    def wait_s(self) -> float:
        """How long until as much as was asked for is there again."""
        return max(0.0, (self.requested - self.available) / self.restore_rate) if self.restore_rate > 0 else 0.0


class Throttled(RateLimited):
    """The shop lets no more calls in for a moment."""

    def __init__(self, cost: Cost | None, *, detail: str) -> None:
        super().__init__(retry_after_s=cost.wait_s if cost else DEFAULT_RETRY_AFTER_S, detail=detail)
        self.cost = cost


@dataclass(frozen=True, slots=True)
class Answer:
    data: Json
    cost: Cost | None


def read_answer(response: httpx.Response) -> Answer:
    """Raises what must be done instead when there is no data, or only a part of it."""
    if response.status_code != HTTPStatus.OK:
        raise _refusal(response)
    try:
        body = response.json()
        cost = _cost(body)
        errors = body.get("errors")
        data = body.get("data")
    except (ValueError, AttributeError, KeyError, TypeError) as error:
        raise SourceBroken(detail="the answer is no GraphQL answer") from error
    if errors:
        raise _failure(errors, cost)
    if not isinstance(data, dict):
        raise SourceBroken(detail="the answer holds neither data nor errors")
    return Answer(data, cost)


def part(data: Json, *path: str) -> Any:
    """What lies at the path. Raises SourceBroken where something on the way is missing or null."""
    found: Any = data
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
        if found is None:
            raise SourceBroken(detail=f"the answer has no {'.'.join(path)}")
    return found


def _refusal(response: httpx.Response) -> TabkeeperError:
    status = response.status_code
    detail = f"HTTP {status}, request {response.headers.get('X-Request-Id', 'unknown')}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(retry_after_s=_retry_after_s(response), detail=detail)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return UpstreamUnavailable(detail=detail)
    if status in _REFUSALS:
        return ConnectionRefused(_REFUSALS[HTTPStatus(status)], detail=detail)
    return SourceBroken(detail=detail)


def _retry_after_s(response: httpx.Response) -> float:
    try:
        return max(0.0, float(response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return DEFAULT_RETRY_AFTER_S


def _cost(body: Json) -> Cost | None:
    cost = body.get("extensions", {}).get("cost")
    if cost is None:
        return None
    status = cost["throttleStatus"]
    return Cost(
        requested=float(cost["requestedQueryCost"]),
        available=float(status["currentlyAvailable"]),
        restore_rate=float(status["restoreRate"]),
    )


def _failure(errors: object, cost: Cost | None) -> TabkeeperError:
    told = [error for error in errors if isinstance(error, dict)] if isinstance(errors, Sequence) else []
    codes = {error.get("extensions", {}).get("code"): error for error in told}
    detail = "; ".join(str(error.get("message", "")) for error in told)[:_MAX_DETAIL] or str(errors)[:_MAX_DETAIL]
    if "THROTTLED" in codes:
        return Throttled(cost, detail=detail)
    if "ACCESS_DENIED" in codes:
        return _scope_missing(codes["ACCESS_DENIED"], detail)
    if not _PASSING.isdisjoint(codes):
        return UpstreamUnavailable(detail=detail)
    return SourceBroken(detail=detail)


def _scope_missing(error: Json, detail: str) -> ScopeMissing:
    """The published form of requiredAccess is "`read_customers` access scope."."""
    required = str(error.get("extensions", {}).get("requiredAccess") or error.get("message", ""))
    scopes = re.findall(r"\b(?:read|write)_[a-z_]+", required)
    if not scopes:
        return ScopeMissing(detail=detail)
    return missing_scope(scopes[0], detail=detail)


def missing_scope(scope: str, *, detail: str = "") -> ScopeMissing:
    return ScopeMissing(
        f"The shop has not given the permission {scope}. Connect the shop again and allow it.", detail=detail
    )
