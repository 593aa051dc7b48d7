"""What the real service rejects about a query whose every part is well-formed.

The documented rules: https://firebase.google.com/docs/firestore/query-data/queries#query_limitations and
.../order-limit-data, .../multiple-range-fields. The others are those of Google's own emulator.
"""

from collections.abc import Sequence

from infra.local.firestore import fields, filters, names
from infra.local.firestore.errors import invalid_argument, unimplemented
from infra.local.firestore.filters import Comparison, Filter, Op
from infra.local.firestore.ordering import Order
from infra.local.firestore.wire import Cursor, StructuredQuery

MAX_DISJUNCTIONS = 30
MAX_NOT_IN = 10
MAX_INEQUALITY_FIELDS = 10


def check(query: StructuredQuery, tree: Filter, by: Sequence[Order]) -> None:
    if query.HasField("find_nearest"):
        raise unimplemented("Vector search (find_nearest) is not served here.")
    if len(query.from_) > 1:
        raise invalid_argument("StructuredQuery.from cannot have more than one collection selector.")
    for selector in query.from_:
        if selector.collection_id:
            names.check_collection_id(selector.collection_id)
    if query.offset < 0:
        raise invalid_argument("offset is negative")
    if query.HasField("limit") and query.limit.value < 0:
        raise invalid_argument("limit is negative")
    _check_filters(tree)
    _check_orders(query)
    for cursor in ("start_at", "end_at"):
        if query.HasField(cursor):
            _check_cursor(getattr(query, cursor), query, by)


def _check_filters(tree: Filter) -> None:
    everything = list(filters.comparisons(tree))
    ops = [comparison.op for comparison in everything]
    if ops.count(Op.NOT_EQUAL) + ops.count(Op.NOT_IN) > 1:
        raise invalid_argument("Only a single 'NOT_EQUAL', 'NOT_IN', 'IS_NOT_NAN' or 'IS_NOT_NULL' filter is allowed.")
    for comparison in everything:
        _check_length(comparison)
    if filters.disjunction_count(tree) > MAX_DISJUNCTIONS:
        raise invalid_argument(
            f"{filters.disjunction_count(tree)} disjunctions in the query exceed the limit of {MAX_DISJUNCTIONS}."
        )
    if Op.NOT_IN in ops and (Op.IN in ops or Op.ARRAY_CONTAINS_ANY in ops or _has_or(tree)):
        raise invalid_argument("'NOT_IN' cannot be used in the same query as 'IN', 'ARRAY_CONTAINS_ANY' or 'OR'.")
    for branch in filters.disjunctions(tree):
        if sum(comparison.op is Op.ARRAY_CONTAINS for comparison in branch) > 1:
            raise invalid_argument("A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.")
    unequal = {comparison.path for comparison in everything if comparison.op in filters.INEQUALITIES}
    if len(unequal) > MAX_INEQUALITY_FIELDS:
        raise invalid_argument(f"Inequality filters on more than {MAX_INEQUALITY_FIELDS} fields.")


def _check_length(comparison: Comparison) -> None:
    if comparison.op is Op.NOT_IN and len(comparison.keys) > MAX_NOT_IN:
        raise invalid_argument(f"'NOT_IN' supports up to {MAX_NOT_IN} comparison values.")
    if comparison.op in filters.MEMBERSHIPS and comparison.path == fields.NAME:
        raise invalid_argument(f"'{comparison.op.value}' cannot be used on __name__.")


def _has_or(tree: Filter) -> bool:
    if isinstance(tree, Comparison):
        return False
    return (not tree.all_of and len(tree.parts) > 1) or any(_has_or(part) for part in tree.parts)


def _check_orders(query: StructuredQuery) -> None:
    paths = [fields.parse(order.field.field_path) for order in query.order_by]
    if len(set(paths)) < len(paths):
        raise invalid_argument("order by clause cannot contain duplicate fields")


def _check_cursor(cursor: Cursor, query: StructuredQuery, by: Sequence[Order]) -> None:
    if not cursor.values:
        raise invalid_argument("A cursor must have at least one value.")
    if len(cursor.values) > max(len(query.order_by), len(by)):
        raise invalid_argument("Cursor has too many values.")
    for value, order in zip(cursor.values, by, strict=False):
        if order.path == fields.NAME and value.WhichOneof("value_type") != "reference_value":
            raise invalid_argument("Cursor value for __name__ must be a reference.")
