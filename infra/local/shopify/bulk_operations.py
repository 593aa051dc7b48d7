"""The bulk operations of one shop, as rows."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace

from pydantic import TypeAdapter

from infra.local.shopify.bulk_operation import UNFINISHED, BulkOperation

_DOCUMENT = TypeAdapter(BulkOperation)


class BulkOperations:
    def __init__(self, connection: sqlite3.Connection, shop_number: int) -> None:
        self._connection = connection
        self._shop = shop_number

    def get(self, operation_id: int) -> BulkOperation | None:
        row = self._connection.execute(
            "SELECT id, document FROM bulk_operations WHERE shop = ? AND id = ?", (self._shop, operation_id)
        ).fetchone()
        return None if row is None else _operation(row)

    def all(self) -> list[BulkOperation]:
        """The oldest first."""
        rows = self._connection.execute(
            "SELECT id, document FROM bulk_operations WHERE shop = ? ORDER BY id", (self._shop,)
        )
        return [_operation(row) for row in rows]

    def unfinished(self) -> list[BulkOperation]:
        return [operation for operation in self.all() if operation.status in UNFINISHED]

    def add(self, operation: BulkOperation) -> BulkOperation:
        """Returns it with the id it was given."""
        cursor = self._connection.execute(
            "INSERT INTO bulk_operations (shop, document) VALUES (?, ?)", (self._shop, _DOCUMENT.dump_json(operation))
        )
        return replace(operation, id=cursor.lastrowid or 0)

    def change(self, operation_id: int, change: Callable[[BulkOperation], BulkOperation]) -> BulkOperation:
        """Writes what `change` makes of the operation as it is now."""
        current = self.get(operation_id)
        if current is None:
            raise KeyError(operation_id)
        changed = change(current)
        self._connection.execute(
            "UPDATE bulk_operations SET document = ? WHERE id = ?", (_DOCUMENT.dump_json(changed), operation_id)
        )
        return changed


def find_operation(connection: sqlite3.Connection, operation_id: int) -> BulkOperation | None:
    """Whichever shop's it is."""
    row = connection.execute("SELECT id, document FROM bulk_operations WHERE id = ?", (operation_id,)).fetchone()
    return None if row is None else _operation(row)


def _operation(row: tuple[int, str]) -> BulkOperation:
    return replace(_DOCUMENT.validate_json(row[1]), id=row[0])
