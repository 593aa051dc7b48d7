import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS signing_key (private_pem TEXT NOT NULL, certificate_pem TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS principals (email TEXT PRIMARY KEY, sub TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS service_account_keys (
    key_id TEXT PRIMARY KEY, email TEXT NOT NULL, public_pem TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS clients (client_id TEXT PRIMARY KEY, client_secret TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS grants (
    refresh_token TEXT PRIMARY KEY, client_id TEXT NOT NULL, email TEXT NOT NULL, scopes TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS access_tokens (
    token TEXT PRIMARY KEY, client_id TEXT NOT NULL, email TEXT NOT NULL, scopes TEXT NOT NULL,
    expires_at INTEGER NOT NULL, refresh_token TEXT);
"""


class Store:
    """The service's SQLite file (in memory without a folder), one writer at a time.

    The write-ahead log needs no fsync for a commit to survive kill -9 of the process.
    """

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            ":memory:" if folder is None else folder / "identity.sqlite", check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._connection:
            yield self._connection

    def close(self) -> None:
        with self._lock:
            self._connection.close()
