"""Paging by keyset, over lists and over SQL alike."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from infra.local.shopify.connection import Key, connection, cut, window

KEYS = st.lists(st.integers(0, 3), max_size=20).map(lambda values: sorted(zip(values, range(len(values)), strict=True)))


def identity(row: Key) -> Key:
    return row


def pages(rows: list[Key], ask: Callable[[str | None], dict[str, Any]]) -> list[Key]:
    """What comes when every page is asked for with the last one's cursor."""
    seen: list[Key] = []
    cursor: str | None = None
    for _ in range(len(rows) + 1):
        arguments = ask(cursor)
        answer = connection(cut(rows, key=identity, window=window(arguments)), key=identity, node=identity)
        backwards = arguments.get("last") is not None
        seen = [*answer["nodes"], *seen] if backwards else [*seen, *answer["nodes"]]
        if not answer["pageInfo"]["hasPreviousPage" if backwards else "hasNextPage"]:
            return seen
        cursor = answer["pageInfo"]["startCursor" if backwards else "endCursor"]
    raise AssertionError("paging never ends")


@given(KEYS, st.integers(1, 7), st.booleans())
def test_pages_forward_hold_every_row_once(rows: list[Key], size: int, reverse: bool) -> None:
    """However many rows share a sort value, and in either order."""
    expected = list(reversed(rows)) if reverse else rows
    assert pages(rows, lambda cursor: {"first": size, "after": cursor, "reverse": reverse}) == expected


@given(KEYS, st.integers(1, 7), st.booleans())
def test_pages_backward_hold_every_row_once(rows: list[Key], size: int, reverse: bool) -> None:
    """From the end, with last and before."""
    expected = list(reversed(rows)) if reverse else rows
    assert pages(rows, lambda cursor: {"last": size, "before": cursor, "reverse": reverse}) == expected


def test_row_inserted_before_the_cursor_shifts_nothing() -> None:
    """A cursor names a row and not a number of rows."""
    first = connection(cut([(1, 1), (1, 3)], key=identity, window=window({"first": 1})), key=identity, node=identity)
    after = window({"first": 5, "after": first["pageInfo"]["endCursor"]})
    assert cut([(0, 9), (1, 0), (1, 1), (1, 2), (1, 3)], key=identity, window=after).rows == [(1, 2), (1, 3)]


def test_cursor_survives_the_row_it_names() -> None:
    """The row may be gone by the time the next page is asked for."""
    asked = replace(window({"first": 5}), after=(1, 2))
    assert cut([(1, 1), (1, 3)], key=identity, window=asked).rows == [(1, 3)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "you must provide one of first or last"),
        ({"first": 1, "last": 1}, "providing both first and last is not supported"),
        ({"first": 251}, "the page size must be from 0 to 250; it is 251"),
        ({"last": -1}, "the page size must be from 0 to 250; it is -1"),
        ({"first": 1, "after": "nonsense"}, "Invalid cursor for current pagination sort."),
        ({"first": 1, "after": "bm9uc2Vuc2U="}, "Invalid cursor for current pagination sort."),
    ],
)
def test_senseless_window_is_refused(arguments: dict[str, Any], message: str) -> None:
    """With the sentence that Shopify has for it, where one is known."""
    with pytest.raises(GraphQLError, match=message):
        window(arguments)


def test_cursor_of_another_order_is_refused() -> None:
    """It would skip rows or repeat them."""
    page = cut([(5, 1), (6, 2)], key=identity, window=window({"first": 1}))
    cursor = connection(page, key=identity, node=identity, sort="updated_at")["pageInfo"]["endCursor"]
    assert window({"first": 1, "after": cursor}, sort="updated_at").after == (5, 1)
    with pytest.raises(GraphQLError, match="Invalid cursor"):
        window({"first": 1, "after": cursor}, sort="created_at")
