"""What a bulk operation may ask, with Shopify's own sentences for what it may not."""

import pytest
from graphql import GraphQLError, OperationDefinitionNode, build_schema, parse

from infra.local.shopify.bulk_query import InvalidBulkQuery, bulk_query
from infra.local.shopify.bulk_rules import violations
from infra.local.shopify.schema import load_schema
from infra.local.shopify.selection import Selections

DEEP = build_schema("""
    type Query { a: AConnection  b: AConnection }
    type AConnection { edges: [AEdge!]! nodes: [A!]! }
    type AEdge { node: A! }
    type A { id: ID! a: AConnection }
""")

BY_NODES = (
    "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: "
    "'products { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: 'orders'."
)
WITHOUT_ID = (
    "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' "
    "return type. Connection fields without 'id': orders."
)


def refusals(query: str) -> list[str]:
    with pytest.raises(InvalidBulkQuery) as refused:
        bulk_query(load_schema(), query)
    return refused.value.messages


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        ("", ["Invalid bulk query: syntax error, unexpected end of file"]),
        (
            'mutation {bulkOperationCancel(id: "1") {userErrors {message}}}',
            ["Invalid operation type. Only `query` operations are supported."],
        ),
        (
            "{orders {nodes {id}}}",
            [BY_NODES],
        ),
        (
            '{node(id: "gid://shopify/Order/1") {id}}',
            [
                "Bulk queries cannot contain a top level `node` field.",
                "Bulk queries must contain at least one connection.",
            ],
        ),
        ("{shop {name}}", ["Bulk queries must contain at least one connection."]),
        (
            "{shop {name} orders {edges {node {id}}}}",
            ["Bulk queries must contain exactly one top-level field."],
        ),
        (
            "{orders {edges {node {name lineItems {edges {node {id}}}}}}}",
            [WITHOUT_ID],
        ),
        (
            "{orders {edges {node {id refunds {refundLineItems {edges {node {quantity}}}}}}}}",
            ["Queries that contain a connection field within a list field are not currently supported."],
        ),
    ],
)
def test_query_that_shopify_refuses_is_refused_with_its_words(query: str, messages: list[str]) -> None:
    """Recorded from Shopify by Shopify's own draft proxy, but for the one about several fields."""
    assert refusals(query) == messages


def deep(query: str) -> list[str]:
    document = parse(query)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return violations(Selections.of(DEEP, document), operation)


def nested(levels: int) -> str:
    return "a {edges {node {id " + (nested(levels - 1) if levels else "") + "}}}"


def test_connections_nest_two_levels_below_the_top() -> None:
    """And no deeper."""
    assert deep(f"{{{nested(2)}}}") == []
    assert deep(f"{{{nested(3)}}}") == ["Bulk queries cannot contain connections with a nesting depth greater than 2."]


def test_five_connections_are_the_most() -> None:
    """Counted over the whole query."""
    inner = " ".join(f"x{index}: a {{edges {{node {{id}}}}}}" for index in range(5))
    assert deep(f"{{a {{edges {{node {{id {inner}}}}}}}}}") == ["Bulk queries cannot contain more than 5 connections."]


@pytest.mark.parametrize(
    "query",
    [
        "{orders {edges {node {id taxLines {title}}}}}",
        "{orders {edges {node {id name @skip(if: true)}}}}",
        "{orders {edges {node {id customer {id} customer {displayName}}}}}",
    ],
)
def test_query_beyond_the_simulation_is_no_invalid_query(query: str) -> None:
    """Shopify would run it, so what comes is NOT_SIMULATED."""
    with pytest.raises(GraphQLError) as refused:
        bulk_query(load_schema(), query)
    assert (refused.value.extensions or {}).get("code") == "NOT_SIMULATED"
