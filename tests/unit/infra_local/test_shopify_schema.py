"""The schema, and the documents that must run on it."""

from pathlib import Path

import pytest
from graphql import parse, validate_schema

from infra.local.shopify.bulk_query import bulk_query
from infra.local.shopify.schema import load_schema
from infra.local.shopify.validation import problems

DOCUMENTS = sorted((Path(__file__).resolve().parents[3] / "backend/platforms/shopify/documents").glob("*.graphql"))


def test_schema_is_sound() -> None:
    """By all the rules that GraphQL makes for schemas."""
    assert validate_schema(load_schema()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_product_s_document_asks_for_nothing_that_is_not_simulated(document: Path) -> None:
    """Every field, argument and value of it is in schema.graphql."""
    assert problems(load_schema(), parse(document.read_text(encoding="utf-8"))) == []


def test_product_s_bulk_document_may_run() -> None:
    """It keeps to all the rules for bulk operations."""
    (document,) = (path for path in DOCUMENTS if path.stem == "bulk_orders")
    assert bulk_query(load_schema(), document.read_text(encoding="utf-8")).top.name == "orders"


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("{orders(first: 1) {nodes {taxLines {title}}}}", {"typeName": "Order", "fieldName": "taxLines"}),
        (
            "{orders(first: 1, savedSearchId: 1) {nodes {id}}}",
            {"typeName": "QueryRoot", "argumentName": "savedSearchId"},
        ),
        ('{node(id: "1") {... on Metafield {id}}}', {"typeName": "Metafield"}),
        ("{orders(first: 1, sortKey: TOTAL_PRICE) {nodes {id}}}", {"typeName": "OrderSortKeys"}),
    ],
)
def test_what_the_schema_lacks_is_not_called_wrong(query: str, where: dict[str, str]) -> None:
    """Shopify publishes all of these; the answer says that it may."""
    (problem,) = problems(load_schema(), parse(query))
    assert problem.extensions == {"code": "NOT_SIMULATED", **where}
    assert "Shopify" in problem.message


def test_what_is_plainly_wrong_is_called_wrong() -> None:
    """Nobody's schema makes it right."""
    (problem,) = problems(load_schema(), parse("{orders(first: true) {nodes {id}}}"))
    assert problem.message == "Int cannot represent non-integer value: true"
    assert not problem.extensions
