"""The documents on disk. A commit is acknowledged only after SQLite has it, so it survives a kill -9.

WAL with synchronous=NORMAL: what is written survives the end of the process, though not always a power failure.
The exclusive lock keeps a second server off the same state.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.local.firestore.wire import Document

LOCK_S = 0.5
"""How long a server that was told to stop may take to let go of its state."""

_SCHEMA = """
pragma locking_mode = exclusive;
pragma journal_mode = wal;
pragma synchronous = normal;
create table if not exists document (name text primary key, body blob not null);
"""


class Journal:
    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=LOCK_S)
        self._connection.executescript(_SCHEMA)

    def documents(self) -> Iterator[Document]:
        for (body,) in self._connection.execute("select body from document"):
            yield Document.FromString(body)

    def write(self, changes: Mapping[str, Document | None]) -> None:
        """All or nothing. None deletes."""
        gone = [(name,) for name, document in changes.items() if document is None]
        kept = [(name, document.SerializeToString()) for name, document in changes.items() if document is not None]
        self._connection.execute("begin immediate")
        try:
            self._connection.executemany("delete from document where name = ?", gone)
            self._connection.executemany("replace into document values (?, ?)", kept)
            self._connection.execute("commit")
        except sqlite3.Error:
            self._connection.execute("rollback")
            raise

    def close(self) -> None:
        self._connection.close()
