"""Takes orders for bulk operations and runs each on a thread; keeps their results as files."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema

from infra.local.shopify.bulk_operation import MAX_AT_ONCE, UNFINISHED, BulkOperation
from infra.local.shopify.bulk_operations import BulkOperations, find_operation
from infra.local.shopify.bulk_query import InvalidBulkQuery, bulk_query
from infra.local.shopify.bulk_run import BulkRun
from infra.local.shopify.faults import Faults
from infra.local.shopify.gid import gid
from infra.local.shopify.root import QueryRoot
from infra.local.shopify.session import Session
from infra.local.shopify.shops import ShopRow, Shops
from infra.local.shopify.store import Store


class BulkRunner:
    """What a stop or a crash interrupts runs again from its beginning. `run` and `cancel`
    answer with the operation, or with what is wrong as user errors.
    """

    def __init__(
        self, store: Store, schema: GraphQLSchema, *, folder: Path, faults: Faults, clock: Callable[[], int]
    ) -> None:
        self._store = store
        self._schema = schema
        self._folder = folder
        self._faults = faults
        self._clock = clock
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        folder.mkdir(parents=True, exist_ok=True)

    def resume(self) -> None:
        with self._store.reading() as connection:
            unfinished = [
                (shop, operation)
                for shop in Shops(connection).all()
                for operation in BulkOperations(connection, shop.number).unfinished()
            ]
        for shop, operation in unfinished:
            self._start(shop, operation)

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def readable(self, operation_id: int, secret: str) -> Path | None:
        """The result, for as long as it is kept; and only to whom the secret was told."""
        with self._store.reading() as connection:
            operation = find_operation(connection, operation_id)
        if operation is None or not secrets.compare_digest(operation.secret, secret):
            return None
        path = self.result(operation_id, secret)
        return path if path.exists() and not operation.expired(self._clock()) else None

    def result(self, operation_id: int, secret: str) -> Path:
        return self._folder / f"{operation_id}-{secret}.jsonl"

    def run(
        self, session: Session, *, query: str, group_objects: bool
    ) -> tuple[BulkOperation | None, list[dict[str, Any]]]:
        try:
            bulk_query(self._schema, query).nodes(QueryRoot(session))
        except InvalidBulkQuery as invalid:
            return None, [_user_error(message, code="INVALID", field=["query"]) for message in invalid.messages]
        with self._store.writing() as connection:
            operations = BulkOperations(connection, session.shop_number)
            unfinished = operations.unfinished()
            if len(unfinished) >= MAX_AT_ONCE:
                return None, [_busy(unfinished)]
            operation = operations.add(
                BulkOperation(
                    query=query,
                    group_objects=group_objects,
                    secret=secrets.token_urlsafe(24),
                    created_at=self._clock(),
                )
            )
        self._start(ShopRow(session.shop_number, session.shop), operation)
        return operation, []

    def cancel(self, session: Session, operation_id: int) -> tuple[BulkOperation | None, list[dict[str, Any]]]:
        with self._store.writing() as connection:
            operations = BulkOperations(connection, session.shop_number)
            operation = operations.get(operation_id)
            if operation is None:
                return None, [{"field": ["id"], "message": "Bulk operation does not exist"}]
            if operation.status not in UNFINISHED:
                message = f"A bulk operation cannot be canceled when it is {operation.status.lower()}"
                return operation, [{"field": None, "message": message}]
            return operations.change(operation_id, lambda current: replace(current, status="CANCELING")), []

    def _start(self, shop: ShopRow, operation: BulkOperation) -> None:
        run = BulkRun(
            store=self._store,
            schema=self._schema,
            faults=self._faults,
            clock=self._clock,
            stopping=self._stopping,
            shop=shop,
            operation=operation,
            path=self.result(operation.id, operation.secret),
        )
        thread = threading.Thread(target=run.to_its_end, daemon=True)
        self._threads = [each for each in self._threads if each.is_alive()] + [thread]
        thread.start()


def _user_error(message: str, *, code: str, field: list[str] | None = None) -> dict[str, Any]:
    return {"field": field, "message": message, "code": code}


def _busy(unfinished: list[BulkOperation]) -> dict[str, Any]:
    names = ", ".join(gid("BulkOperation", operation.id) for operation in unfinished)
    return _user_error(
        f"A bulk query operation for this app and shop is already in progress: {names}.", code="OPERATION_IN_PROGRESS"
    )
