"""Sends each job at the instants of its schedule."""

import time
from collections.abc import Callable

from infra.local.http_target.call import Outcome
from infra.local.http_target.sender import Sender
from infra.local.scheduler.execution import begun, call, ended, forced, is_due
from infra.local.scheduler.store import Execution, Jobs, Store, StoredJob


class Dispatcher:
    def __init__(self, store: Store, *, identity: str, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._sender = Sender("scheduler-dispatcher", identity=identity, start_due=self._start_due, clock=clock)
        self._sender.begin()

    def wake(self) -> None:
        """A job changed: look again at what is due."""
        self._sender.wake()

    def run_now(self, jobs: Jobs, name: str) -> StoredJob:
        return self._start(jobs, name, forced(jobs[name], now_s=self._clock()))

    def stop(self) -> None:
        self._sender.stop()

    def _start_due(self) -> float | None:
        """Gives the seconds until the next job is due; one in flight is looked at when it was answered."""
        now_s = self._clock()
        with self._store.transaction() as jobs:
            for name, stored in jobs.items():
                if is_due(stored, now_s=now_s):
                    self._start(jobs, name, begun(stored, now_s=now_s))
            waits_s = [
                stored.schedule_s - now_s for stored in jobs.values() if stored.is_enabled and stored.in_flight == 0
            ]
        return min(waits_s, default=None)

    def _start(self, jobs: Jobs, name: str, attempt: tuple[StoredJob, Execution]) -> StoredJob:
        jobs[name], execution = attempt
        started = jobs[name]

        def settle(outcome: Outcome) -> None:
            """Unless the job was deleted meanwhile, or made anew."""
            with self._store.transaction() as now:
                current = now.get(name)
                if current is not None and current.in_flight > 0:
                    now[name] = ended(current, execution, outcome, now_s=self._clock())

        self._sender.send(call(started.job, execution), settle=settle)
        return started
