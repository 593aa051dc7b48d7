"""The jobs, in memory and in SQLite.

What goes on at the moment (attempts, retries) ends with the process: the next one takes up each schedule at the next
instant that is still to come. An instant at which nobody was there is not made up for; Google promises neither.
"""

import sqlite3
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from google.cloud.scheduler_v1.types import Job

from infra.local.instants import epoch_s, timestamp
from infra.local.scheduler.cron import next_instant_s
from infra.local.sqlite_file import open_sqlite

SCHEMA = "CREATE TABLE IF NOT EXISTS jobs (name TEXT PRIMARY KEY, message BLOB NOT NULL)"


@dataclass(frozen=True)
class Execution:
    """One instant of a schedule, or one RunJob, with all its attempts."""

    scheduled_s: float
    first_attempt_s: float
    attempts: int


@dataclass(frozen=True)
class StoredJob:
    job: Job
    in_flight: int = 0
    """Attempts that wait for their answer."""
    retrying: Execution | None = None
    """Failed, and due again at the job's schedule_time."""

    @property
    def schedule_s(self) -> float:
        return epoch_s(self.job.schedule_time)

    @property
    def is_enabled(self) -> bool:
        return bool(self.job.state == Job.State.ENABLED)


class Jobs(MutableMapping[str, StoredJob]):
    """By name, in the order of their names."""

    def __init__(self, sql: sqlite3.Connection) -> None:
        self._sql = sql
        rows = sql.execute("SELECT name, message FROM jobs")
        self._stored = {name: StoredJob(Job.deserialize(message)) for name, message in rows}

    def __getitem__(self, name: str) -> StoredJob:
        return self._stored[name]

    def __setitem__(self, name: str, stored: StoredJob) -> None:
        self._sql.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?)", (name, Job.serialize(stored.job)))
        self._stored[name] = stored

    def __delitem__(self, name: str) -> None:
        self._sql.execute("DELETE FROM jobs WHERE name = ?", (name,))
        del self._stored[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._stored))

    def __len__(self) -> int:
        return len(self._stored)


class Store:
    """One user at a time."""

    def __init__(self, folder: Path | None, *, now_s: float) -> None:
        self._lock = threading.Lock()
        self._connection = open_sqlite(folder, "scheduler.sqlite", schema=SCHEMA)
        self._jobs = Jobs(self._connection)
        with self.transaction() as jobs:
            for name, stored in jobs.items():
                jobs[name] = StoredJob(scheduled(stored.job, after_s=now_s))

    @contextmanager
    def transaction(self) -> Iterator[Jobs]:
        with self._lock, self._connection:
            yield self._jobs

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def scheduled(job: Job, *, after_s: float) -> Job:
    """The job with the first instant of its schedule after that."""
    again = Job(job)
    again.schedule_time = timestamp(next_instant_s(job.schedule, job.time_zone, after_s=after_s))
    return again
