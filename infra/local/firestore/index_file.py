"""firestore.indexes.json, in Firebase's format: composite indexes, and what overrides the automatic ones.

The same file is deployed to the cloud, so what is refused here is what cannot be deployed.
https://firebase.google.com/docs/reference/firestore/indexes
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Self

from infra.local.firestore import fields
from infra.local.firestore.fields import FieldPath

EVERY_FIELD: FieldPath = ("*",)


class Mode(Enum):
    ASCENDING = "ASCENDING"
    DESCENDING = "DESCENDING"
    CONTAINS = "CONTAINS"


class QueryScope(Enum):
    COLLECTION = "COLLECTION"
    COLLECTION_GROUP = "COLLECTION_GROUP"


AUTOMATIC = frozenset((QueryScope.COLLECTION, mode) for mode in Mode)
"""What every field has unless an override says otherwise."""


@dataclass(frozen=True)
class IndexedField:
    path: FieldPath
    mode: Mode


@dataclass(frozen=True)
class Index:
    collection_id: str
    query_scope: QueryScope
    fields: tuple[IndexedField, ...]


@dataclass(frozen=True)
class TtlField:
    collection_id: str
    path: FieldPath


@dataclass(frozen=True)
class IndexFile:
    name: str
    composite: tuple[Index, ...]
    overrides: Mapping[tuple[str, FieldPath], frozenset[tuple[QueryScope, Mode]]]
    ttl: tuple[TtlField, ...]

    @classmethod
    def read(cls, file: Path) -> Self:
        content = json.loads(file.read_text(encoding="utf-8"))
        try:
            overrides = content.get("fieldOverrides", [])
            return cls(
                name=file.name,
                composite=tuple(map(_index, content.get("indexes", []))),
                overrides={
                    (entry["collectionGroup"], _override_path(entry["fieldPath"])): frozenset(
                        (_scope(single), _mode(single)) for single in entry["indexes"]
                    )
                    for entry in overrides
                },
                ttl=tuple(
                    TtlField(entry["collectionGroup"], fields.parse(entry["fieldPath"]))
                    for entry in overrides
                    if entry.get("ttl", False)
                ),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{file} is not an index file: {error!r}") from error

    def single_field(self, collection_id: str, path: FieldPath) -> frozenset[tuple[QueryScope, Mode]]:
        """An override holds for the field and, unless they have their own, for the fields inside it."""
        for length in range(len(path), 0, -1):
            own = self.overrides.get((collection_id, path[:length]))
            if own is not None:
                return own
        return self.overrides.get((collection_id, EVERY_FIELD), AUTOMATIC)


def _index(entry: Mapping[str, Any]) -> Index:
    parts = tuple(IndexedField(fields.parse(part["fieldPath"]), _mode(part)) for part in entry["fields"])
    if len(parts) < 2:
        raise ValueError("an index of one field belongs under fieldOverrides")
    return Index(entry["collectionGroup"], _scope(entry), parts)


def _mode(part: Mapping[str, Any]) -> Mode:
    return Mode(part["arrayConfig"] if "arrayConfig" in part else part["order"])


def _scope(part: Mapping[str, Any]) -> QueryScope:
    return QueryScope(part.get("queryScope", "COLLECTION"))


def _override_path(text: str) -> FieldPath:
    return EVERY_FIELD if text == "*" else fields.parse(text)
