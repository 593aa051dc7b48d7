"""One bulk operation while it runs."""

import json
import sqlite3
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any, get_args

from graphql import GraphQLError, GraphQLSchema

from infra.local.shopify.bulk_operation import BulkOperation, ErrorCode
from infra.local.shopify.bulk_operations import BulkOperations
from infra.local.shopify.bulk_query import Row, bulk_query
from infra.local.shopify.faults import BulkFault, Fault, Faults
from infra.local.shopify.root import QueryRoot
from infra.local.shopify.session import Session
from infra.local.shopify.shops import ShopRow
from infra.local.shopify.store import Store

CHUNK_ROOTS = 250
"""How often an operation says how far it is, and looks whether it is to stop."""

PATIENCE_S = 0.02
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class _Interrupted(Exception):
    """The service stops; the operation stays unfinished and runs again when the service is back."""


class _Canceled(Exception):
    """The app does not want it any more."""


class _Failed(Exception):
    """A test wanted it to."""


@dataclass(slots=True)
class BulkRun:
    """Reads the shop as it was when the operation began to run. `path` is where the result goes, complete or not at all
    unless the operation fails.
    """

    store: Store
    schema: GraphQLSchema
    faults: Faults
    clock: Callable[[], int]
    stopping: threading.Event
    shop: ShopRow
    operation: BulkOperation
    path: Path
    objects: int = 0
    roots: int = 0

    def to_its_end(self) -> None:
        error: ErrorCode | None = None
        try:
            self._write()
        except _Interrupted:
            return
        except _Canceled:
            self._change(status="CANCELED", completed_at=self.clock())
            return
        except GraphQLError:
            error = "ACCESS_DENIED"
        except _Failed:
            error = "INTERNAL_SERVER_ERROR"
        except Exception:  # noqa: BLE001 - the entry point of a thread: whatever it was, the operation has failed
            traceback.print_exc()
            error = "INTERNAL_SERVER_ERROR"
        self._change(
            status="FAILED" if error else "COMPLETED",
            error_code=error,
            completed_at=self.clock(),
            file_bytes=self.path.stat().st_size if self.path.exists() else None,
        )

    def _write(self) -> None:
        """The result, which is kept as partial data when the operation fails on its way."""
        part = self.path.with_suffix(".part")
        try:
            with ExitStack() as stack:
                connection = stack.enter_context(self.store.reading())
                result = stack.enter_context(part.open("wb"))
                # Ungrouped, children come after all roots: nobody may count on finding them next to their parents.
                children = (
                    result if self.operation.group_objects else stack.enter_context(TemporaryFile(dir=part.parent))
                )
                try:
                    self._write_rows(connection, roots=result, children=children)
                finally:
                    if children is not result:
                        children.seek(0)
                        copyfileobj(children, result)
        except (_Interrupted, _Canceled):
            part.unlink(missing_ok=True)
            raise
        except BaseException:
            part.replace(self.path)
            raise
        part.replace(self.path)

    def _write_rows(self, connection: sqlite3.Connection, *, roots: IO[bytes], children: IO[bytes]) -> None:
        session = Session.open(connection, self.shop, base_url="", now=self.clock())
        query = bulk_query(self.schema, self.operation.query)
        fault = self.faults.next(get_args(BulkFault))
        self._report()
        for node in query.nodes(QueryRoot(session)):
            for row in query.rows(node):
                (roots if row.is_root else children).write(_line(row))
                self.objects += 1
            self.roots += 1
            if self.roots % CHUNK_ROOTS == 1:
                self._report()
                if fault is not None:
                    self._suffer(fault)
                    fault = None
        self._report()

    def _report(self) -> None:
        """Says how far it is; raises when it is to go no further."""
        if self.stopping.is_set():
            raise _Interrupted
        if self._change(status="RUNNING").status == "CANCELING":
            raise _Canceled

    def _suffer(self, fault: Fault) -> None:
        if fault.kind == "bulk_failed":
            raise _Failed
        until_s = time.monotonic() + fault.delay_s
        while time.monotonic() < until_s and not fault.called_off:
            self.stopping.wait(PATIENCE_S)
            self._report()

    def _change(self, **changes: Any) -> BulkOperation:
        """One that is being cancelled stays so until it is cancelled."""

        def changed(current: BulkOperation) -> BulkOperation:
            progress = replace(current, object_count=self.objects, root_object_count=self.roots)
            if current.status == "CANCELING" and changes["status"] == "RUNNING":
                return progress
            return replace(progress, **changes)

        with self.store.writing() as connection:
            return BulkOperations(connection, self.shop.number).change(self.operation.id, changed)


def _line(row: Row) -> bytes:
    return _JSON.encode(row.values).encode() + b"\n"
