"""Jobs, executions and operations, in SQLite."""

import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from infra.local.run.errors import not_found
from infra.local.run.execution import Execution
from infra.local.sqlite_file import open_sqlite

EXECUTION = TypeAdapter(Execution)

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (name TEXT PRIMARY KEY, resource TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS executions (
    name TEXT PRIMARY KEY, job TEXT NOT NULL, created_s REAL NOT NULL, is_done INTEGER NOT NULL, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS executions_of_job ON executions (job, created_s);
CREATE TABLE IF NOT EXISTS operations (name TEXT PRIMARY KEY, execution TEXT, resource TEXT);
"""


class Store:
    """One writer at a time; who waits for an execution is woken at each change."""

    def __init__(self, folder: Path) -> None:
        self._changed = threading.Condition()
        self._connection = open_sqlite(folder, "run.sqlite", schema=SCHEMA)

    def put_job(self, resource: dict[str, Any]) -> None:
        with self._changed, self._connection as sql:
            sql.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?)", (resource["name"], json.dumps(resource)))

    def job(self, name: str) -> dict[str, Any] | None:
        with self._changed:
            row = self._connection.execute("SELECT resource FROM jobs WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row["resource"])

    def jobs(self, location: str) -> list[dict[str, Any]]:
        with self._changed:
            rows = self._connection.execute("SELECT name, resource FROM jobs ORDER BY name").fetchall()
        return [json.loads(row["resource"]) for row in rows if row["name"].startswith(f"{location}/jobs/")]

    def delete_job(self, name: str) -> None:
        with self._changed, self._connection as sql:
            sql.execute("DELETE FROM executions WHERE job = ?", (name,))
            sql.execute("DELETE FROM jobs WHERE name = ?", (name,))

    def add_execution(self, execution: Execution) -> None:
        with self._changed, self._connection as sql:
            _put_execution(sql, execution)

    def execution(self, name: str) -> Execution:
        """Raises NOT_FOUND."""
        with self._changed:
            return _execution(self._connection, name)

    def update_execution(self, name: str, change: Callable[[Execution], Execution]) -> Execution:
        with self._changed, self._connection as sql:
            execution = change(_execution(sql, name))
            _put_execution(sql, execution)
            self._changed.notify_all()
        return execution

    def wait_for_execution(self, name: str, *, timeout_s: float) -> Execution:
        """The execution when it is done or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: _execution(self._connection, name).is_done, timeout=timeout_s)
            return _execution(self._connection, name)

    def executions(self, job: str) -> list[Execution]:
        """Newest first."""
        with self._changed:
            rows = self._connection.execute(
                "SELECT value FROM executions WHERE job = ? ORDER BY created_s DESC, name", (job,)
            ).fetchall()
        return [EXECUTION.validate_json(row["value"]) for row in rows]

    def unfinished_executions(self) -> list[Execution]:
        """Oldest first."""
        with self._changed:
            rows = self._connection.execute(
                "SELECT value FROM executions WHERE NOT is_done ORDER BY created_s"
            ).fetchall()
        return [EXECUTION.validate_json(row["value"]) for row in rows]

    def delete_execution(self, name: str) -> None:
        with self._changed, self._connection as sql:
            sql.execute("DELETE FROM executions WHERE name = ?", (name,))

    def put_operation(self, name: str, *, execution: str | None = None, resource: dict[str, Any] | None = None) -> None:
        """An operation is that of an execution, or one that is done with `resource`."""
        with self._changed, self._connection as sql:
            sql.execute("INSERT INTO operations VALUES (?, ?, ?)", (name, execution, json.dumps(resource)))

    def operation(self, name: str) -> tuple[str | None, dict[str, Any] | None]:
        """Its execution's name or its resource. Raises NOT_FOUND."""
        with self._changed:
            row = self._connection.execute(
                "SELECT execution, resource FROM operations WHERE name = ?", (name,)
            ).fetchone()
        if row is None:
            raise not_found(name)
        return row["execution"], json.loads(row["resource"])

    def close(self) -> None:
        with self._changed:
            self._connection.close()


def _execution(sql: sqlite3.Connection, name: str) -> Execution:
    row = sql.execute("SELECT value FROM executions WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise not_found(name)
    return EXECUTION.validate_json(row["value"])


def _put_execution(sql: sqlite3.Connection, execution: Execution) -> None:
    sql.execute(
        "INSERT OR REPLACE INTO executions VALUES (?, ?, ?, ?, ?)",
        (
            execution.name,
            execution.job,
            execution.created_s,
            execution.is_done,
            EXECUTION.dump_json(execution).decode(),
        ),
    )
