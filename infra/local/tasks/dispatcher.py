"""Sends what is due, as fast as each queue allows."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from google.cloud.tasks_v2.types import Queue

from infra.local.http_target.call import Outcome
from infra.local.http_target.sender import Sender
from infra.local.tasks.attempt import answered, call, dispatched
from infra.local.tasks.names import queue_of
from infra.local.tasks.queue_settings import retry_policy
from infra.local.tasks.store import Store, StoredTask, Tables
from infra.local.tasks.token_bucket import TokenBucket


@dataclass
class Pace:
    """How fast a queue is going at the moment. Not kept: a new process starts with a full bucket, as an idle queue."""

    bucket: TokenBucket
    active: int = 0


class Dispatcher:
    """Attempts in flight when it stops are due again at the service's next start."""

    def __init__(self, store: Store, *, identity: str, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._paces: dict[str, Pace] = {}
        self._sender = Sender("tasks-dispatcher", identity=identity, start_due=self._start_due, clock=clock)
        self._sender.begin()

    def wake(self) -> None:
        """Something changed in the store: look again at what is due."""
        self._sender.wake()

    def dispatch_now(self, tables: Tables, stored: StoredTask) -> StoredTask:
        """RunTask: one attempt at once, whatever the queue's rate, concurrency and state."""
        started = dispatched(stored, now_s=self._clock())
        tables.put_task(started)
        self._start_attempt(started, None)
        return started

    def stop(self) -> None:
        self._sender.stop()

    def _start_due(self) -> float | None:
        """Starts every attempt that may start now. Gives the seconds until the next may; None: not before a change."""
        with self._store.transaction() as tables:
            queues = tables.queues()
            self._paces = {queue.name: self._pace(queue) for queue in queues}
            waits_s = [self._start_due_in(queue, tables) for queue in queues]
        return min((wait_s for wait_s in waits_s if wait_s is not None), default=None)

    def _start_due_in(self, queue: Queue, tables: Tables) -> float | None:
        pace = self._paces[queue.name]
        if queue.state != Queue.State.RUNNING:
            return None
        while pace.active < queue.rate_limits.max_concurrent_dispatches:
            stored, now_s = tables.next_task(queue.name), self._clock()
            if stored is None:
                return None
            if stored.schedule_s > now_s:
                return stored.schedule_s - now_s
            pace.bucket = pace.bucket.at(now_s)
            if pace.bucket.wait_s > 0:
                return pace.bucket.wait_s
            pace.bucket = pace.bucket.take()
            pace.active += 1
            started = dispatched(stored, now_s=now_s)
            tables.put_task(started)
            self._start_attempt(started, pace)
        return None

    def _pace(self, queue: Queue) -> Pace:
        limits = queue.rate_limits
        rate_per_s, burst = limits.max_dispatches_per_second, limits.max_burst_size
        pace = self._paces.get(queue.name)
        if pace is None:
            return Pace(TokenBucket.full(rate_per_s=rate_per_s, burst=burst, now_s=self._clock()))
        pace.bucket = pace.bucket.at(self._clock()).with_limits(rate_per_s=rate_per_s, burst=burst)
        return pace

    def _start_attempt(self, stored: StoredTask, pace: Pace | None) -> None:
        def settle(outcome: Outcome) -> None:
            if pace is not None:
                pace.active -= 1
            self._settle(stored.task.name, outcome)

        self._sender.send(call(stored), settle=settle)

    def _settle(self, name: str, outcome: Outcome) -> None:
        """Writes down what became of an attempt, unless the task was deleted meanwhile."""
        now_s = self._clock()
        with self._store.transaction() as tables:
            stored, queue = tables.task(name), tables.queue(queue_of(name))
            if stored is None or queue is None:
                return
            config = stored.task.retry_config if "retry_config" in stored.task else queue.retry_config
            waiting = answered(stored, outcome=outcome, policy=retry_policy(config), now_s=now_s)
            if waiting is None:
                tables.remove_task(name, now_s=now_s)
            else:
                tables.put_task(waiting)
