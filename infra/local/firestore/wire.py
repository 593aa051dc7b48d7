"""The raw protobuf classes under google-cloud-firestore's proto-plus wrappers, which are several times slower.

Proto-plus renames a field that is a Python keyword; the raw classes do too: `StructuredQuery.from_`.
To the type checker they are `Any`, as classes without stubs are; the names still tell the reader what is what.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

from google.cloud.firestore_v1.types import aggregation_result, common, document, firestore, query, write
from google.protobuf.timestamp_pb2 import Timestamp


def _raw(wrapper: Any) -> Any:
    return type(wrapper.pb(wrapper()))


def message(name: str) -> Any:
    """The raw class of a request or response, by its name in google.firestore.v1."""
    return _raw(getattr(firestore, name))


if TYPE_CHECKING:
    AggregationResult: TypeAlias = Any
    Cursor: TypeAlias = Any
    Document: TypeAlias = Any
    DocumentMask: TypeAlias = Any
    FieldTransform: TypeAlias = Any
    Message: TypeAlias = Any
    Precondition: TypeAlias = Any
    StructuredAggregationQuery: TypeAlias = Any
    StructuredQuery: TypeAlias = Any
    TransactionOptions: TypeAlias = Any
    Value: TypeAlias = Any
    Write: TypeAlias = Any
    WriteResult: TypeAlias = Any
else:
    AggregationResult = _raw(aggregation_result.AggregationResult)
    Cursor = _raw(query.Cursor)
    Document = _raw(document.Document)
    DocumentMask = _raw(common.DocumentMask)
    FieldTransform = _raw(write.DocumentTransform.FieldTransform)
    Message = object
    Precondition = _raw(common.Precondition)
    StructuredAggregationQuery = _raw(query.StructuredAggregationQuery)
    StructuredQuery = _raw(query.StructuredQuery)
    TransactionOptions = _raw(common.TransactionOptions)
    Value = _raw(document.Value)
    Write = _raw(write.Write)
    WriteResult = _raw(write.WriteResult)


def timestamp(instant_us: int) -> Timestamp:
    return Timestamp(seconds=instant_us // 1_000_000, nanos=instant_us % 1_000_000 * 1000)


def instant_us(stamp: Timestamp) -> int:
    return stamp.seconds * 1_000_000 + stamp.nanos // 1000
