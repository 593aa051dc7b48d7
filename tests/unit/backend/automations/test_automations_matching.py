"""Which orders an automation asks for."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from backend.automations.matching import matcher
from backend.automations.model import Filter
from backend.platforms.field import Catalogue, ColumnType, Field, Value
from backend.platforms.source import Order

CATALOGUE = Catalogue(
    [
        Field("email", "Email", ColumnType.TEXT),
        Field("total", "Total", ColumnType.MONEY),
        Field("items", "Items", ColumnType.INTEGER),
        Field("placed_at", "Placed", ColumnType.DATETIME),
        Field("due_on", "Due", ColumnType.DATE),
        Field("paid", "Paid", ColumnType.BOOLEAN),
    ]
)


def matches(field: str, op: str, wanted: Any, value: Value) -> bool:
    rule = Filter.model_validate({"field": field, "op": op, "value": wanted})
    return matcher([rule], CATALOGUE)(Order(id="1", version=1, values={field: value}))


@pytest.mark.parametrize(
    ("field", "op", "wanted", "value", "holds"),
    [
        ("email", "eq", "ann@example.com", "Ann@Example.com", True),
        ("email", "eq", "ann", "ann@example.com", False),
        ("email", "ne", "STRASSE", "straße", False),
        ("email", "contains", "EXAMPLE", "ann@example.com", True),
        ("email", "contains", "x", "ann@b.com", False),
        ("email", "in", ["a", "B"], "b", True),
        ("email", "in", ["a", "B"], "c", False),
        ("total", "eq", "9.5", Decimal("9.50"), True),
        ("total", "eq", 9.5, Decimal("9.50"), True),
        ("total", "gte", "10", Decimal("9.99"), False),
        ("total", "gte", "10", Decimal("10.00"), True),
        ("total", "lte", "-5", Decimal("-5.01"), True),
        ("total", "in", ["1", "2.0"], Decimal(2), True),
        ("items", "eq", "2", 2, True),
        ("items", "lte", "2", 3, False),
        ("paid", "eq", True, True, True),
        ("paid", "eq", False, True, False),
        ("paid", "ne", True, False, True),
        ("due_on", "gte", "2026-02-01", date(2026, 2, 1), True),
        ("due_on", "lte", "2026-01-31", date(2026, 2, 1), False),
        ("placed_at", "gte", "2026-01-01T00:00:00+01:00", datetime(2025, 12, 31, 23, 0, tzinfo=UTC), True),
        ("placed_at", "gte", "2026-01-01T00:00:00+01:00", datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC), False),
        ("placed_at", "lte", "2026-01-01T00:00:00Z", datetime(2026, 1, 1, tzinfo=UTC), True),
    ],
)
def test_value_is_compared_as_its_type(field: str, op: str, wanted: Any, value: Value, holds: bool) -> None:
    """Text without case, numbers by value, instants whatever their zone."""
    assert matches(field, op, wanted, value) is holds


@pytest.mark.parametrize("field", [*CATALOGUE])
def test_nothing_is_empty_and_equal_to_nothing(field: str) -> None:
    """An order without the value satisfies `ne` and `empty`, and no other comparison."""
    wanted = {"total": "1", "items": "1", "paid": True, "due_on": "2026-01-01", "placed_at": "2026-01-01T00:00:00Z"}
    given = wanted.get(field, "x")
    assert matches(field, "empty", None, None)
    assert not matches(field, "not_empty", None, None)
    assert matches(field, "ne", given, None)
    assert not matches(field, "eq", given, None)
    if field not in {"paid", "email"}:
        assert not matches(field, "gte", given, None)
        assert not matches(field, "lte", given, None)


def test_empty_text_is_empty() -> None:
    """Platforms send both."""
    assert matches("email", "empty", None, "")
    assert not matches("email", "contains", "x", "")
    assert not matches("email", "in", ["x"], "")
    assert not matches("email", "eq", "", "")
    assert matches("email", "ne", "", "")


def test_zero_and_false_are_not_empty() -> None:
    """They are values like any other."""
    assert matches("total", "not_empty", None, Decimal(0))
    assert matches("paid", "not_empty", None, False)
    assert matches("total", "gte", 0, Decimal(0))


def test_all_filters_must_hold() -> None:
    """And without one every order is asked for."""
    rules = [Filter.model_validate({"field": "total", "op": op, "value": "5"}) for op in ("gte", "lte")]
    match = matcher(rules, CATALOGUE)
    totals = [4, 5, 6]
    assert [match(Order(id="1", version=1, values={"total": Decimal(total)})) for total in totals] == [
        False,
        True,
        False,
    ]
    assert matcher([], CATALOGUE)(Order(id="1", version=1, values={}))
