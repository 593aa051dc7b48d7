"""Queues, tasks and the names of tasks gone, in SQLite."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from google.cloud.tasks_v2.types import Queue, Task

from infra.local.instants import epoch_s
from infra.local.sqlite_file import open_sqlite
from infra.local.tasks.names import queue_of

TOMBSTONE_S = 3600
"""How long the name of a deleted or finished task stays taken ("about 1 hour" in the reference of CreateTask)."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, message BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tasks (
    name TEXT PRIMARY KEY, queue TEXT NOT NULL, schedule_s REAL NOT NULL, in_flight INTEGER NOT NULL,
    executions INTEGER NOT NULL, previous_response INTEGER, message BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS due_tasks ON tasks (queue, in_flight, schedule_s);
CREATE TABLE IF NOT EXISTS tombstones (name TEXT PRIMARY KEY, expires_s REAL NOT NULL);
"""


@dataclass(frozen=True)
class StoredTask:
    """A task and what its message has no field for.

    `in_flight` counts the attempts now waiting for an answer, `executions` the answers so far that were no 5xx.
    """

    task: Task
    in_flight: int = 0
    executions: int = 0
    previous_response: int | None = None

    @property
    def schedule_s(self) -> float:
        return epoch_s(self.task.schedule_time)


class Tables:
    """Reads and writes inside one transaction."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql

    def put_queue(self, queue: Queue) -> None:
        self._sql.execute("INSERT OR REPLACE INTO queues VALUES (?, ?)", (queue.name, Queue.serialize(queue)))

    def queue(self, name: str) -> Queue | None:
        row = self._sql.execute("SELECT message FROM queues WHERE name = ?", (name,)).fetchone()
        return None if row is None else Queue.deserialize(row["message"])

    def queues(self) -> list[Queue]:
        rows = self._sql.execute("SELECT message FROM queues ORDER BY name")
        return [Queue.deserialize(row["message"]) for row in rows]

    def delete_queue(self, name: str) -> None:
        self._sql.execute("DELETE FROM tasks WHERE queue = ?", (name,))
        self._sql.execute("DELETE FROM queues WHERE name = ?", (name,))

    def is_name_taken(self, name: str, *, now_s: float) -> bool:
        self._sql.execute("DELETE FROM tombstones WHERE expires_s <= ?", (now_s,))
        row = self._sql.execute(
            "SELECT 1 FROM tasks WHERE name = ? UNION ALL SELECT 1 FROM tombstones WHERE name = ?", (name, name)
        ).fetchone()
        return row is not None

    def put_task(self, stored: StoredTask) -> None:
        task = stored.task
        self._sql.execute(
            "INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                task.name,
                queue_of(task.name),
                stored.schedule_s,
                stored.in_flight,
                stored.executions,
                stored.previous_response,
                Task.serialize(task),
            ),
        )

    def task(self, name: str) -> StoredTask | None:
        return _stored(self._sql.execute("SELECT * FROM tasks WHERE name = ?", (name,)).fetchone())

    def next_task(self, queue: str) -> StoredTask | None:
        """The one that is due first of those not in flight."""
        return _stored(
            self._sql.execute(
                "SELECT * FROM tasks WHERE queue = ? AND in_flight = 0 ORDER BY schedule_s LIMIT 1", (queue,)
            ).fetchone()
        )

    def tasks_after(self, queue: str, *, name: str, limit: int) -> list[Task]:
        rows = self._sql.execute(
            "SELECT message FROM tasks WHERE queue = ? AND name > ? ORDER BY name LIMIT ?", (queue, name, limit)
        )
        return [Task.deserialize(row["message"]) for row in rows]

    def remove_task(self, name: str, *, now_s: float) -> None:
        self._sql.execute("DELETE FROM tasks WHERE name = ?", (name,))
        self._sql.execute("INSERT OR REPLACE INTO tombstones VALUES (?, ?)", (name, now_s + TOMBSTONE_S))

    def remove_tasks(self, queue: str, *, now_s: float) -> None:
        self._sql.execute(
            "INSERT OR REPLACE INTO tombstones SELECT name, ? FROM tasks WHERE queue = ?", (now_s + TOMBSTONE_S, queue)
        )
        self._sql.execute("DELETE FROM tasks WHERE queue = ?", (queue,))


class Store:
    """One writer at a time. Attempts that were in flight when the last process ended are due again."""

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        self._connection = open_sqlite(folder, "tasks.sqlite", schema=SCHEMA)
        with self._connection:
            self._connection.execute("UPDATE tasks SET in_flight = 0")

    @contextmanager
    def transaction(self) -> Iterator[Tables]:
        with self._lock, self._connection:
            yield Tables(self._connection)

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _stored(row: sqlite3.Row | None) -> StoredTask | None:
    if row is None:
        return None
    return StoredTask(
        task=Task.deserialize(row["message"]),
        in_flight=row["in_flight"],
        executions=row["executions"],
        previous_response=row["previous_response"],
    )
