"""A sorted index of one field, so that a filter reads the documents it may match rather than the whole collection."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Self

from infra.local.firestore import fields
from infra.local.firestore.fields import FieldPath
from infra.local.firestore.filters import MEMBERSHIPS, RANGES, Comparison, Op
from infra.local.firestore.values import Key, sort_key, type_bounds
from infra.local.firestore.wire import Document

KeyRange = tuple[Key, Key]
"""Both ends included."""


@dataclass(frozen=True)
class IndexedField:
    path: FieldPath
    elements: bool
    """An entry for each element of an array, rather than one for the value."""

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        return cls(comparison.path, comparison.op in MEMBERSHIPS)


def ranges(comparison: Comparison) -> list[KeyRange] | None:
    """Where in its field's index the matches of a comparison lie; None when an index does not narrow it."""
    if comparison.path == fields.NAME or comparison.op in {Op.NOT_EQUAL, Op.NOT_IN}:
        return None
    if comparison.op not in RANGES:
        return [(key, key) for key in comparison.keys]
    key = comparison.keys[0]
    lowest, highest = type_bounds(key)
    if comparison.op in {Op.LESS_THAN, Op.LESS_THAN_OR_EQUAL}:
        return [(lowest, key)]
    return [(key, highest)]


class FieldIndex:
    def __init__(self, field: IndexedField, collections: Iterable[Mapping[str, Document]]) -> None:
        self._field = field
        self._entries = sorted(
            (key, name)
            for documents in collections
            for name, document in documents.items()
            for key in self._keys(document)
        )

    def replace(self, name: str, old: Document | None, new: Document | None) -> None:
        before, after = set(self._keys(old)), set(self._keys(new))
        for key in before - after:
            del self._entries[bisect_left(self._entries, (key, name))]
        for key in after - before:
            insort(self._entries, (key, name))

    def find(self, low: Key, high: Key) -> slice:
        start = bisect_left(self._entries, low, key=itemgetter(0))
        return slice(start, bisect_right(self._entries, high, lo=start, key=itemgetter(0)))

    def names(self, part: slice) -> Iterator[str]:
        return (name for _, name in self._entries[part])

    def _keys(self, document: Document | None) -> Iterable[Key]:
        value = fields.get(document, self._field.path) if document is not None else None
        if value is None:
            return ()
        if self._field.elements:
            return {sort_key(element) for element in value.array_value.values}
        return (sort_key(value),)
