"""The calculated cost of queries."""

from typing import Any

import pytest
from graphql import GraphQLSchema, OperationDefinitionNode, build_schema, parse
from graphql.execution.values import VariableValues, get_variable_values

from infra.local.shopify.cost import Costing
from infra.local.shopify.schema import load_schema
from infra.local.shopify.selection import Selections

VARIANTS = build_schema("""
    type Query { product: Product }
    type Product { variants(first: Int): VariantConnection! }
    type VariantConnection { nodes: [Variant!]! }
    type Variant { inventoryItem: InventoryItem! }
    type InventoryItem { id: ID!  tracked: Boolean! }
""")


def costing(schema: GraphQLSchema, query: str, variables: dict[str, Any] | None = None) -> Costing:
    document = parse(query)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    values = get_variable_values(schema, operation.variable_definitions or (), variables or {})
    assert isinstance(values, VariableValues)
    return Costing(Selections.of(schema, document), operation, variables=values)


def test_cost_is_what_shopify_answered_to_a_recorded_query() -> None:
    """25 for 250 variants of a product, and 1 when there was no such product (community.shopify.dev, thread 23101)."""
    recorded = costing(VARIANTS, "{product {variants(first: 250) {nodes {inventoryItem {id tracked}}}}}")
    assert recorded.requested() == 25
    assert recorded.actual({"product": None}) == 1


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("{shop {name}}", 1),
        ("{shop {plan {publicDisplayName}}}", 2),
        ("{orders(first: 1) {nodes {id}}}", 3),
        ("{orders(first: 50) {edges {cursor node {id}} pageInfo {hasNextPage}}}", 2 + 7),
        ("{orders(first: 50) {nodes {totalPriceSet {shopMoney {amount}}}}}", 2 + 7 * 3),
        ("{orders(first: 50) {nodes {shippingAddress {city}}}}", 2 + 7),
        ("{orders(first: 50) {nodes {lineItems(first: 250) {nodes {sku}}}}}", 2 + 7 * (1 + 2 + 11)),
        ("{orders(first: 0) {nodes {id}}}", 2),
        ('{nodes(ids: ["a", "b", "c"]) {id ... on Order {customer {id}}}}', 3 * 2),
        ('{node(id: "a") {... on Order {customer {id} refunds {id}} ... on LineItem {product {id}}}}', 1 + 2),
        ("query {shop {...F}} fragment F on Shop {plan {shopifyPlus}}", 2),
        ('mutation {bulkOperationCancel(id: "x") {bulkOperation {id}}}', 10),
    ],
)
def test_requested_cost_follows_the_rules(query: str, cost: int) -> None:
    """Objects 1, addresses nothing, connections by the logarithm of their size, mutations 10."""
    assert costing(load_schema(), query).requested() == cost


def test_size_of_a_page_may_be_a_variable() -> None:
    """As in every query that pages."""
    query = "query($n: Int!) {orders(first: $n) {nodes {id}}}"
    assert costing(load_schema(), query, {"n": 250}).requested() == 2 + 11


def test_actual_cost_counts_what_came() -> None:
    """A page that comes half empty gives points back."""
    asked = costing(load_schema(), "{orders(first: 250) {nodes {customer {id}}}}")
    assert asked.requested() == 2 + 11 * 2
    assert asked.actual({"orders": {"nodes": [{"customer": None}, {"customer": {"id": "1"}}]}}) == 2 + 1 * 2
    assert asked.actual({"orders": {"nodes": []}}) == 2


def test_answer_without_data_costs_little() -> None:
    """An error may have left nothing of it, or null where a connection was."""
    asked = costing(load_schema(), "{orders(first: 250) {edges {node {customer {id}}}}}")
    assert asked.actual({}) == asked.actual({"orders": None}) == 2
