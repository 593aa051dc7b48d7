"""The SQLite file that holds everything, and its transactions.

Write-ahead logging lets a bulk operation read for a minute while orders change; what was committed is there after
kill -9 (`synchronous = NORMAL` can lose it only when the whole machine stops).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

LOCK_TIMEOUT_S = 60

_SCHEMA = """
CREATE TABLE IF NOT EXISTS shops (
  number INTEGER PRIMARY KEY, domain TEXT NOT NULL UNIQUE, document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
  shop INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, processed_at INTEGER NOT NULL,
  cancelled_at INTEGER, closed_at INTEGER, test INTEGER NOT NULL, email TEXT, customer_id INTEGER,
  financial_status TEXT NOT NULL, fulfillment_status TEXT NOT NULL, document TEXT NOT NULL,
  PRIMARY KEY (shop, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS orders_by_creation ON orders (shop, created_at, id);
CREATE INDEX IF NOT EXISTS orders_by_update ON orders (shop, updated_at, id);
CREATE INDEX IF NOT EXISTS orders_by_processing ON orders (shop, processed_at, id);
CREATE INDEX IF NOT EXISTS orders_by_name ON orders (shop, name);
CREATE INDEX IF NOT EXISTS orders_by_customer ON orders (shop, customer_id);
CREATE TABLE IF NOT EXISTS lines (
  shop INTEGER NOT NULL, order_id INTEGER NOT NULL, id INTEGER NOT NULL,
  title TEXT NOT NULL, quantity INTEGER NOT NULL, unit_price TEXT NOT NULL, sku TEXT, variant_title TEXT, vendor TEXT,
  discount TEXT NOT NULL, removed INTEGER NOT NULL, refunded INTEGER NOT NULL,
  taxable INTEGER NOT NULL, requires_shipping INTEGER NOT NULL,
  PRIMARY KEY (shop, order_id, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bulk_operations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, shop INTEGER NOT NULL, document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS oauth_codes (
  code TEXT PRIMARY KEY, shop INTEGER NOT NULL, scopes TEXT NOT NULL, expires_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
  refresh_token TEXT PRIMARY KEY, shop INTEGER NOT NULL, access_token TEXT NOT NULL, scopes TEXT NOT NULL,
  expires_at INTEGER NOT NULL, refresh_expires_at INTEGER NOT NULL, replaces TEXT
);
CREATE TABLE IF NOT EXISTS webhook_subscriptions (
  id INTEGER PRIMARY KEY AUTOINCREMENT, shop INTEGER NOT NULL, document TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS webhook_subscriptions_by_shop ON webhook_subscriptions (shop);
"""


class Store:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "shopify.sqlite3"
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One unchanging view of everything, for as long as the block lasts."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; one writer at a time."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=LOCK_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection
