"""Sends webhooks: one thread, one event loop, a few connections at once. What it has in hand ends with the service."""

import asyncio
import random
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

import httpx

from infra.local.shopify.app import App
from infra.local.shopify.delivery import RETRIED_FOR_S, Delivery, pause_s

MAX_CONNECTIONS = 4
CONNECT_S = 1.0
ANSWER_S = 5.0
REMEMBERED = 10_000
"""How many webhooks can be looked up after they were sent."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a test has asked for. `double` and `lose` count the webhooks to which it is still to happen."""

    double: int = 0
    lose: int = 0
    hold: bool = False
    shuffle: bool = False
    delay_s: float = 0.0
    retried_for_s: float = RETRIED_FOR_S


@dataclass(slots=True)
class Parcel:
    """A delivery with what was answered so far: a status, or in words why there was none."""

    delivery: Delivery
    answers: list[int | str] = field(default_factory=list)
    state: Literal["waiting", "delivered", "lost", "given_up"] = "waiting"

    def described(self) -> dict[str, Any]:
        delivery = self.delivery
        return {
            "webhook_id": delivery.id,
            "event_id": delivery.event_id,
            "topic": delivery.topic,
            "shop": delivery.shop,
            "uri": delivery.uri,
            "answers": list(self.answers),
            "state": self.state,
        }


class Courier:
    """`refused` is called, on a thread of its own, with what failed at its last retry too."""

    def __init__(self, app: App, *, refused: Callable[[Delivery], None]) -> None:
        self._app = app
        self._refused = refused
        self._trouble = Trouble()
        self._remembered: deque[Parcel] = deque(maxlen=REMEMBERED)
        self._due: list[Parcel] = []
        self._attempts: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._changed = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="shopify-courier", daemon=True)
        self._thread.start()

    def send(self, deliveries: Sequence[Delivery]) -> None:
        """Returns at once; these are sent after what is due already, unless shuffled."""
        self._loop.call_soon_threadsafe(self._accept, deliveries)

    def make_trouble(self, **changes: Any) -> Trouble:
        """Changes what is named and leaves the rest as it is."""
        return self._on_loop(lambda: self._set_trouble(replace(self._trouble, **changes)))

    def end_trouble(self) -> None:
        self._on_loop(lambda: self._set_trouble(Trouble()))

    def sent(self) -> list[dict[str, Any]]:
        """In the order in which they were triggered, those that wait still too."""
        return self._on_loop(lambda: [parcel.described() for parcel in self._remembered])

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._request_stop)
            self._thread.join()

    def _on_loop(self, work: Callable[[], T]) -> T:
        async def run() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def _set_trouble(self, trouble: Trouble) -> Trouble:
        self._trouble = trouble
        self._changed.set()
        return trouble

    def _request_stop(self) -> None:
        self._stopping = True
        self._changed.set()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._send_until_stopped())

    async def _send_until_stopped(self) -> None:
        fresh_connections = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        timeout = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
        async with httpx.AsyncClient(limits=fresh_connections, timeout=timeout, trust_env=False) as self._http:
            while not self._stopping:
                self._changed.clear()
                self._start_due()
                await self._changed.wait()
            for attempt in self._attempts:
                attempt.cancel()
            await asyncio.gather(*self._attempts, return_exceptions=True)

    def _accept(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            trouble = self._trouble
            if trouble.lose:
                self._trouble = replace(trouble, lose=trouble.lose - 1)
                self._remembered.append(Parcel(delivery, state="lost"))
                continue
            if trouble.double:
                self._trouble = replace(trouble, double=trouble.double - 1)
            for _ in range(2 if trouble.double else 1):
                parcel = Parcel(delivery)
                self._remembered.append(parcel)
                self._loop.call_later(trouble.delay_s, self._make_due, parcel)

    def _make_due(self, parcel: Parcel) -> None:
        self._due.append(parcel)
        self._changed.set()

    def _start_due(self) -> None:
        """Shuffled, they go one at a time, as several at once could fall into their order again."""
        at_once = 1 if self._trouble.shuffle else MAX_CONNECTIONS
        while self._due and not self._trouble.hold and len(self._attempts) < at_once:
            attempt = self._loop.create_task(self._attempt(self._next()))
            self._attempts.add(attempt)
            attempt.add_done_callback(self._finish)

    def _next(self) -> Parcel:
        """Shuffled, never the one that was due first while there is another."""
        which = random.randrange(1, len(self._due)) if self._trouble.shuffle and len(self._due) > 1 else 0
        return self._due.pop(which)

    def _finish(self, attempt: asyncio.Task[None]) -> None:
        self._attempts.discard(attempt)
        self._changed.set()

    async def _attempt(self, parcel: Parcel) -> None:
        answer = await self._post(parcel.delivery)
        parcel.answers.append(answer)
        if isinstance(answer, int) and httpx.codes.is_success(answer):
            parcel.state = "delivered"
            return
        wait_s = pause_s(len(parcel.answers), window_s=self._trouble.retried_for_s)
        if wait_s is not None:
            self._loop.call_later(wait_s, self._make_due, parcel)
            return
        await asyncio.to_thread(self._refused, parcel.delivery)
        parcel.state = "given_up"

    async def _post(self, delivery: Delivery) -> int | str:
        try:
            async with asyncio.timeout(ANSWER_S):
                headers = delivery.headers(secret=self._app.secret)
                response = await self._http.post(delivery.uri, content=delivery.body, headers=headers)
        except TimeoutError:
            return f"no answer within {ANSWER_S:g} s"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return f"{type(error).__name__}: {error}"
        return response.status_code
