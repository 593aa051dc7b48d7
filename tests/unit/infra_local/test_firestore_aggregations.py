"""Sums and averages."""

import math
from typing import Any

import pytest

from infra.local.firestore.aggregations import Aggregation
from infra.local.firestore.wire import Document, Value

LARGEST = 2**63 - 1


def aggregated(kind: str, values: list[Value]) -> Value:
    documents = [Document(fields={"n": value}) for value in values]
    return Aggregation(alias="x", kind=kind, path=("n",), up_to=None).over(documents)


@pytest.mark.parametrize(
    ("values", "total"),
    [
        ([], Value(integer_value=0)),
        ([1, 2], Value(integer_value=3)),
        ([1, 0.5], Value(double_value=1.5)),
        ([LARGEST, LARGEST, -LARGEST], Value(integer_value=LARGEST)),
        ([LARGEST, 1], Value(double_value=2.0**63)),
        (["text", 2], Value(integer_value=2)),
    ],
)
def test_sum(values: list[Any], total: Value) -> None:
    """Exact over integers; a double when one is summed or the integers do not suffice; text counts nothing."""
    assert aggregated("sum", [_value(value) for value in values]) == total


def test_sum_with_nan_is_nan() -> None:
    """As the real one says."""
    assert math.isnan(aggregated("sum", [_value(1), _value(math.nan)]).double_value)


def test_average_of_nothing_is_null() -> None:
    """And of something a double."""
    assert aggregated("avg", [_value("text")]) == Value(null_value=0)
    assert aggregated("avg", [_value(1), _value(2)]) == Value(double_value=1.5)


def test_count_stops_at_its_limit() -> None:
    """up_to caps what is counted."""
    documents = [Document()] * 5
    assert Aggregation(alias="x", kind="count", path=None, up_to=3).over(documents) == Value(integer_value=3)
    assert Aggregation(alias="x", kind="count", path=None, up_to=None).over(documents) == Value(integer_value=5)


def _value(content: float | str) -> Value:
    if isinstance(content, str):
        return Value(string_value=content)
    return Value(integer_value=content) if isinstance(content, int) else Value(double_value=content)
