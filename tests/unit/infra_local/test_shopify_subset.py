"""The check that one schema is a subset of another finds every way in which it may not be."""

import pytest
from graphql import build_schema

from tests.conformance.shopify_subset import differences

PUBLISHED = """
    interface Node { id: ID! }
    scalar Money
    enum Sort { NAME PRICE }
    union Thing = Order
    input Filter { name: String  price: Money! }
    type Order implements Node { id: ID!  name: String!  lines(first: Int! = 5, sort: Sort = NAME): [Order!]! }
    type Query { order(id: ID!, filter: Filter): Order  thing: Thing }
"""


def test_schema_is_a_subset_of_itself_and_of_more() -> None:
    """What is left out is no difference, so long as it need not be given."""
    assert differences(build_schema(PUBLISHED), build_schema(PUBLISHED)) == []
    ours = "type Order { name: String!  lines: [Order!]! } type Query { order(id: ID!): Order }"
    assert differences(build_schema(ours), build_schema(PUBLISHED)) == []


@pytest.mark.parametrize(
    ("replaced", "by", "difference"),
    [
        ("name: String!", "name: String", "Order.name is String, published is String!"),
        ("[Order!]!", "[Order]!", "Order.lines is [Order]!, published is [Order!]!"),
        ("name: String!", "name: String! tag: Int", "Order.tag is not published"),
        ("first: Int! = 5", "first: Int! = 6", "Order.lines(first) defaults to 6, published is 5"),
        ("first: Int! = 5", "first: Int!", "Order.lines(first) defaults to None, published is 5"),
        ("first: Int! = 5", "first: ID", "Order.lines(first) is ID, published is Int!"),
        ("first: Int! = 5", "top: Int", "Order.lines(top) is not published"),
        ("NAME PRICE", "NAME PRICE AGE", "Sort has the value AGE, which is not published"),
        ("id: ID!, filter: Filter", "filter: Filter", "Query.order lacks id, which is required"),
        ("price: Money!", "", "Filter lacks price, which is required"),
        ("name: String  price", "size: Int  price", "Filter(size) is not published"),
        ("scalar Money", "enum Money { EUR }", "type Money is a GraphQLEnumType, published is a GraphQLScalarType"),
        ("union Thing = Order", "type Line { a: Int } union Thing = Order | Line", "type Line is not published"),
        ("union Thing = Order", "interface Named { name: String! } union Thing = Order", "type Named is not published"),
    ],
)
def test_every_difference_is_found(replaced: str, by: str, difference: str) -> None:
    """By its place and what is published there."""
    assert replaced in PUBLISHED
    assert difference in differences(build_schema(PUBLISHED.replace(replaced, by, 1)), build_schema(PUBLISHED))


def test_root_of_another_name_is_found() -> None:
    """Shopify's query type is called QueryRoot."""
    ours = build_schema("schema { query: Root } type Root { a: Int }")
    theirs = build_schema("type Query { a: Int } type Root { a: Int }")
    assert differences(ours, theirs) == ["query_type is Root, published is Query"]
