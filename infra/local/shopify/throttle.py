"""The bucket of points that every shop has: it holds so many and is refilled at so many a second."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from infra.local.shopify.shop import Shop


@dataclass(frozen=True, slots=True)
class Rate:
    points_per_s: int
    capacity: int


RATES = {"standard": Rate(100, 2_000), "advanced": Rate(200, 4_000), "plus": Rate(1_000, 20_000)}
"""Shopify's plans; the bucket of each holds what comes in 20 seconds, which answers to real shops show."""


class Bucket:
    """Thread-safe. A bucket without a rate never runs empty."""

    def __init__(self, rate: Rate | None, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate or RATES["plus"]
        self._endless = rate is None
        self._clock_s = clock_s
        self._available = float(self._rate.capacity)
        self._filled_at_s = clock_s()
        self._refused = 0
        self._runs_dry = False
        self._lock = threading.Lock()

    def take(self, points: int) -> bool:
        """Whether there was enough; if not, nothing is taken."""
        with self._lock:
            self._refill()
            if self._runs_dry:
                self._available, self._runs_dry = 0.0, False
            if points > self._available:
                self._refused += 1
                return False
            self._available -= points
            return True

    def give_back(self, points: int) -> None:
        with self._lock:
            self._available = min(self._rate.capacity, self._available + points)

    @property
    def refused(self) -> int:
        """How many calls there was not enough for."""
        return self._refused

    def run_dry(self) -> None:
        """The next call finds nothing left, as if somebody had made a great many right before it."""
        with self._lock:
            self._runs_dry = True

    def status(self) -> dict[str, float]:
        """What `extensions.cost.throttleStatus` says."""
        with self._lock:
            self._refill()
            return {
                "maximumAvailable": float(self._rate.capacity),
                "currentlyAvailable": int(self._available),
                "restoreRate": float(self._rate.points_per_s),
            }

    def _refill(self) -> None:
        now_s = self._clock_s()
        added = self._rate.capacity if self._endless else (now_s - self._filled_at_s) * self._rate.points_per_s
        self._available = min(self._rate.capacity, self._available + added)
        self._filled_at_s = now_s


class Buckets:
    """One for each shop, full at first. `default` is the plan of shops that name none, or "off" for no limit at all."""

    def __init__(self, default: str) -> None:
        self._default = default
        self._buckets: dict[tuple[str, Rate | None], Bucket] = {}
        self._lock = threading.Lock()

    def of(self, shop: Shop) -> Bucket:
        plan = "off" if self._default == "off" else shop.plan or self._default
        rate = RATES.get(plan)
        if rate and shop.points_per_s:
            rate = replace(rate, points_per_s=shop.points_per_s)
        with self._lock:
            return self._buckets.setdefault((shop.domain, rate), Bucket(rate))
