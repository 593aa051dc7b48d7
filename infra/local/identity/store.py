import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.sqlite_file import open_sqlite

SCHEMA = """
CREATE TABLE IF NOT EXISTS signing_key (private_pem TEXT NOT NULL, certificate_pem TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS principals (email TEXT PRIMARY KEY, sub TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS service_account_keys (
    key_id TEXT PRIMARY KEY, email TEXT NOT NULL, public_pem TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS clients (client_id TEXT PRIMARY KEY, client_secret TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS redirect_uris (client_id TEXT, redirect_uri TEXT, PRIMARY KEY (client_id, redirect_uri));
CREATE TABLE IF NOT EXISTS codes (code TEXT PRIMARY KEY, agreement TEXT NOT NULL, expires_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS grants (
    refresh_token TEXT PRIMARY KEY, client_id TEXT NOT NULL, email TEXT NOT NULL, scopes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS access_tokens (
    token TEXT PRIMARY KEY, client_id TEXT NOT NULL, email TEXT NOT NULL, scopes TEXT NOT NULL,
    expires_at INTEGER NOT NULL, refresh_token TEXT);
"""


class Store:
    """The service's SQLite file (in memory without a folder), one writer at a time."""

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        self._connection = open_sqlite(folder, "identity.sqlite", schema=SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            yield self._connection

    def close(self) -> None:
        with self._lock:
            self._connection.close()
