"""All current documents, found by name, by collection and by collection id, and through indexes of their fields."""

from collections import defaultdict
from collections.abc import Iterable

from infra.local.firestore import names
from infra.local.firestore.field_index import FieldIndex, IndexedField, ranges
from infra.local.firestore.filters import Comparison
from infra.local.firestore.query import Scope
from infra.local.firestore.wire import Document

WORTH_INDEXING = 64
"""Fewer documents than this are read through rather than indexed."""


class Catalogue:
    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.collections: dict[str, dict[str, Document]] = defaultdict(dict)
        """By the collection's path; none is empty."""
        self._paths: dict[str, set[str]] = defaultdict(set)
        """The paths of the collections of each id."""
        self._indexes: dict[tuple[str, bool], dict[IndexedField, FieldIndex]] = defaultdict(dict)
        """By (path, False) for one collection, by (id, True) for all of an id. Made when first of use, then kept up."""

    def put(self, name: str, document: Document | None) -> None:
        old = self.documents.get(name)
        path = names.collection_of(name)
        if document is not None:
            self.documents[name] = document
            self.collections[path][name] = document
            self._paths[_id(path)].add(path)
        elif old is not None:
            del self.documents[name]
            del self.collections[path][name]
            if not self.collections[path]:
                del self.collections[path]
                self._paths[_id(path)].discard(path)
        for key in ((path, False), (_id(path), True)):
            for index in self._indexes[key].values() if key in self._indexes else ():
                index.replace(name, old, document)

    def collection_paths(self, scope: Scope) -> list[str]:
        if not scope.descendants and scope.collection_id:
            return [scope.path] if scope.path in self.collections else []
        paths = self._paths.get(scope.collection_id, ()) if scope.collection_id else self.collections
        below = scope.parent + "/"
        depth = below.count("/")
        return [path for path in paths if path.startswith(below) and (scope.descendants or path.count("/") == depth)]

    def candidates(self, scope: Scope, narrowing: Iterable[Comparison]) -> Iterable[str]:
        """Names of every document in scope that satisfies all comparisons, and of some that do not."""
        paths = self.collection_paths(scope)
        size = sum(len(self.collections[path]) for path in paths)
        if size >= WORTH_INDEXING and scope.collection_id:
            found = self._narrowed(scope, narrowing, paths)
            if found is not None:
                return found
        return [name for path in paths for name in self.collections[path]]

    def _narrowed(self, scope: Scope, narrowing: Iterable[Comparison], paths: list[str]) -> list[str] | None:
        """Through the index that leaves the fewest; None when no comparison can use one."""
        best: list[tuple[FieldIndex, slice]] | None = None
        fewest = 0
        for comparison in narrowing:
            wanted = ranges(comparison)
            if wanted is None:
                continue
            index = self._index(scope, comparison, paths)
            slices = [(index, index.find(low, high)) for low, high in wanted]
            count = sum(part.stop - part.start for _, part in slices)
            if best is None or count < fewest:
                best, fewest = slices, count
        if best is None:
            return None
        hits = dict.fromkeys(name for index, part in best for name in index.names(part))
        return [name for name in hits if scope.covers(name)]

    def _index(self, scope: Scope, comparison: Comparison, paths: list[str]) -> FieldIndex:
        key = (scope.collection_id, True) if scope.descendants else (scope.path, False)
        field = IndexedField.of(comparison)
        index = self._indexes[key].get(field)
        if index is None:
            everywhere = self._paths[scope.collection_id] if scope.descendants else paths
            index = FieldIndex(field, (self.collections[path] for path in everywhere))
            self._indexes[key][field] = index
        return index


def _id(path: str) -> str:
    return path.rpartition("/")[2]
