"""PartitionQuery: where to cut a collection group so that workers may read the parts side by side."""

from collections.abc import Sequence

from infra.local.firestore import fields
from infra.local.firestore.query import Query
from infra.local.firestore.wire import Cursor, Document, Value
from infra.local.rpc_error import invalid_argument


def split(query: Query, documents: Sequence[Document], *, count: int) -> list[str]:
    """At most `count` names at which parts of about equal size begin, in order."""
    if not query.scope.descendants or query.offset or query.limit is not None or query.orders[0].path != fields.NAME:
        raise invalid_argument("Only a query of a collection group by name, without limit or offset, has partitions.")
    if count <= 0:
        raise invalid_argument("partition_count must be positive")
    places = {len(documents) * part // (count + 1) for part in range(1, count + 1)} - {0, len(documents)}
    return [documents[place].name for place in sorted(places)]


def cursor(name: str) -> Cursor:
    return Cursor(values=[Value(reference_value=name)], before=True)
