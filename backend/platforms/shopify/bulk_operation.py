"""A bulk operation: asked for once, waited for, or taken up again by its id.

https://shopify.dev/docs/api/usage/bulk-operations/queries: up to five at once for an app and a shop, up to ten days
long, the file kept for seven days.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.errors import LifecycleSignal, RateLimited, ScopeMissing, SourceBroken, UpstreamUnavailable
from backend.platforms.shopify.answer import Json, part
from backend.platforms.shopify.client import ExportLost, ShopifyClient
from backend.platforms.shopify.document import document

FIRST_POLL_S = 0.2
POLL_GROWTH = 1.3
MAX_POLL_S = 10.0
MAX_STARTS = 3
BUSY_WAIT_S = 10.0
MAX_BUSY_WAITS = 60
_UNDER_WAY = {"CREATED", "RUNNING", "CANCELING"}
_BUSY = {"OPERATION_IN_PROGRESS", "LIMIT_REACHED"}


@dataclass(frozen=True, slots=True)
class ExportedFile:
    url: str
    size_bytes: int | None


class BulkOperations:
    def __init__(self, client: ShopifyClient) -> None:
        self._client = client

    def start(self, query: str) -> str:
        """The id of a new operation. After an unclear outcome it is looked for before another one is made."""
        for starts_left in reversed(range(MAX_STARTS)):
            known = self._recent()
            try:
                return self._submit(query)
            except UpstreamUnavailable:
                for operation, its_query in self._recent().items():
                    if operation not in known and its_query.split() == query.split():
                        return operation
                if not starts_left:
                    raise
        raise AssertionError("unreachable")

    def finished(self, operation: str) -> ExportedFile | None:
        """Waits for the file; there is none when there is nothing to export.

        Raises ExportLost when the operation failed or has expired. Whoever is told to stop meanwhile cancels it, since
        nobody will come for the file.
        """
        wait_s = FIRST_POLL_S
        while (found := self._look(operation)).get("status") in _UNDER_WAY:
            try:
                self._client.pause(wait_s)
            except LifecycleSignal:
                self._client.mutate(document("bulk_cancel"), id=operation)
                raise
            wait_s = min(MAX_POLL_S, wait_s * POLL_GROWTH)
        if found.get("errorCode") == "ACCESS_DENIED":
            raise ScopeMissing(detail=f"{operation} was refused")
        if found.get("status") != "COMPLETED":
            raise ExportLost(detail=f"{operation} is {found.get('status')}, {found.get('errorCode')}")
        if found.get("url") is None:
            return None
        size = found.get("fileSize")
        return ExportedFile(url=found["url"], size_bytes=None if size is None else int(size))

    def _look(self, operation: str) -> Json:
        found: Json | None = self._client.query(document("bulk_status"), id=operation).data.get("bulkOperation")
        return found or {}

    def _recent(self) -> Mapping[str, str]:
        nodes = part(self._client.query(document("bulk_recent")).data, "bulkOperations", "nodes")
        return {part(node, "id"): part(node, "query") for node in nodes}

    def _submit(self, query: str) -> str:
        """Waits while the shop already runs as many operations of ours as it allows."""
        for _ in range(MAX_BUSY_WAITS):
            data = self._client.mutate(document("bulk_start"), query=query).data
            errors = part(data, "bulkOperationRunQuery", "userErrors")
            if not errors:
                return str(part(data, "bulkOperationRunQuery", "bulkOperation", "id"))
            if _BUSY.isdisjoint(error.get("code") for error in errors):
                raise SourceBroken(detail="; ".join(str(error.get("message")) for error in errors))
            self._client.pause(BUSY_WAIT_S)
        raise RateLimited("The shop is busy with other exports.", retry_after_s=BUSY_WAIT_S)
