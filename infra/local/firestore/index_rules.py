"""Which index a query needs, and whether the real service would have it.

Each disjunction of a query is served by indexes that hold some of its equality fields first, in any order, then exactly
its sort order; several such indexes are merged when together they hold all the equality fields
(https://firebase.google.com/docs/firestore/query-data/index-overview, "Taking advantage of index merging"). Every index
ends in the document's name, in the direction of the field before.

Production knows more tricks for queries with several inequalities. What passes here passes there.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from infra.local.firestore import fields, filters
from infra.local.firestore.fields import FieldPath
from infra.local.firestore.filters import Comparison, Op
from infra.local.firestore.index_file import IndexedField, IndexFile, Mode, QueryScope
from infra.local.firestore.query import Query
from infra.local.rpc_error import failed_precondition

NAME_ASCENDING = IndexedField(fields.NAME, Mode.ASCENDING)


@dataclass(frozen=True)
class Demand:
    """One disjunction's need."""

    collection_id: str
    query_scope: QueryScope
    equal: frozenset[tuple[FieldPath, bool]]
    """Fields compared for equality; True where an array's element is."""
    sort: tuple[IndexedField, ...]
    """The rest of the index, up to and including the name."""


def check_indexed(query: Query, file: IndexFile) -> None:
    for branch in filters.disjunctions(query.where):
        demand = _demand(query, branch)
        if not _served(demand, file):
            raise failed_precondition(f"The query requires an index. {_remedy(demand, file)}")


def _demand(query: Query, branch: tuple[Comparison, ...]) -> Demand:
    exact = {comparison.path for comparison in branch if comparison.op is Op.EQUAL}
    equal = {(path, False) for path in exact - {fields.NAME}}
    equal |= {(comparison.path, True) for comparison in branch if comparison.op is Op.ARRAY_CONTAINS}
    sort: list[IndexedField] = []
    for order in query.orders:
        mode = Mode.DESCENDING if order.descending else Mode.ASCENDING
        if order.path == fields.NAME:
            sort.append(IndexedField(fields.NAME, mode))
            break  # names are unique: what follows orders nothing
        if order.path not in exact:
            sort.append(IndexedField(order.path, mode))
    scope = QueryScope.COLLECTION_GROUP if query.scope.descendants else QueryScope.COLLECTION
    return Demand(query.scope.collection_id, scope, frozenset(equal), tuple(sort))


def _served(demand: Demand, file: IndexFile) -> bool:
    if not demand.equal and demand.sort == (NAME_ASCENDING,):
        return True  # the documents themselves are in this order
    if not demand.collection_id:
        return False
    merged: set[tuple[FieldPath, bool]] = set()
    for index in _existing(demand, file):
        prefix = _prefix(index, demand)
        if prefix is not None:
            if prefix == demand.equal:
                return True
            merged |= prefix
    return bool(merged) and merged == demand.equal


def _prefix(index: tuple[IndexedField, ...], demand: Demand) -> set[tuple[FieldPath, bool]] | None:
    """The equality fields an index holds before the sort order; None when it does not serve the demand."""
    whole = index
    if index[-1].path != fields.NAME:
        descending = index[-1].mode is Mode.DESCENDING
        whole = (*index, IndexedField(fields.NAME, Mode.DESCENDING if descending else Mode.ASCENDING))
    length = len(whole) - len(demand.sort)
    if length < 0 or whole[length:] != demand.sort:
        return None
    prefix = {(part.path, part.mode is Mode.CONTAINS) for part in whole[:length]}
    return prefix if len(prefix) == length and prefix <= demand.equal else None


def _existing(demand: Demand, file: IndexFile) -> Iterator[tuple[IndexedField, ...]]:
    for index in file.composite:
        if index.collection_id == demand.collection_id and index.query_scope is demand.query_scope:
            yield index.fields
    paths = {path for path, _ in demand.equal} | {part.path for part in demand.sort[:-1]}
    for path in paths:
        for scope, mode in file.single_field(demand.collection_id, path):
            if scope is demand.query_scope:
                yield (IndexedField(path, mode),)


def _remedy(demand: Demand, file: IndexFile) -> str:
    """The entry to paste into the index file."""
    parts = [IndexedField(path, Mode.CONTAINS if element else Mode.ASCENDING) for path, element in sorted(demand.equal)]
    parts += demand.sort[:-1]
    last = parts[-1].mode if parts else Mode.ASCENDING
    if (demand.sort[-1].mode is Mode.DESCENDING) != (last is Mode.DESCENDING):
        parts.append(demand.sort[-1])
    if len(parts) == 1 and parts[0].path != fields.NAME:
        return _single_field_remedy(demand, parts[0], file)
    entry = {
        "collectionGroup": demand.collection_id,
        "queryScope": demand.query_scope.value,
        "fields": [{"fieldPath": fields.text(part.path), **_mode_entry(part.mode)} for part in parts],
    }
    return f'Add to "indexes" in {file.name}: {json.dumps(entry)}'


def _single_field_remedy(demand: Demand, part: IndexedField, file: IndexFile) -> str:
    """An override replaces what the field has, so it repeats that."""
    wanted = file.single_field(demand.collection_id, part.path) | {(demand.query_scope, part.mode)}
    entry = {
        "collectionGroup": demand.collection_id,
        "fieldPath": fields.text(part.path),
        "indexes": [
            {**_mode_entry(mode), "queryScope": scope.value}
            for scope, mode in sorted(wanted, key=lambda one: (one[0].value, one[1].value))
        ],
    }
    return f'Add to "fieldOverrides" in {file.name}: {json.dumps(entry)}'


def _mode_entry(mode: Mode) -> dict[str, str]:
    return {"arrayConfig": mode.value} if mode is Mode.CONTAINS else {"order": mode.value}
