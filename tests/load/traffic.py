"""What goes on while the load lasts: shops change orders, people look at their runs and start some."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from backend.clock import utc_now
from infra.local.demo.refusal import told
from tests.load.tenant import Tenant

SEED = 4


@dataclass(frozen=True, slots=True)
class ShopChange:
    connection_id: str
    order_ids: frozenset[str]
    at: datetime
    """When the first of the orders changed."""


@dataclass(slots=True)
class Traffic:
    """From `with` to its end; what a thread raises is raised there."""

    tenants: Sequence[Tenant]
    changes_a_minute: float
    reads_a_minute: float
    starts_a_minute: float
    changes: list[ShopChange] = field(default_factory=list)
    waited_ms: dict[str, list[float]] = field(default_factory=lambda: {"reads": [], "starts": []})
    """As its clients saw it."""
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _failures: list[Exception] = field(default_factory=list)

    def __enter__(self) -> Self:
        wanted = {
            self._change_orders: self.changes_a_minute,
            self._read: self.reads_a_minute,
            self._start_run: self.starts_a_minute,
        }
        for number, (act, a_minute) in enumerate(wanted.items()):
            if a_minute:
                dice = random.Random(SEED + number)
                thread = threading.Thread(target=self._keep_acting, args=(act, 60 / a_minute, dice), daemon=True)
                self._threads.append(thread)
                thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        if self._failures:
            raise ExceptionGroup("the traffic broke down", self._failures)

    def _keep_acting(self, act: Callable[[random.Random], None], every_s: float, dice: random.Random) -> None:
        """At a fixed pace; what comes late does not make the next one late as well."""
        due = time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            due += every_s
            try:
                act(dice)
            except Exception as error:  # noqa: BLE001 - told at the end, on the thread that asked for the traffic
                self._failures.append(error)
                return

    def _change_orders(self, dice: random.Random) -> None:
        front = dice.choice(dice.choice(self.tenants).storefronts)
        at = utc_now()
        order_ids = front.change_all(price=f"{dice.randrange(1, 99)}.{dice.randrange(10, 99)}")
        self.changes.append(ShopChange(front.connection_id, frozenset(order_ids), at))

    def _read(self, dice: random.Random) -> None:
        ann = dice.choice(self.tenants).merchant
        with self._timed("reads"):
            told(ann.http.get(dice.choice(("/v1/runs", "/v1/automations", "/v1/connections"))))

    def _start_run(self, dice: random.Random) -> None:
        tenant = dice.choice(self.tenants)
        with self._timed("starts"):
            tenant.merchant.start_run(dice.choice(tenant.automations)["id"])

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.waited_ms[what].append((time.perf_counter() - began) * 1000)
