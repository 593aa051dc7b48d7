"""Firestore's total order over values, as Python tuples that compare the same way.

The order of types: null, booleans, numbers (NaN first), timestamps, strings, bytes, references, geo points, arrays,
vectors, maps (https://firebase.google.com/docs/firestore/manage-data/data-types). Equal keys are equal values: 1 and
1.0 are one value to a filter. Strings compare by code point, which is the order of their UTF-8 bytes.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

from infra.local.firestore import names
from infra.local.firestore.wire import Value

Key: TypeAlias = tuple[object, ...]

NULL_KEY: Key = (0,)
NAN_KEY: Key = (2, 0)

VECTOR_TYPE = "__vector__"


def sort_key(value: Value) -> Key:
    return _KEYS[value.WhichOneof("value_type")](value)


def name_key(name: str) -> Key:
    """The key of a document's own name, the same as that of a reference to it."""
    return (6, *names.ordering(name))


def type_bounds(key: Key) -> tuple[Key, Key]:
    """The half-open range of the keys of `key`'s type. Range filters never match across types."""
    rank: int = key[0]  # type: ignore[assignment]
    return (rank,), (rank + 1,)


def is_vector(value: Value) -> bool:
    fields = value.map_value.fields
    return "__type__" in fields and fields["__type__"].string_value == VECTOR_TYPE


def is_number(value: Value | None) -> bool:
    return value is not None and value.WhichOneof("value_type") in {"integer_value", "double_value"}


def number(value: Value) -> int | float:
    kind = value.WhichOneof("value_type")
    result: int | float = value.integer_value if kind == "integer_value" else value.double_value
    return result


def number_value(result: float) -> Value:
    """A sum or an increment: integers saturate at 64 bits rather than wrap."""
    if isinstance(result, int):
        return Value(integer_value=max(-(2**63), min(2**63 - 1, result)))
    return Value(double_value=result)


def _double(value: Value) -> Key:
    return NAN_KEY if math.isnan(value.double_value) else (2, 1, value.double_value)


def _map(value: Value) -> Key:
    fields = value.map_value.fields
    if is_vector(value):
        elements = fields["value"].array_value.values
        return (9, len(elements), tuple(sort_key(element) for element in elements))
    return (10, tuple((name, sort_key(fields[name])) for name in sorted(fields)))


_KEYS: dict[str | None, Callable[[Value], Key]] = {
    None: lambda _: NULL_KEY,
    "null_value": lambda _: NULL_KEY,
    "boolean_value": lambda value: (1, value.boolean_value),
    "integer_value": lambda value: (2, 1, value.integer_value),
    "double_value": _double,
    "timestamp_value": lambda value: (3, value.timestamp_value.seconds, value.timestamp_value.nanos),
    "string_value": lambda value: (4, value.string_value),
    "bytes_value": lambda value: (5, value.bytes_value),
    "reference_value": lambda value: name_key(value.reference_value),
    "geo_point_value": lambda value: (7, value.geo_point_value.latitude, value.geo_point_value.longitude),
    "array_value": lambda value: (8, tuple(sort_key(element) for element in value.array_value.values)),
    "map_value": _map,
}
