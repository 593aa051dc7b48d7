"""Paths of wrong fields."""

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from backend.errors import InvalidInput
from backend.parsing import parse


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int
    value: str | int | list[str] | None = None


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")

    parts: list[Part]


@pytest.mark.parametrize(
    ("document", "paths"),
    [
        ({}, {"parts"}),
        ({"parts": "none"}, {"parts"}),
        ({"parts": [{"size": 1}, {"size": "big"}]}, {"parts.1.size"}),
        ({"parts": [{}]}, {"parts.0.size"}),
        ({"parts": [{"size": 1, "value": {"a": 1}}]}, {"parts.0.value"}),
        ({"parts": [{"size": 1, "value": ["a", 1]}]}, {"parts.0.value"}),
        ({"parts": [{"size": 1, "colour": "red"}], "more": 1}, {"parts.0.colour", "more"}),
    ],
)
def test_wrong_field_is_named_as_the_caller_wrote_it(document: dict[str, Any], paths: set[str]) -> None:
    """A path leads through the caller's document, not through the branches of a union."""
    with pytest.raises(InvalidInput) as raised:
        parse(Whole, document)
    assert set(raised.value.fields) == paths


def test_right_document_is_parsed() -> None:
    """What is right raises nothing."""
    assert parse(Whole, {"parts": [{"size": 1, "value": ["a"]}]}).parts[0].value == ["a"]
