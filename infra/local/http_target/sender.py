"""Sends calls when they are due: one thread, one event loop, however many calls."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import httpx

from infra.local.http_target.authorization import Authorizer
from infra.local.http_target.call import Call, Outcome

STOP_GRACE_S = 2.0
"""How long calls in flight may still be answered when the service stops."""


class Sender:
    """Asks `start_due` on its own thread, from `begin()` to `stop()`: whenever it is woken, and after the seconds that
    `start_due` gave last (None: not before a change). `start_due` starts what is due by `send`.
    """

    def __init__(
        self, name: str, *, identity: str, start_due: Callable[[], float | None], clock: Callable[[], float] = time.time
    ) -> None:
        """`identity` is the URL of the local identity service, which signs the tokens that calls carry."""
        if not identity.startswith(("http://", "https://")):
            raise ValueError(f"identity must be a URL like http://127.0.0.1:8080, not {identity!r}")
        self._identity = identity.rstrip("/")
        self._start_due = start_due
        self._clock = clock
        self._sending: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._changed = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Something changed: ask again what is due."""
        self._loop.call_soon_threadsafe(self._changed.set)

    def send(self, call: Call, *, settle: Callable[[Outcome], None]) -> None:
        """From any thread. `settle` is called on the sender's thread, after which it asks again what is due."""
        self._loop.call_soon_threadsafe(self._start, call, settle)

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._request_stop)
            self._thread.join()

    def _request_stop(self) -> None:
        self._stopping = True
        self._changed.set()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._send_until_stopped())

    async def _send_until_stopped(self) -> None:
        fresh_connections = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        async with httpx.AsyncClient(limits=fresh_connections, timeout=None, trust_env=False) as self._http:  # noqa: S113 - its deadline bounds each call
            self._authorizer = Authorizer(http=self._http, identity=self._identity, clock=self._clock)
            while not self._stopping:
                self._changed.clear()
                wait_s = self._start_due()
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._changed.wait()
            await self._finish()

    async def _finish(self) -> None:
        if self._sending:
            _, pending = await asyncio.wait(self._sending, timeout=STOP_GRACE_S)
            for each in pending:
                each.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    def _start(self, call: Call, settle: Callable[[Outcome], None]) -> None:
        sending = self._loop.create_task(self._carry_out(call, settle))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)

    async def _carry_out(self, call: Call, settle: Callable[[Outcome], None]) -> None:
        settle(await self._outcome(call))
        self._changed.set()

    async def _outcome(self, call: Call) -> Outcome:
        try:
            headers = httpx.Headers(call.headers)
            async with asyncio.timeout(call.deadline_s):
                authorization = await self._authorizer.header(call)
                if authorization is not None:
                    headers["Authorization"] = authorization
                response = await self._http.request(call.method, call.url, content=call.body, headers=headers)
        except TimeoutError:
            return Outcome(http_status=None, timed_out=True)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return Outcome(http_status=None, reason=f"{type(error).__name__}: {error}")
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._authorizer.forget()
        retry_after = response.headers.get("Retry-After", "")
        return Outcome(response.status_code, retry_after_s=float(retry_after) if retry_after.isdecimal() else 0.0)
