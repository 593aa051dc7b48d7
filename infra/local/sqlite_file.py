import sqlite3
from pathlib import Path


def open_sqlite(folder: Path | None, name: str, *, schema: str) -> sqlite3.Connection:
    """That file in the folder, made where it is missing; in memory without a folder. For any thread, one at a time.

    The write-ahead log needs no fsync for a commit to survive kill -9 of the process.
    """
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(":memory:" if folder is None else folder / name, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.executescript(schema)
    return connection
