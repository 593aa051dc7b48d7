"""What an answer means."""

from typing import Any

import httpx
import pytest

from backend.errors import (
    ConnectionRefused,
    RateLimited,
    ScopeMissing,
    SourceBroken,
    TabkeeperError,
    UpstreamUnavailable,
)
from backend.platforms.shopify.answer import Cost, part, read_answer

COST = {
    "requestedQueryCost": 400,
    "actualQueryCost": 90,
    "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 150, "restoreRate": 100.0},
}


def answered(body: Any, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers=headers)


def error(code: str, message: str = "no", **extensions: Any) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code, **extensions}}


def test_answer_holds_data_and_cost() -> None:
    """The usual answer: what was asked for, and what it counted."""
    answer = read_answer(answered({"data": {"shop": {"name": "Acme"}}, "extensions": {"cost": COST}}))
    assert answer.data == {"shop": {"name": "Acme"}}
    assert answer.cost == Cost(requested=400, available=150, restore_rate=100)


def test_answer_may_lack_cost() -> None:
    """A cost is no promise of the API."""
    assert read_answer(answered({"data": {}})).cost is None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, ConnectionRefused),
        (402, ConnectionRefused),
        (403, ConnectionRefused),
        (404, ConnectionRefused),
        (423, ConnectionRefused),
        (408, UpstreamUnavailable),
        (429, RateLimited),
        (500, UpstreamUnavailable),
        (502, UpstreamUnavailable),
        (503, UpstreamUnavailable),
        (301, SourceBroken),
        (400, SourceBroken),
    ],
)
def test_status_says_what_to_do(status: int, expected: type[TabkeeperError]) -> None:
    """Each HTTP status is one of: connect again, wait, try again, or broken."""
    with pytest.raises(expected):
        read_answer(answered({"errors": "no"}, status))


@pytest.mark.parametrize(
    ("headers", "wait_s"), [({"Retry-After": "4.0"}, 4.0), ({}, 2.0), ({"Retry-After": "soon"}, 2.0)]
)
def test_too_many_requests_waits_as_told(headers: dict[str, str], wait_s: float) -> None:
    """Retry-After counts seconds; without one a short wait does."""
    with pytest.raises(RateLimited) as caught:
        read_answer(answered({}, 429, **headers))
    assert caught.value.retry_after_s == wait_s


def test_throttled_waits_until_the_points_are_there() -> None:
    """THROTTLED comes with status 200; 250 points are missing and 100 come back each second."""
    body = {"errors": [error("THROTTLED")], "extensions": {"cost": COST | {"actualQueryCost": None}}}
    with pytest.raises(RateLimited) as caught:
        read_answer(answered(body))
    assert caught.value.retry_after_s == 2.5


@pytest.mark.parametrize(
    "denied",
    [
        error("ACCESS_DENIED", "Access denied for customer field.", requiredAccess="`read_customers` access scope."),
        error("ACCESS_DENIED", "Access denied for customer field. Required access: `read_customers` access scope."),
    ],
)
def test_denied_access_names_the_scope(denied: dict[str, Any]) -> None:
    """Part of the data is no data: the merchant reads which permission is missing."""
    with pytest.raises(ScopeMissing, match="read_customers"):
        read_answer(answered({"data": {"orders": None}, "errors": [denied]}))


def test_denied_access_without_a_scope_is_still_told() -> None:
    """Protected customer data has no scope of its own."""
    with pytest.raises(ScopeMissing) as caught:
        read_answer(answered({"data": None, "errors": [error("ACCESS_DENIED", "This app is not approved.")]}))
    assert caught.value.detail == "This app is not approved."


@pytest.mark.parametrize("code", ["INTERNAL_SERVER_ERROR", "TIMEOUT"])
def test_failure_inside_an_answer_passes(code: str) -> None:
    """A failure on Shopify's side may come with status 200."""
    with pytest.raises(UpstreamUnavailable):
        read_answer(answered({"errors": [error(code)]}))


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [error("undefinedField", "Field 'colour' doesn't exist on type 'Order'")]},
        {"errors": [{"message": "Parse error"}]},
        {"errors": "Not Found"},
        {"data": None},
        {"data": []},
        {},
        [],
        "hello",
        {"data": {}, "extensions": {"cost": {"requestedQueryCost": 1}}},
    ],
)
def test_anything_else_is_broken(body: Any) -> None:
    """What is not understood is not guessed at."""
    with pytest.raises(SourceBroken):
        read_answer(answered(body))


def test_text_is_broken() -> None:
    """A proxy's page is no answer."""
    with pytest.raises(SourceBroken):
        read_answer(httpx.Response(200, text="<html>"))


def test_missing_part_is_named() -> None:
    """The log says where in the answer something was missing."""
    with pytest.raises(SourceBroken) as caught:
        part({"orders": {"pageInfo": None}}, "orders", "pageInfo", "hasNextPage")
    assert caught.value.detail == "the answer has no orders.pageInfo.hasNextPage"


def test_false_is_no_missing_part() -> None:
    """Only null is missing."""
    assert part({"pageInfo": {"hasNextPage": False}}, "pageInfo", "hasNextPage") is False
