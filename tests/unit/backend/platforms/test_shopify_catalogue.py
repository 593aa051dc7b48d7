"""The catalogue, the readers and the documents know the same fields."""

import pytest
from graphql import GraphQLEnumType

from backend.platforms.field import Level
from backend.platforms.shopify.catalogue import ORDERS
from backend.platforms.shopify.document import FOLDER, LINES
from backend.platforms.shopify.reading import LINE_READERS, ORDER_READERS
from infra.local.shopify.schema import load_schema

WITH_ORDERS = ["bulk_orders", "orders_named", "orders_page"]
WITH_LINES = [*WITH_ORDERS, "order_lines"]

ENUMS = {
    "cancel_reason": "OrderCancelReason",
    "financial_status": "OrderDisplayFinancialStatus",
    "fulfillment_status": "OrderDisplayFulfillmentStatus",
}
"""What the fields that offer choices are in Shopify's schema."""

ALWAYS_SENT = {"order_id", "updated_at", "cancelled_at"}
FROM_OTHERS = {"line_count", "line_id", "line_number"}


def purposes(name: str) -> dict[str, set[str]]:
    """What each marked line of a document serves."""
    lines = (FOLDER / f"{name}.graphql").read_text().splitlines()
    marked = [line.partition("#") for line in lines if line.partition("#")[0].strip() and "#" in line]
    return {selection.strip(): set(served.split()) for selection, _, served in marked}


def test_every_field_of_an_order_has_a_reader() -> None:
    """What can be chosen can be read, and nothing is read that cannot be chosen."""
    assert {key for key, field in ORDERS.items() if field.level is Level.ORDER} == set(ORDER_READERS)


def test_every_field_of_a_line_has_a_reader() -> None:
    """The same for the fields of a line."""
    assert {key for key, field in ORDERS.items() if field.level is Level.LINE} == set(LINE_READERS)


def test_labels_are_distinct() -> None:
    """Two fields of one label could not be told apart in a list."""
    assert len({field.label for field in ORDERS.values()}) == len(ORDERS)


@pytest.mark.parametrize("name", WITH_ORDERS)
def test_documents_ask_for_every_field(name: str) -> None:
    """A field that no line of a document serves would be missing from what comes."""
    served = set().union(*purposes(name).values())
    assert served - {LINES} == set(ORDERS) - ALWAYS_SENT - FROM_OTHERS


@pytest.mark.parametrize("name", WITH_ORDERS)
def test_documents_select_orders_alike(name: str) -> None:
    """An order is the same whichever way it came."""
    selected = {line: served for line, served in purposes(name).items() if LINES not in served}
    assert selected == {line: served for line, served in purposes("orders_page").items() if LINES not in served}


@pytest.mark.parametrize("name", WITH_LINES)
def test_documents_select_lines_alike(name: str) -> None:
    """A line is the same on the first page and on the tenth."""
    of_lines = set(LINE_READERS) | {"item_quantity"}
    selected = {line: served for line, served in purposes(name).items() if served <= of_lines}
    assert len(selected) == 10
    assert selected == {line: served for line, served in purposes("order_lines").items() if served <= of_lines}


def test_choices_are_what_the_shop_may_say() -> None:
    """Of each field with a short list; `make conformance` holds them to the schema that Shopify publishes."""
    assert {key for key, field in ORDERS.items() if field.choices} == set(ENUMS)
    for key, enum in ENUMS.items():
        simulated = load_schema().type_map[enum]
        assert isinstance(simulated, GraphQLEnumType)
        assert set(simulated.values) <= set(ORDERS[key].choices)
