"""The search syntax, and orders searched for in SQL."""

import sqlite3

import pytest
from graphql import GraphQLError

from infra.local.shopify.order_search import order_condition
from infra.local.shopify.search import All, Any, Not, Term, parse

ORDERS = [
    # id, name, updated_at, closed_at, cancelled_at, financial_status, email, test
    (1, "#1", 1_000_000_000, None, None, "PAID", "Ann@example.com", 0),
    (2, "#2", 1_000_000_001, 1_000_000_001, None, "REFUNDED", None, 0),
    (3, "#3", 1_000_000_002, 1_000_000_002, 1_000_000_002, "REFUNDED", None, 1),
]


def found(query: str) -> list[int]:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE orders (id, name, updated_at, closed_at, cancelled_at, financial_status, email, test)"
    )
    connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ORDERS)
    condition = order_condition(query)
    rows = connection.execute(f"SELECT id FROM orders WHERE {condition.sql} ORDER BY id", condition.parameters)
    ids = [identity for (identity,) in rows]
    connection.close()
    return ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [1, 2, 3]),
        ("updated_at:>='2001-09-09T01:46:41Z'", [2, 3]),
        ("updated_at:>'2001-09-09T01:46:41Z'", [3]),
        ('updated_at:<"2001-09-09T01:46:41Z"', [1]),
        ("updated_at:<='2001-09-09T03:46:41+02:00'", [1, 2]),
        ("updated_at:'2001-09-09T01:46:41Z'", [2]),
        ("updated_at:>='2001-09-09T01:46:40.500Z'", [2, 3]),
        ("updated_at:<2001-09-10", [1, 2, 3]),
        ("id:>=2", [2, 3]),
        ("name:2", [2]),
        ("name:'#2'", [2]),
        ("email:ann@EXAMPLE.com", [1]),
        ("status:open", [1]),
        ("status:closed", [2, 3]),
        ("status:cancelled", [3]),
        ("financial_status:refunded AND NOT status:cancelled", [2]),
        ("financial_status:refunded -test:true", [2]),
        ("name:1 OR name:3", [1, 3]),
        ("status:open OR financial_status:refunded test:true", [1, 3]),
        ("(status:open OR financial_status:refunded) id:<3", [1, 2]),
        ("NOT (name:1 OR name:2)", [3]),
    ],
)
def test_search_finds_exactly_what_it_says(query: str, ids: list[int]) -> None:
    """Comparisons, words, connectives and brackets mean what Shopify's documentation says."""
    assert found(query) == ids


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("updated_at:>=2026-10-01T00:00:00Z", "without quotes: write updated_at:>='2026-10-01T00:00:00Z'"),
        ("updated_at:>='2026-10-01T00:00:00'", "without a zone"),
        ("updated_at:<now", "the time 'now'"),
        ("tag:vip", "the filter 'tag'"),
        ("green hoodie", "from character 1 on"),
        ("name:10*", "one value is expected"),
        ("status:archived", "simulated are open"),
        ("financial_status:paid,pending", "one value is expected"),
        ("(name:1", "from character 8 on"),
        ("name:1)", "from character 7 on"),
        ("id:abc", "a whole number is expected"),
    ],
)
def test_search_that_is_not_understood_is_refused_and_not_ignored(query: str, hint: str) -> None:
    """Shopify would answer with all orders and a warning; here the answer is an error that says why."""
    with pytest.raises(GraphQLError) as refused:
        order_condition(query)
    assert hint in refused.value.message
    assert refused.value.extensions == {"code": "NOT_SIMULATED"}


def test_and_binds_tighter_than_or() -> None:
    """Terms side by side are one conjunction, and NOT takes the next term only."""
    assert parse("a:1 OR NOT b:2 c:3") == Any(
        (Term("a", "=", "1"), All((Not(Term("b", "=", "2")), Term("c", "=", "3"))))
    )


def test_quoted_value_keeps_blanks_and_escaped_quotes() -> None:
    """Inside quotes only a backslash has a meaning of its own."""
    assert parse(r"name:'it\'s one'") == Term("name", "=", "it's one", quoted=True)
