"""Field paths, and reading, writing and cutting the fields they name."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from infra.local.firestore.wire import Document, Value
from infra.local.rpc_error import invalid_argument

FieldPath: TypeAlias = tuple[str, ...]

NAME: FieldPath = ("__name__",)
"""Stands for the document's own name in orders, filters and projections; it is no stored field."""

MAX_PATH_BYTES = 1500

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_SEGMENT = re.compile(r"([A-Za-z_][A-Za-z_0-9]*)|`((?:[^`\\]|\\.)+)`", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@lru_cache(maxsize=1 << 12)
def parse(path: str) -> FieldPath:
    """`a.b` or, quoted, `` `x-y`.b ``; in quotes, a backslash takes the next character as it is."""
    if len(path.encode()) > MAX_PATH_BYTES:
        raise invalid_argument(f"Property path is longer than {MAX_PATH_BYTES} bytes.")
    segments, position = [], 0
    while (found := _SEGMENT.match(path, position)) is not None:
        segments.append(found[1] or _ESCAPE.sub(r"\1", found[2]))
        position = found.end()
        if position == len(path):
            return tuple(segments)
        if path[position] != ".":
            break
        position += 1
    raise invalid_argument(f'Invalid property path "{path}".')


def text(path: FieldPath) -> str:
    """The inverse of `parse`: how an index file or an error names the field."""
    return ".".join(
        segment if _PLAIN.fullmatch(segment) else "`" + re.sub(r"([`\\])", r"\\\1", segment) + "`" for segment in path
    )


def get(document: Document, path: FieldPath) -> Value | None:
    fields = document.fields
    for segment in path[:-1]:
        if segment not in fields:
            return None
        fields = fields[segment].map_value.fields  # of another type it reads as an empty map
    value: Value | None = fields.get(path[-1])
    return value


def put(document: Document, path: FieldPath, value: Value) -> None:
    """Makes the maps on the way, in place of whatever stands there."""
    fields = document.fields
    for segment in path[:-1]:
        parent = fields[segment]
        if parent.WhichOneof("value_type") != "map_value":
            parent.map_value.SetInParent()
        fields = parent.map_value.fields
    fields[path[-1]].CopyFrom(value)


def remove(document: Document, path: FieldPath) -> None:
    fields = document.fields
    for segment in path[:-1]:
        if segment not in fields:
            return
        fields = fields[segment].map_value.fields
    if path[-1] in fields:
        del fields[path[-1]]


def project(document: Document, paths: Iterable[FieldPath]) -> Document:
    """A copy with the named fields only."""
    part = Document(name=document.name, create_time=document.create_time, update_time=document.update_time)
    for path in paths:
        value = get(document, path) if path != NAME else None
        if value is not None:
            put(part, path, value)
    return part
