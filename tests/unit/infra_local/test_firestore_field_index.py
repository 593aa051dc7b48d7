"""The sorted index of a field: it never misses a match."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from infra.local.firestore.field_index import FieldIndex, IndexedField, ranges
from infra.local.firestore.filters import LISTS, MEMBERSHIPS, Comparison, Op
from infra.local.firestore.values import NAN_KEY, NULL_KEY, sort_key
from infra.local.firestore.wire import Document, Value

INDEXED = [op for op in Op if op not in {Op.NOT_EQUAL, Op.NOT_IN}]

scalars = st.one_of(
    st.just({"null_value": 0}),
    st.booleans().map(lambda flag: {"boolean_value": flag}),
    st.integers(-3, 3).map(lambda number: {"integer_value": number}),
    st.sampled_from([-1.5, -0.0, 1.0, math.inf, math.nan]).map(lambda number: {"double_value": number}),
    st.sampled_from(["", "a", "ab", "é"]).map(lambda text: {"string_value": text}),
    st.sampled_from([b"", b"\xff"]).map(lambda content: {"bytes_value": content}),
)
arrays = st.lists(scalars, max_size=3).map(lambda values: {"array_value": {"values": values}})
values = st.one_of(scalars, arrays)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    op = draw(st.sampled_from(INDEXED))
    operands = draw(st.lists(values, min_size=1, max_size=3 if op in LISTS else 1))
    keys = tuple(sort_key(Value(**operand)) for operand in operands)
    return Comparison(("v",), op, tuple(key for key in keys if key not in {NULL_KEY, NAN_KEY}) or ((4, "a"),))


def document(name: str, value: Any) -> Document:
    return Document(name=name, fields={"v": value} if value is not None else {})


@given(st.lists(st.none() | values, max_size=12), st.lists(st.none() | values, max_size=12), comparisons())
def test_index_finds_every_match(before: list[Any], after: list[Any], comparison: Comparison) -> None:
    """After any change to the documents, what a scan would find lies in the index's ranges."""
    old = {f"c/{place}": document(f"c/{place}", value) for place, value in enumerate(before)}
    new = {f"c/{place}": document(f"c/{place}", value) for place, value in enumerate(after)}
    index = FieldIndex(IndexedField(("v",), comparison.op in MEMBERSHIPS), [old])
    for name in old.keys() | new.keys():
        index.replace(name, old.get(name), new.get(name))
    wanted = ranges(comparison)
    assert wanted is not None
    found = {name for low, high in wanted for name in index.names(index.find(low, high))}
    assert found >= {name for name, one in new.items() if comparison.matches(one)}
    assert found <= new.keys()


def test_inequality_that_excludes_is_not_narrowed() -> None:
    """`!=` matches nearly everything: an index would help nothing."""
    assert ranges(Comparison(("v",), Op.NOT_EQUAL, ((2, 1, 5),))) is None
