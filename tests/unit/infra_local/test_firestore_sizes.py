"""What documents weigh, and the limits of their content."""

import pytest

from infra.local.firestore import sizes
from infra.local.firestore.wire import Document, Value
from infra.local.rpc_error import RpcError

NAME = "projects/p/databases/(default)/documents/users/jeff/tasks/my_task_id"


def test_documented_example_weighs_what_the_documentation_says() -> None:
    """The example of https://firebase.google.com/docs/firestore/storage-size: 147 bytes."""
    document = Document(
        name=NAME,
        fields={
            "type": Value(string_value="Personal"),
            "done": Value(boolean_value=False),
            "priority": Value(integer_value=1),
            "description": Value(string_value="Learn Cloud Firestore"),
        },
    )
    assert sizes.document_bytes(document) == 147


def nested(levels: int) -> Value:
    value = Value(integer_value=1)
    for _ in range(levels):
        value = Value(map_value={"fields": {"m": value}})
    return value


def test_maps_nest_twenty_deep() -> None:
    """And no deeper."""
    sizes.check(Document(name=NAME, fields={"a": nested(20)}))
    with pytest.raises(RpcError, match="nested deeper"):
        sizes.check(Document(name=NAME, fields={"a": nested(21)}))


def test_small_integers_in_an_array_count_in_full() -> None:
    """Eight bytes each, though protobuf packs them tighter."""
    numbers = [Value(integer_value=1)] * 140_000
    with pytest.raises(RpcError, match="maximum allowed size"):
        sizes.check(Document(name=NAME, fields={"a": Value(array_value={"values": numbers})}))


@pytest.mark.parametrize("name", ["", "__x__", "é" * 751])
def test_forbidden_field_name_is_refused(name: str) -> None:
    """Empty, reserved, or longer than 1,500 bytes."""
    with pytest.raises(RpcError, match=r"[Ff]ield name"):
        sizes.check(Document(name=NAME, fields={name: Value(integer_value=1)}))


def test_vector_may_have_its_reserved_field() -> None:
    """A vector is stored as a map that says so."""
    vector = {
        "__type__": Value(string_value="__vector__"),
        "value": Value(array_value={"values": [Value(double_value=1)]}),
    }
    sizes.check(Document(name=NAME, fields={"v": Value(map_value={"fields": vector})}))
