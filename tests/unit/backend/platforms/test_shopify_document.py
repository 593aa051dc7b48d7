"""The documents that are sent."""

import pytest
from graphql import GraphQLSchema, parse, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.platforms.shopify.catalogue import ORDERS
from backend.platforms.shopify.document import FOLDER, document, prune
from backend.platforms.shopify.orders import OrderShape
from infra.local.shopify.schema import load_schema

NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return load_schema()


@pytest.mark.parametrize("name", NAMES)
def test_documents_are_valid_as_they_stand(schema: GraphQLSchema, name: str) -> None:
    """The whole text, with its comments, is a valid document."""
    assert validate(schema, parse((FOLDER / f"{name}.graphql").read_text())) == []


@settings(deadline=None, max_examples=40)
@given(fields=st.sets(st.sampled_from(sorted(ORDERS))), lines=st.booleans())
def test_documents_are_valid_for_any_choice_of_fields(schema: GraphQLSchema, fields: set[str], *, lines: bool) -> None:
    """Whatever a merchant puts into columns, what is sent is valid."""
    shape = OrderShape(fields, lines=lines)
    for name in ["bulk_orders", "orders_named", "orders_page"]:
        assert validate(schema, parse(document(name, shape.asked))) == []
    if shape.with_lines:
        assert validate(schema, parse(document("order_lines", shape.asked))) == []


def test_lines_without_a_purpose_are_left_out() -> None:
    """What serves no field that is asked for is not sent, and comments are not either."""
    text = "# why\n{\n  a\n  b # one two\n  c # three\n}\n"
    assert prune(text, {"two"}) == "{\n  a\n  b\n}"


def test_customers_are_asked_for_only_when_shown() -> None:
    """A shop that grants no access to customers can still be exported."""
    assert "customer {" not in document("orders_page", OrderShape({"order_name", "customer_email"}).asked)
    assert "customer {" in document("orders_page", OrderShape({"customer_name"}).asked)


def test_lines_are_asked_for_only_when_needed() -> None:
    """A tab with one row an order does not pay for lines, unless it counts them."""
    assert "lineItems" not in document("bulk_orders", OrderShape({"order_name"}, lines=False).asked)
    assert "lineItems" in document("bulk_orders", OrderShape({"line_count"}, lines=False).asked)
    assert "lineItems" in document("bulk_orders", OrderShape({"sku"}, lines=False).asked)
    assert "lineItems" in document("bulk_orders", OrderShape({"order_name"}).asked)
