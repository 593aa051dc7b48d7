"""A query: compiled once from its message, then run against a snapshot."""

from dataclasses import dataclass
from typing import Protocol

from infra.local.firestore import fields, filters, names, ordering, query_rules
from infra.local.firestore.fields import FieldPath
from infra.local.firestore.filters import Filter
from infra.local.firestore.ordering import Bound, Order, RowKey
from infra.local.firestore.wire import Document, StructuredQuery


@dataclass(frozen=True)
class Scope:
    """Which collections a query reads: one under `parent`, or with `descendants` all of that id at any depth below.

    An empty `collection_id` stands for every id.
    """

    parent: str
    collection_id: str
    descendants: bool

    @property
    def path(self) -> str:
        return f"{self.parent}/{self.collection_id}"

    def covers(self, document: str) -> bool:
        if not self.descendants:
            collection = names.collection_of(document)
            return collection == self.path if self.collection_id else names.collection_of(collection) == self.parent
        return document.startswith(self.parent + "/") and (
            not self.collection_id or names.collection_id_of(document) == self.collection_id
        )


class Source(Protocol):
    """Where the documents come from: a snapshot of the store."""

    def candidates(self, scope: Scope, narrowing: list[filters.Comparison]) -> list[Document]:
        """Every document in scope that satisfies all comparisons, and possibly others of the scope."""


@dataclass(frozen=True)
class Query:
    scope: Scope
    where: Filter
    orders: tuple[Order, ...]
    start: Bound | None
    end: Bound | None
    offset: int
    limit: int | None
    projection: tuple[FieldPath, ...] | None

    def run(self, source: Source) -> list[Document]:
        rows: list[tuple[RowKey, Document]] = []
        for document in source.candidates(self.scope, filters.conjuncts(self.where)):
            if not self.where.matches(document):
                continue
            key = ordering.row_key(document, self.orders)
            if key is not None and self._within(key):
                rows.append((key, document))
        ordering.sort(rows, self.orders)
        stop = None if self.limit is None else self.offset + self.limit
        return [document for _, document in rows[self.offset : stop]]

    def shape(self, document: Document) -> Document:
        """The document as the client asked to see it."""
        return document if self.projection is None else fields.project(document, self.projection)

    def _within(self, key: RowKey) -> bool:
        if self.start is not None:
            place = ordering.compare(key, self.start, self.orders)
            if place < 0 or (place == 0 and not self.start.before):
                return False
        if self.end is not None:
            place = ordering.compare(key, self.end, self.orders)
            if place > 0 or (place == 0 and self.end.before):
                return False
        return True


def compile_query(parent: str, query: StructuredQuery, *, aggregated: tuple[FieldPath, ...] = ()) -> Query:
    """Raises INVALID_ARGUMENT for what the real service rejects. `aggregated` fields must be there and order it too."""
    names.check_parent(parent)
    tree = filters.parse(query)
    by = ordering.orders(query, tree, aggregated=aggregated)
    query_rules.check(query, tree, by, parent=parent, aggregated=aggregated)
    source = query.from_[0] if query.from_ else None
    projection = None
    if query.HasField("select"):
        projection = tuple(fields.parse(field.field_path) for field in query.select.fields)
    return Query(
        scope=Scope(
            parent=parent,
            collection_id=source.collection_id if source else "",
            descendants=source.all_descendants if source else True,
        ),
        where=tree,
        orders=by,
        start=ordering.bound(query.start_at) if query.HasField("start_at") else None,
        end=ordering.bound(query.end_at) if query.HasField("end_at") else None,
        offset=query.offset,
        limit=query.limit.value if query.HasField("limit") else None,
        projection=projection,
    )
