"""What is wrong with a configuration."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.automations.model import Configuration
from backend.automations.operand import OPERATORS
from backend.automations.validation import column_types, problems
from backend.platforms.field import Catalogue, ColumnType, Field, Level

CATALOGUE = Catalogue(
    [
        Field("order_name", "Order", ColumnType.TEXT, identifies=True),
        Field("total", "Total", ColumnType.MONEY),
        Field("items", "Items", ColumnType.INTEGER),
        Field("created_at", "Created", ColumnType.DATETIME),
        Field("test", "Test order", ColumnType.BOOLEAN),
        Field("sku", "SKU", ColumnType.TEXT, Level.LINE),
    ]
)
KEY_COLUMN = {"key": "order_name", "header": "Order", "type": "text"}


def wrong(**changes: Any) -> dict[str, str]:
    configuration = Configuration.model_validate(
        {
            "name": "Orders",
            "connection_id": "con_1",
            "destination": {"spreadsheet_id": "sheet"},
            "columns": [KEY_COLUMN],
        }
        | changes
    )
    return problems(configuration, CATALOGUE)


def with_column(key: str, type_: str = "text", header: str = "Header") -> list[dict[str, str]]:
    return [KEY_COLUMN, {"key": key, "header": header, "type": type_}]


def with_filter(field: str, op: str, value: Any = None) -> list[dict[str, Any]]:
    return [{"field": field, "op": op, "value": value}]


def test_sound_configuration_has_no_problem() -> None:
    """Nothing is found where nothing is wrong."""
    assert wrong(columns=with_column("total", "money"), filters=with_filter("total", "gte", "10.50")) == {}


def test_unknown_field_is_named_with_what_was_meant() -> None:
    """A typo is answered with the nearest fields, anything else with all of them."""
    assert "did you mean total?" in wrong(columns=with_column("totl"))["columns.1.key"]
    assert "order_name, total, items" in wrong(columns=with_column("xyzzy"))["columns.1.key"]


@pytest.mark.parametrize(
    ("key", "type_"),
    [
        ("total", "text"),
        ("total", "money"),
        ("total", "number"),
        ("items", "number"),
        ("created_at", "date"),
        ("test", "text"),
    ],
)
def test_column_may_be_wider_than_its_field(key: str, type_: str) -> None:
    """Text always works; numbers widen; a date is part of an instant."""
    assert wrong(columns=with_column(key, type_)) == {}


@pytest.mark.parametrize(
    ("key", "type_"),
    [("order_name", "money"), ("total", "integer"), ("items", "money"), ("created_at", "number"), ("test", "integer")],
)
def test_column_may_not_guess(key: str, type_: str) -> None:
    """A type that the field's values do not have is refused, and the ones they have are told."""
    columns = [{"key": key, "header": "A", "type": type_}]
    if key != "order_name":
        columns.append(KEY_COLUMN)
    assert "it can be shown as" in wrong(columns=columns)["columns.0.type"]


def test_line_field_needs_a_row_a_line() -> None:
    """One row an order has no room for a field of its lines."""
    assert "columns.1.key" in wrong(columns=with_column("sku"))
    assert wrong(columns=with_column("sku"), row_mode="line") == {}


def test_key_and_header_are_there_once() -> None:
    """The later one is named; a header differs by more than its case."""
    columns = [
        KEY_COLUMN,
        {"key": "order_name", "header": "Again", "type": "text"},
        {"key": "total", "header": "ORDER", "type": "money"},
    ]
    assert set(wrong(columns=columns)) == {"columns.1.key", "columns.2.header"}


def test_tab_needs_a_column_that_identifies() -> None:
    """The sentence names the fields that would do."""
    found = wrong(columns=[{"key": "total", "header": "Total", "type": "money"}])
    assert "order_name (Order)" in found["columns"]


