"""Field paths, and what they do to documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.firestore import fields
from infra.local.firestore.wire import Document, Value
from infra.local.rpc_error import RpcError


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=4).map(tuple))
def test_text_of_a_path_parses_back(path: fields.FieldPath) -> None:
    """Quoting loses nothing, whatever characters a field's name has."""
    assert fields.parse(fields.text(path)) == path


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a b", "`a", "``", "1a", "a`b`"])
def test_malformed_path_is_refused(text: str) -> None:
    """Names that are no identifiers must be quoted."""
    with pytest.raises(RpcError, match="Invalid property path"):
        fields.parse(text)


def test_put_makes_the_maps_on_the_way() -> None:
    """Also in place of a value that is no map."""
    document = Document(fields={"a": Value(integer_value=1)})
    fields.put(document, ("a", "b", "c"), Value(integer_value=2))
    assert document.fields["a"].map_value.fields["b"].map_value.fields["c"].integer_value == 2


def test_get_and_remove_stop_at_what_is_not_there() -> None:
    """Reading or removing below a value that is no map changes nothing."""
    document = Document(fields={"a": Value(integer_value=1)})
    assert fields.get(document, ("a", "b")) is None
    assert fields.get(document, ("x", "y", "z")) is None
    fields.remove(document, ("a", "b"))
    fields.remove(document, ("x", "y"))
    assert document == Document(fields={"a": Value(integer_value=1)})


def test_projection_keeps_the_nesting() -> None:
    """A selected inner field comes inside its maps, without its neighbours."""
    inner = {"keep": Value(integer_value=1), "drop": Value(integer_value=2)}
    document = Document(name="n", fields={"m": Value(map_value={"fields": inner}), "x": Value(integer_value=3)})
    part = fields.project(document, [("m", "keep"), ("none",), fields.NAME])
    assert part.fields == {"m": Value(map_value={"fields": {"keep": Value(integer_value=1)}})}
