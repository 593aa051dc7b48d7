"""The disjunctive normal form of filters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.firestore import filters
from infra.local.firestore.filters import Comparison, Filter, Junction, Op
from infra.local.firestore.wire import Document, Value

leaves = st.builds(
    Comparison,
    path=st.sampled_from([("a",), ("b",)]),
    op=st.sampled_from([Op.EQUAL, Op.LESS_THAN, Op.GREATER_THAN_OR_EQUAL, Op.NOT_EQUAL]),
    keys=st.integers(0, 3).map(lambda number: ((2, 1, number),)),
)
choices = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True).map(
    lambda numbers: Comparison(("a",), Op.IN, tuple((2, 1, number) for number in numbers), len(numbers))
)
trees = st.recursive(
    st.one_of(leaves, choices),
    lambda parts: st.builds(Junction, st.booleans(), st.lists(parts, min_size=1, max_size=3).map(tuple)),
    max_leaves=5,
)


@given(trees, st.integers(0, 3), st.integers(0, 3))
def test_normal_form_matches_the_same_documents(tree: Filter, a: int, b: int) -> None:
    """Any of its branches in full, or none."""
    document = Document(fields={"a": Value(integer_value=a), "b": Value(integer_value=b)})
    branches = filters.disjunctions(tree)
    assert len(branches) == filters.disjunction_count(tree)
    assert any(all(part.matches(document) for part in branch) for branch in branches) == tree.matches(document)


@given(trees, st.integers(0, 3), st.integers(0, 3))
def test_conjuncts_hold_for_every_match(tree: Filter, a: int, b: int) -> None:
    """So candidates may be narrowed by any of them."""
    document = Document(fields={"a": Value(integer_value=a), "b": Value(integer_value=b)})
    if tree.matches(document):
        assert all(part.matches(document) for part in filters.conjuncts(tree))


@pytest.mark.parametrize(("stored", "matches"), [(1.0, True), (1.5, False)])
def test_integers_equal_doubles(*, stored: float, matches: bool) -> None:
    """1 and 1.0 are one value."""
    document = Document(fields={"a": Value(double_value=stored)})
    assert Comparison(("a",), Op.EQUAL, ((2, 1, 1),)).matches(document) is matches
