"""What the demo makes of answers."""

from typing import Any

import httpx
import pytest

from infra.local.demo.refusal import Refused, told


def answer(status: int, **content: Any) -> httpx.Response:
    return httpx.Response(status, request=httpx.Request("POST", "http://127.0.0.1/v1/x"), **content)


def test_success_is_what_was_told() -> None:
    """The JSON as it is."""
    assert told(answer(201, json={"id": "1"})) == {"id": "1"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            {"json": {"detail": "Some fields are wrong.", "fields": {"a.b": "is odd"}}},
            "Some fields are wrong.\n  a.b: is odd",
        ),
        ({"json": {"error": {"code": 404, "message": "Not found."}}}, "Not found."),
        (
            {"json": {"error": "line 3, column Quantity: expected a whole number"}},
            "line 3, column Quantity: expected a whole number",
        ),
        ({"text": "Bad Gateway"}, "Bad Gateway"),
    ],
)
def test_refusal_says_why_in_whatever_shape_it_came(content: dict[str, Any], why: str) -> None:
    """Problem documents, Google's errors, the simulators' and plain text; the message names the request as well."""
    with pytest.raises(Refused) as refused:
        told(answer(422, **content))
    assert refused.value.why == why
    assert str(refused.value) == f"POST /v1/x: {why}"
