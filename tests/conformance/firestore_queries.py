"""Seeded random documents and queries, as the dictionaries that google-cloud-firestore's request classes take."""

import datetime as dt
import random
from typing import Any

Message = dict[str, Any]

ROOT = "projects/oracle/databases/(default)/documents"
FIELDS = ("a", "b", "m.x", "`odd name`")
ARRAY_FIELD = "t"
KINDS = ("c", "c", "c", "d")
PARENTS = (ROOT, ROOT, ROOT, f"{ROOT}/c/doc01")

RANGES = ("LESS_THAN", "LESS_THAN_OR_EQUAL", "GREATER_THAN", "GREATER_THAN_OR_EQUAL")
OPERATORS = (*("EQUAL",) * 4, *RANGES, "NOT_EQUAL", "IN", "IN", "NOT_IN", "ARRAY_CONTAINS", "ARRAY_CONTAINS_ANY")
LISTS = ("IN", "NOT_IN", "ARRAY_CONTAINS_ANY")
UNARY = ("IS_NAN", "IS_NULL", "IS_NOT_NAN", "IS_NOT_NULL")


def documents(seed: int) -> list[Message]:
    """Two collections and a sub-collection of one of them, with values of every type and fields left out."""
    rng = random.Random(seed)
    names = [f"{ROOT}/c/doc{number:02}" for number in range(40)]
    names += [f"{ROOT}/d/doc{number:02}" for number in range(10)]
    names += [f"{ROOT}/c/doc01/c/sub{number:02}" for number in range(15)]
    return [{"name": name, "fields": _fields(rng)} for name in names]


def query(rng: random.Random) -> Message:
    """A request for RunQuery; with `aggregations` in it, one for RunAggregationQuery."""
    structured: Message = {
        "from_": [{"collection_id": rng.choice(KINDS), "all_descendants": rng.random() < 0.25}],
    }
    if rng.random() < 0.8:
        structured["where"] = _filter(rng, depth=0)
    orders = [_order(rng) for _ in range(rng.choice((0, 0, 1, 1, 2)))]
    if orders:
        structured["order_by"] = orders
    for cursor in ("start_at", "end_at"):
        if orders and rng.random() < 0.2:
            structured[cursor] = _cursor(rng, orders)
    if rng.random() < 0.3:
        structured["limit"] = rng.choice((0, 1, 3, 10))
    if rng.random() < 0.15:
        structured["offset"] = rng.choice((0, 1, 5))
    if rng.random() < 0.1:
        structured["select"] = {"fields": [{"field_path": rng.choice(FIELDS)}]}
    request: Message = {"parent": rng.choice(PARENTS), "structured_query": structured}
    if rng.random() < 0.15:
        request["aggregations"] = [_aggregation(rng, place) for place in range(rng.choice((1, 1, 2, 3)))]
    return request


def _fields(rng: random.Random) -> Message:
    fields: Message = {name: _value(rng) for name in ("a", "b", "odd name") if rng.random() < 0.85}
    if rng.random() < 0.7:
        fields["m"] = {"map_value": {"fields": {"x": _value(rng)}}}
    if rng.random() < 0.8:
        elements = [_scalar(rng) for _ in range(rng.randrange(4))]
        fields[ARRAY_FIELD] = {"array_value": {"values": elements}}
    return fields


def _value(rng: random.Random) -> Message:
    if rng.random() < 0.9:
        return _scalar(rng)
    if rng.random() < 0.5:
        return {"array_value": {"values": [_scalar(rng) for _ in range(rng.randrange(3))]}}
    return {"map_value": {"fields": {name: _scalar(rng) for name in rng.sample(("x", "y"), rng.randrange(3))}}}


def _scalar(rng: random.Random) -> Message:
    kinds: tuple[Message, ...] = (
        {"null_value": 0},
        {"boolean_value": rng.random() < 0.5},
        {"integer_value": rng.choice((-2, 0, 1, 2, 3, 2**53 + 1))},
        {"integer_value": rng.randrange(4)},
        {"integer_value": rng.randrange(4)},
        {"double_value": rng.choice((-0.0, 0.0, 1.0, 1.5, 2.0**53, float("inf"), float("nan")))},
        {"timestamp_value": dt.datetime(2024, 1, rng.randrange(1, 4), tzinfo=dt.UTC)},
        {"string_value": rng.choice(("", "a", "b", "ab", "é", "\U0001f600", "\uffff"))},
        {"string_value": rng.choice(("a", "b"))},
        {"bytes_value": rng.choice((b"", b"a", b"\xff"))},
        {"reference_value": f"{ROOT}/c/doc{rng.randrange(4):02}"},
        {"geo_point_value": {"latitude": rng.choice((0.0, 1.0)), "longitude": rng.choice((0.0, 1.0))}},
    )
    return rng.choice(kinds)


def _filter(rng: random.Random, *, depth: int) -> Message:
    if depth < 2 and rng.random() < 0.45:
        parts = [_filter(rng, depth=depth + 1) for _ in range(rng.choice((1, 2, 2, 3)))]
        return {"composite_filter": {"op": rng.choice(("AND", "AND", "OR")), "filters": parts}}
    if rng.random() < 0.1:
        return {"unary_filter": {"op": rng.choice(UNARY), "field": {"field_path": rng.choice(FIELDS)}}}
    op = rng.choice(OPERATORS)
    path = ARRAY_FIELD if op.startswith("ARRAY") else rng.choice((*FIELDS, *FIELDS, *FIELDS, "__name__"))
    if op in LISTS:
        values = [_operand(rng, path) for _ in range(rng.choice((1, 2, 3, 3, 11)))]
        value: Message = {"array_value": {"values": values}}
    else:
        value = _operand(rng, path)
    return {"field_filter": {"field": {"field_path": path}, "op": op, "value": value}}


def _operand(rng: random.Random, path: str) -> Message:
    if path == "__name__":
        return _reference(rng) if rng.random() < 0.95 else {"string_value": "doc01"}
    return _value(rng)


def _reference(rng: random.Random) -> Message:
    return {"reference_value": f"{ROOT}/c/doc{rng.randrange(40):02}"}


def _order(rng: random.Random) -> Message:
    path = rng.choice((*FIELDS, *FIELDS, "__name__"))
    return {"field": {"field_path": path}, "direction": rng.choice(("ASCENDING", "DESCENDING"))}


def _cursor(rng: random.Random, orders: list[Message]) -> Message:
    length = rng.randrange(1, len(orders) + 2)
    paths = [order["field"]["field_path"] for order in orders] + ["__name__"]
    values = [_operand(rng, path) for path in paths[:length]]
    return {"values": values, "before": rng.random() < 0.5}


def _aggregation(rng: random.Random, place: int) -> Message:
    alias = f"result{place}"
    kind = rng.choice(("count", "sum", "avg"))
    if kind == "count":
        return {"alias": alias, "count": {"up_to": rng.choice((1, 5))} if rng.random() < 0.3 else {}}
    return {"alias": alias, kind: {"field": {"field_path": rng.choice(FIELDS)}}}
