"""Which indexes serve which queries."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.local.firestore.index_file import IndexFile
from infra.local.firestore.index_rules import check_indexed
from infra.local.firestore.query import Query, compile_query
from infra.local.firestore.wire import StructuredQuery
from infra.local.rpc_error import RpcError

ROOT = "projects/p/databases/(default)/documents"

Index = list[str]
"""Fields as `name`, `-name` for descending, `name[]` for the elements of an array."""


def index(*parts: str, group: bool = False) -> dict[str, Any]:
    fields: list[dict[str, str]] = []
    for part in parts:
        if part.endswith("[]"):
            fields.append({"fieldPath": part[:-2], "arrayConfig": "CONTAINS"})
        else:
            fields.append({"fieldPath": part.strip("-"), "order": "DESCENDING" if part[0] == "-" else "ASCENDING"})
    scope = "COLLECTION_GROUP" if group else "COLLECTION"
    return {"collectionGroup": "runs", "queryScope": scope, "fields": fields}


def query(
    *filters: str, order: tuple[str, ...] = (), group: bool = False, aggregated: tuple[tuple[str, ...], ...] = ()
) -> Query:
    """Filters as `field=`, `field<`, `field[]`."""
    parts = []
    for one in filters:
        op = {"=": "EQUAL", "<": "LESS_THAN", "]": "ARRAY_CONTAINS"}[one[-1]]
        path = one.rstrip("=<[]")
        parts.append({"field_filter": {"field": {"field_path": path}, "op": op, "value": {"integer_value": 1}}})
    directions = {True: "DESCENDING", False: "ASCENDING"}
    message = StructuredQuery(
        from_=[{"collection_id": "runs", "all_descendants": group}],
        order_by=[
            {"field": {"field_path": part.strip("-")}, "direction": directions[part[0] == "-"]} for part in order
        ],
    )
    if parts:
        message.where.CopyFrom(StructuredQuery.Filter(composite_filter={"op": "AND", "filters": parts}))
    return compile_query(ROOT, message, aggregated=aggregated)


def declared(folder: Path, *indexes: dict[str, Any], overrides: tuple[dict[str, Any], ...] = ()) -> IndexFile:
    file = folder / "firestore.indexes.json"
    file.write_text(json.dumps({"indexes": indexes, "fieldOverrides": overrides}), encoding="utf-8")
    return IndexFile.read(file)


SERVED = {
    "a composite of equality and order": (query("a=", order=("b",)), [index("a", "b")]),
    "equality in any direction": (query("a=", order=("b",)), [index("-a", "b")]),
    "equalities in any order": (query("a=", "b=", order=("c",)), [index("b", "a", "c")]),
    "two composites merged": (query("a=", "b=", order=("c",)), [index("a", "c"), index("b", "c")]),
    "a range after an equality": (query("a=", "b<"), [index("a", "b")]),
    "array and order": (query("t[]", order=("-b",)), [index("t[]", "-b")]),
    "two orders": (query(order=("a", "-b")), [index("a", "-b")]),
    "a name against the grain": (query(order=("a", "-__name__")), [index("a", "-__name__")]),
    "a group's composite": (query("a=", order=("b",), group=True), [index("a", "b", group=True)]),
    "several ranges": (query("a<", "b<"), [index("a", "b")]),
    "a sum under a filter": (query("a=", aggregated=(("b",),)), [index("a", "b")]),
    "an order by what is compared for equality": (query("a=", order=("a",)), []),
    "a name ordered backwards under an equality": (query("a=", order=("-__name__",)), []),
}

UNSERVED = {
    "the other direction": (query("a=", order=("-b",)), [index("a", "b")]),
    "orders swapped": (query(order=("a", "b")), [index("b", "a")]),
    "a longer index": (query("a=", order=("b",)), [index("a", "b", "c")]),
    "an index with another equality": (query("a=", order=("c",)), [index("a", "b", "c")]),
    "half of a merge": (query("a=", "b=", order=("c",)), [index("a", "c")]),
    "a collection's index for a group": (query("a=", order=("b",), group=True), [index("a", "b")]),
    "a group's index for a collection": (query("a=", order=("b",)), [index("a", "b", group=True)]),
    "elements for a value": (query("t=", order=("b",)), [index("t[]", "b")]),
    "a group by one field": (query("a=", group=True), []),
    "a sum under a filter": (query("a=", aggregated=(("b",),)), []),
}


@pytest.mark.parametrize("case", SERVED)
def test_served(case: str, tmp_path: Path) -> None:
    """The declared indexes answer the query."""
    asked, indexes = SERVED[case]
    check_indexed(asked, declared(tmp_path, *indexes))


@pytest.mark.parametrize("case", UNSERVED)
def test_unserved(case: str, tmp_path: Path) -> None:
    """The declared indexes do not answer the query."""
    asked, indexes = UNSERVED[case]
    with pytest.raises(RpcError, match="requires an index"):
        check_indexed(asked, declared(tmp_path, *indexes))


def test_group_exemption_serves_one_field(tmp_path: Path) -> None:
    """A single field is opened to a collection group by an override."""
    override = {"collectionGroup": "runs", "fieldPath": "a", "indexes": [_group_order("ASCENDING")]}
    check_indexed(query("a=", group=True), declared(tmp_path, overrides=(override,)))
    check_indexed(query(order=("a",), group=True), declared(tmp_path, overrides=(override,)))


def test_override_holds_for_the_fields_inside(tmp_path: Path) -> None:
    """Unless an inner field has its own."""
    none = {"collectionGroup": "runs", "fieldPath": "m", "indexes": []}
    own = {"collectionGroup": "runs", "fieldPath": "m.x", "indexes": [{"order": "ASCENDING"}]}
    file = declared(tmp_path, overrides=(none, own))
    check_indexed(query(order=("m.x",)), file)
    with pytest.raises(RpcError, match="requires an index"):
        check_indexed(query(order=("m.y",)), file)


def test_star_overrides_every_other_field(tmp_path: Path) -> None:
    """A collection group may go without automatic indexes altogether."""
    star = {"collectionGroup": "runs", "fieldPath": "*", "indexes": []}
    with pytest.raises(RpcError, match="requires an index"):
        check_indexed(query("a="), declared(tmp_path, overrides=(star,)))


def _group_order(order: str) -> dict[str, str]:
    return {"order": order, "queryScope": "COLLECTION_GROUP"}
