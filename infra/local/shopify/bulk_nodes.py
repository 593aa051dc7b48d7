"""BulkOperation, as the schema has it."""

from infra.local.shopify.bulk_operation import BulkOperation
from infra.local.shopify.gid import gid
from infra.local.shopify.instant import iso, iso_or_none
from infra.local.shopify.session import Session


class BulkOperationNode:
    """A result that held no object has no address, and one that is older than seven days has none any more."""

    kind = "BulkOperation"

    def __init__(self, operation: BulkOperation, session: Session) -> None:
        expired = operation.expired(session.now)
        self.id = gid("BulkOperation", operation.id)
        self.type = "QUERY"
        self.query = operation.query
        self.status = "EXPIRED" if expired and operation.status == "COMPLETED" else operation.status
        self.errorCode = operation.error_code
        self.createdAt = iso(operation.created_at)
        self.completedAt = iso_or_none(operation.completed_at)
        self.objectCount = str(operation.object_count)
        self.rootObjectCount = str(operation.root_object_count)
        self.fileSize = None if operation.file_bytes is None else str(operation.file_bytes)
        address = f"{session.base_url}bulk/{operation.id}/{operation.secret}.jsonl"
        readable = operation.object_count > 0 and not expired
        self.url = address if readable and operation.status == "COMPLETED" else None
        self.partialDataUrl = address if readable and operation.status == "FAILED" else None