@pytest.mark.parametrize(
    ("filters", "path"),
    [
        (with_filter("colour", "eq", "red"), "filters.0.field"),
        (with_filter("sku", "eq", "A1"), "filters.0.field"),
        (with_filter("total", "contains", "1"), "filters.0.op"),
        (with_filter("test", "gte", 1), "filters.0.op"),
        (with_filter("order_name", "lte", "x"), "filters.0.op"),
        (with_filter("total", "gte", "much"), "filters.0.value"),
        (with_filter("total", "gte", "NaN"), "filters.0.value"),
        (with_filter("total", "gte", True), "filters.0.value"),
        (with_filter("total", "gte"), "filters.0.value"),
        (with_filter("total", "gte", ["1"]), "filters.0.value"),
        (with_filter("total", "empty", 1), "filters.0.value"),
        (with_filter("total", "in", []), "filters.0.value"),
        (with_filter("total", "in", "1"), "filters.0.value"),
        (with_filter("items", "eq", 1.5), "filters.0.value"),
        (with_filter("test", "eq", "yes"), "filters.0.value"),
        (with_filter("order_name", "eq", 5), "filters.0.value"),
        (with_filter("created_at", "gte", "yesterday"), "filters.0.value"),
        (with_filter("created_at", "gte", "2026-01-01T00:00:00"), "filters.0.value"),
    ],
)
def test_filter_must_fit_its_field(filters: list[dict[str, Any]], path: str) -> None:
    """Field, operator and value are looked at in this order, and the first that is wrong is told."""
    assert list(wrong(filters=filters)) == [path]


@pytest.mark.parametrize(
    "filters",
    [
        with_filter("order_name", "in", ["#1", "#2"]),
        with_filter("order_name", "contains", "#"),
        with_filter("total", "in", ["1.50", "2"]),
        with_filter("items", "gte", 2.0),
        with_filter("test", "ne", True),
        with_filter("created_at", "gte", "2026-01-01T00:00:00+01:00"),
        with_filter("created_at", "not_empty"),
    ],
)
def test_filter_that_fits_is_accepted(filters: list[dict[str, Any]]) -> None:
    """What can be asked is accepted."""
    assert wrong(filters=filters) == {}


@given(st.sampled_from(list(ColumnType)))
def test_every_type_can_be_shown_and_filtered(of_type: ColumnType) -> None:
    """No type is forgotten: its own comes first, text is always among them, and emptiness can be asked for."""
    shown = column_types(Field("key", "Label", of_type))
    assert shown[0] is of_type
    assert ColumnType.TEXT in shown
    assert {"empty", "not_empty"} <= set(OPERATORS[of_type])


def test_sums_follow_no_single_change() -> None:
    """A day is added up anew by each run: it is brought by a schedule, and the sentence says so."""
    assert "choose a schedule" in wrong(resource="daily_sales", on_change=True)["on_change"]
    assert wrong(resource="daily_sales") == {}
    assert wrong(resource="daily_sales", on_change=False) == {}


@pytest.mark.parametrize("resource", ["weather", None, ["daily_sales"], {}])
def test_unknown_resource_is_one_wrong_field(resource: Any) -> None:
    """Whatever was sent in its place."""
    with pytest.raises(ValidationError) as refused:
        wrong(resource=resource)
    assert [error["loc"] for error in refused.value.errors()] == [("resource",)]


def test_sums_have_no_lines() -> None:
    """A day is one row."""
    assert "row_mode order" in wrong(resource="daily_sales", row_mode="line")["row_mode"]


def test_orders_are_followed_unless_chosen_otherwise() -> None:
    """What an automation does that does not say."""
    sound = {
        "name": "Orders",
        "connection_id": "con_1",
        "destination": {"spreadsheet_id": "s"},
        "columns": [KEY_COLUMN],
    }
    followed = {
        of: Configuration.model_validate(sound | {"resource": of}).on_change for of in ("orders", "daily_sales")
    }
    assert followed == {"orders": True, "daily_sales": False}
