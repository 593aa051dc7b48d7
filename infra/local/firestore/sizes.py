"""What a document weighs by Firestore's own rule, and how large and deep it may be.

The rule: https://firebase.google.com/docs/firestore/storage-size. The limits: .../quotas.
"""

import re

from infra.local.firestore.values import is_vector
from infra.local.firestore.wire import Document, Value
from infra.local.rpc_error import invalid_argument

MAX_DOCUMENT_BYTES = 1024 * 1024
MAX_FIELD_NAME_BYTES = 1500
MAX_VALUE_BYTES = MAX_DOCUMENT_BYTES - 89
MAX_NESTING = 20

_RESERVED_FIELD = re.compile(r"__.*__", re.DOTALL)
_FIXED_BYTES = {
    None: 1,
    "null_value": 1,
    "boolean_value": 1,
    "integer_value": 8,
    "double_value": 8,
    "timestamp_value": 8,
    "geo_point_value": 16,
}


def check(document: Document) -> None:
    for name, value in document.fields.items():
        _check_field(name, value, depth=1)
    # By the rule a value weighs at most twice its protobuf, so that only large documents need the count.
    if document.ByteSize() * 2 + 1024 > MAX_DOCUMENT_BYTES and document_bytes(document) > MAX_DOCUMENT_BYTES:
        raise invalid_argument(
            f"Document '{document.name}' cannot be written because its size ({document_bytes(document):,} bytes) "
            f"exceeds the maximum allowed size of {MAX_DOCUMENT_BYTES:,} bytes."
        )


def document_bytes(document: Document) -> int:
    return _name_bytes(document.name) + 32 + _fields_bytes(document.fields)


def _check_field(name: str, value: Value, *, depth: int) -> None:
    if not name:
        raise invalid_argument("A field name must not be empty.")
    if _RESERVED_FIELD.fullmatch(name):
        raise invalid_argument(f'Field name "{name}" is invalid because it is reserved.')
    if len(name) * 4 > MAX_FIELD_NAME_BYTES and len(name.encode()) > MAX_FIELD_NAME_BYTES:
        raise invalid_argument(f"Field name is longer than {MAX_FIELD_NAME_BYTES} bytes.")
    _check_value(name, value, depth=depth)


def _check_value(name: str, value: Value, *, depth: int) -> None:
    if depth > MAX_NESTING + 1:
        raise invalid_argument(f"Property {name} is nested deeper than {MAX_NESTING} levels.")
    kind = value.WhichOneof("value_type")
    if kind == "map_value" and not is_vector(value):
        for inner, part in value.map_value.fields.items():
            _check_field(inner, part, depth=depth + 1)
    elif kind == "array_value":
        for element in value.array_value.values:
            if element.WhichOneof("value_type") == "array_value":
                raise invalid_argument("Cannot convert an array value in an array value.")
            _check_value(name, element, depth=depth + 1)
    elif (
        value.ByteSize() > MAX_VALUE_BYTES
        and max(len(value.string_value.encode()), len(value.bytes_value)) > MAX_VALUE_BYTES
    ):
        raise invalid_argument(f'The value of property "{name}" is longer than {MAX_VALUE_BYTES} bytes.')


def _value_bytes(value: Value) -> int:
    kind = value.WhichOneof("value_type")
    if kind == "string_value":
        return len(value.string_value.encode()) + 1
    if kind == "bytes_value":
        return len(value.bytes_value)
    if kind == "reference_value":
        return _name_bytes(value.reference_value)
    if kind == "array_value":
        return sum(_value_bytes(element) for element in value.array_value.values)
    if kind == "map_value":
        return _fields_bytes(value.map_value.fields)
    return _FIXED_BYTES[kind]


def _fields_bytes(fields: dict[str, Value]) -> int:
    return sum(len(name.encode()) + 1 + _value_bytes(value) for name, value in fields.items())


def _name_bytes(name: str) -> int:
    return sum(len(segment.encode()) + 1 for segment in name.split("/")[5:]) + 16
