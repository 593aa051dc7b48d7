"""Sends what is due, as fast as each queue allows: one thread, one event loop, however many queues and attempts."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import httpx
from google.cloud.tasks_v2.types import HttpMethod, Queue

from infra.local.tasks.attempt import Outcome, answered, dispatched, headers
from infra.local.tasks.authorization import Authorizer
from infra.local.tasks.instants import seconds
from infra.local.tasks.names import queue_of
from infra.local.tasks.retry import RetryPolicy
from infra.local.tasks.store import Store, StoredTask, Tables
from infra.local.tasks.token_bucket import TokenBucket

STOP_GRACE_S = 2.0
"""How long attempts in flight may still answer when the service stops; the others are due again at its next start."""


@dataclass
class Pace:
    """How fast a queue is going at the moment. Not kept: a new process starts with a full bucket, as an idle queue."""

    bucket: TokenBucket
    active: int = 0


class Dispatcher:
    def __init__(self, store: Store, *, identity: str, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._identity = identity
        self._clock = clock
        self._paces: dict[str, Pace] = {}
        self._attempts: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._changed = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="tasks-dispatcher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something changed in the store: look again at what is due."""
        self._loop.call_soon_threadsafe(self._changed.set)

    def dispatch_now(self, tables: Tables, stored: StoredTask) -> StoredTask:
        """RunTask: one attempt at once, whatever the queue's rate, concurrency and state."""
        started = dispatched(stored, now_s=self._clock())
        tables.put_task(started)
        self._loop.call_soon_threadsafe(self._start_attempt, started, None)
        return started

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._request_stop)
            self._thread.join()

    def _request_stop(self) -> None:
        self._stopping = True
        self._changed.set()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._dispatch_until_stopped())

    async def _dispatch_until_stopped(self) -> None:
        fresh_connections = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        async with httpx.AsyncClient(limits=fresh_connections, timeout=None, trust_env=False) as self._http:  # noqa: S113 - the dispatch deadline bounds each request
            self._authorizer = Authorizer(http=self._http, identity=self._identity, clock=self._clock)
            while not self._stopping:
                self._changed.clear()
                wait_s = self._start_due()
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._changed.wait()
            await self._finish_attempts()

    async def _finish_attempts(self) -> None:
        if self._attempts:
            _, pending = await asyncio.wait(self._attempts, timeout=STOP_GRACE_S)
            for attempt in pending:
                attempt.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

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
        attempt = self._loop.create_task(self._attempt(stored, pace))
        self._attempts.add(attempt)
        attempt.add_done_callback(self._attempts.discard)

    async def _attempt(self, stored: StoredTask, pace: Pace | None) -> None:
        try:
            outcome = await self._send(stored)
        finally:
            if pace is not None:
                pace.active -= 1
        self._settle(stored.task.name, outcome)
        self._changed.set()

    async def _send(self, stored: StoredTask) -> Outcome:
        request = stored.task.http_request
        try:
            async with asyncio.timeout(seconds(stored.task.dispatch_deadline)):
                response = await self._http.request(
                    HttpMethod(request.http_method).name,
                    request.url,
                    content=request.body,
                    headers=headers(stored, authorization=await self._authorizer.header(request)),
                )
        except TimeoutError:
            return Outcome(http_status=None, timed_out=True)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Outcome(http_status=None, reason=f"{type(error).__name__}: {error}")
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._authorizer.forget()
        retry_after = response.headers.get("Retry-After", "")
        return Outcome(response.status_code, retry_after_s=float(retry_after) if retry_after.isdecimal() else 0.0)

    def _settle(self, name: str, outcome: Outcome) -> None:
        """Writes down what became of an attempt, unless the task was deleted meanwhile."""
        now_s = self._clock()
        with self._store.transaction() as tables:
            stored, queue = tables.task(name), tables.queue(queue_of(name))
            if stored is None or queue is None:
                return
            config = stored.task.retry_config if "retry_config" in stored.task else queue.retry_config
            waiting = answered(stored, outcome=outcome, policy=RetryPolicy.of(config), now_s=now_s)
            if waiting is None:
                tables.remove_task(name, now_s=now_s)
            else:
                tables.put_task(waiting)
