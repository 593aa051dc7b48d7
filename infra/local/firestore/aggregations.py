"""count, sum and average over the results of a query."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from infra.local.firestore import fields
from infra.local.firestore.fields import FieldPath
from infra.local.firestore.values import is_number, number, number_value
from infra.local.firestore.wire import Document, StructuredAggregationQuery, Value
from infra.local.rpc_error import invalid_argument

MAX_AGGREGATIONS = 5


@dataclass(frozen=True)
class Aggregation:
    alias: str
    kind: str
    """count, sum or avg"""
    path: FieldPath | None
    up_to: int | None

    def over(self, documents: Sequence[Document]) -> Value:
        if self.path is None:
            return Value(integer_value=len(documents) if self.up_to is None else min(len(documents), self.up_to))
        values = (fields.get(document, self.path) for document in documents)
        numbers = [number(value) for value in values if value is not None and is_number(value)]
        if self.kind == "avg":
            return Value(double_value=_sum(numbers) / len(numbers)) if numbers else Value(null_value=0)
        return number_value(_sum(numbers))


def parse(query: StructuredAggregationQuery) -> tuple[Aggregation, ...]:
    if not query.aggregations:
        raise invalid_argument("Aggregations can not be empty")
    if len(query.aggregations) > MAX_AGGREGATIONS:
        raise invalid_argument(f"At most {MAX_AGGREGATIONS} aggregations are allowed in a query.")
    parsed = []
    for position, aggregation in enumerate(query.aggregations, start=1):
        kind = aggregation.WhichOneof("operator")
        if kind is None:
            raise invalid_argument("An aggregation says nothing to do.")
        counting = kind == "count"
        up_to = aggregation.count.up_to.value if aggregation.count.HasField("up_to") else None
        if up_to is not None and up_to <= 0:
            raise invalid_argument("up_to must be greater than zero")
        parsed.append(
            Aggregation(
                alias=aggregation.alias or f"field_{position}",
                kind=kind,
                path=None if counting else fields.parse(getattr(aggregation, kind).field.field_path),
                up_to=up_to,
            )
        )
    aliases = [aggregation.alias for aggregation in parsed]
    if len(set(aliases)) < len(aliases):
        raise invalid_argument("Aggregation aliases contain duplicate alias")
    return tuple(parsed)


def _sum(numbers: Sequence[int | float]) -> int | float:
    """Exact over integers; a sum that leaves 64 bits becomes a double, as does one with a double in it."""
    if any(isinstance(part, float) for part in numbers):
        return math.fsum(numbers) if all(map(math.isfinite, numbers)) else sum(map(float, numbers))
    total = sum(numbers)
    return total if -(2**63) <= total < 2**63 else float(total)
