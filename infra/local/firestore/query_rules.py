"""What the real service rejects about a query whose every part is well-formed.

The documented rules: https://firebase.google.com/docs/firestore/query-data/queries#query_limitations and
.../order-limit-data, .../multiple-range-fields. The others are those of Google's own emulator.
"""

from collections.abc import Sequence

from infra.local.firestore import fields, filters, names
from infra.local.firestore.fields import FieldPath
from infra.local.firestore.filters import Comparison, Filter, Op
from infra.local.firestore.ordering import Order
from infra.local.firestore.wire import Cursor, StructuredQuery
from infra.local.rpc_error import failed_precondition, invalid_argument, unimplemented

MAX_DISJUNCTIONS = 30
MAX_NOT_IN = 10
MAX_INEQUALITY_FIELDS = 10


def check(
    query: StructuredQuery, tree: Filter, by: Sequence[Order], *, parent: str, aggregated: Sequence[FieldPath]
) -> None:
    _check_parts(query)
    _check_filters(tree)
    _check_orders(query, tree)
    for cursor in ("start_at", "end_at"):
        if query.HasField(cursor):
            _check_cursor(getattr(query, cursor), query, by)
    if aggregated and query.HasField("select"):
        raise invalid_argument("Cannot apply property masks when aggregation fields are present.")
    _check_scan(query, tree, by, parent=parent)
    _check_aggregated(aggregated, query, tree)


def _check_parts(query: StructuredQuery) -> None:
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


def _check_scan(query: StructuredQuery, tree: Filter, by: Sequence[Order], *, parent: str) -> None:
    """Documents themselves, without an index, can be read in ascending order only."""
    by_name = by[0].path == fields.NAME and all(one.path == fields.NAME for one in filters.comparisons(tree))
    if by_name and by[0].descending:
        raise failed_precondition("Firestore does not support descending key scans")
    selector = query.from_[0] if query.from_ else None
    if selector and selector.collection_id and selector.all_descendants and not (by_name or names.is_root(parent)):
        raise invalid_argument("collection group queries are only allowed at the root parent")


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
        raise invalid_argument("'NOT_IN' cannot be used in the same query with 'IN', 'ARRAY_CONTAINS_ANY' or 'OR'.")
    for branch in filters.disjunctions(tree):
        if sum(comparison.op is Op.ARRAY_CONTAINS for comparison in branch) > 1:
            raise invalid_argument("A maximum of 1 'ARRAY_CONTAINS' filter is allowed per disjunction.")
    _check_key_equality(tree)
    if len(filters.unequal_paths(tree)) > MAX_INEQUALITY_FIELDS:
        raise invalid_argument(f"Inequality filters on more than {MAX_INEQUALITY_FIELDS} fields.")


def _check_length(comparison: Comparison) -> None:
    if comparison.op is Op.NOT_IN and comparison.alternatives > MAX_NOT_IN:
        raise invalid_argument(f"'NOT_IN' supports up to {MAX_NOT_IN} comparison values.")
    if comparison.op in filters.MEMBERSHIPS and comparison.path == fields.NAME:
        raise invalid_argument(f"'{comparison.op.value}' cannot be used on __name__.")


def _check_key_equality(tree: Filter) -> None:
    unequal = filters.unequal_paths(tree)
    equal = {comparison.path for comparison in filters.comparisons(tree) if comparison.op in {Op.EQUAL, Op.IN}}
    if fields.NAME in equal and unequal and fields.NAME not in unequal:
        raise invalid_argument(
            "Equality on key is not allowed if there are other inequality fields "
            "and key does not appear in inequalities."
        )


def _check_aggregated(aggregated: Sequence[FieldPath], query: StructuredQuery, tree: Filter) -> None:
    """An aggregated field is ordered by before the name; so a query that names the name cannot leave it implied."""
    ordered = {fields.parse(order.field.field_path) for order in query.order_by}
    named = ordered | {comparison.path for comparison in filters.comparisons(tree)}
    behind = sorted(fields.text(path) for path in set(aggregated) - ordered - filters.unequal_paths(tree))
    if fields.NAME in named and behind:
        raise invalid_argument(
            f"This query requires an index that has fields [{', '.join(behind)}] after __name__ "
            "and Firestore does not currently support such an index."
        )


def _has_or(tree: Filter) -> bool:
    if isinstance(tree, Comparison):
        return False
    return not tree.all_of or any(_has_or(part) for part in tree.parts)


def _check_orders(query: StructuredQuery, tree: Filter) -> None:
    paths = [fields.parse(order.field.field_path) for order in query.order_by]
    if len(set(paths)) < len(paths):
        raise invalid_argument("order by clause cannot contain duplicate fields")
    if fields.NAME in paths[:-1] or (fields.NAME in paths and filters.unequal_paths(tree) - set(paths)):
        raise invalid_argument("order by clause cannot contain more fields after the key")


def _check_cursor(cursor: Cursor, query: StructuredQuery, by: Sequence[Order]) -> None:
    if not cursor.values:
        raise invalid_argument("A cursor must have at least one value.")
    if len(cursor.values) > len(query.order_by):
        raise invalid_argument("Cursor has too many values.")
    for value, order in zip(cursor.values, by, strict=False):
        if order.path == fields.NAME and value.WhichOneof("value_type") != "reference_value":
            raise invalid_argument("Cursor value for __name__ must be a reference.")
