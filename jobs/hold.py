"""Holding a lane: its lease is renewed while runs are carried out, and asked for before each write."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog

from backend.errors import LeaseLost
from backend.runs.lanes import LaneRepository, Lease

log = structlog.get_logger()


class Hold:
    """A lease with a heartbeat on a thread of its own; given back on exit.

    A holder that cannot renew (Firestore away, or the process was paused past its lease) learns it before its next
    write: `ensure` raises LeaseLost unless the lease outlives `write_s` from now.
    """

    def __init__(
        self,
        lanes: LaneRepository,
        lease: Lease,
        *,
        lease_s: float,
        write_s: float,
        clock: Callable[[], datetime],
    ) -> None:
        self._lanes = lanes
        self._lease = lease
        self._lease_s = lease_s
        self._write = timedelta(seconds=write_s)
        self._clock = clock
        self.rests_until: datetime | None = None
        """When the lane that is given back waits again."""
        self._lost = False
        self._ended = threading.Event()
        self._renewing = threading.Lock()
        self._heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    @property
    def lease(self) -> Lease:
        return self._lease

    def ensure(self) -> None:
        """Returns only when nobody else may write before `write_s` have passed."""
        if not self._lost and self._lease.expires_at - self._clock() <= self._write:
            self._renew()
        if self._lost:
            raise LeaseLost

    def __enter__(self) -> Self:
        self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._heart.join()
        self._lanes.give_back(self._lease, drained=kind is None, rests_until=self.rests_until)

    def _beat(self) -> None:
        while not self._ended.wait(self._lease_s / 8) and not self._lost:
            try:
                self._renew()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next beat or the next write tells
                log.warning("heartbeat_failed", detail=str(error))

    def _renew(self) -> None:
        with self._renewing:
            try:
                self._lease = self._lanes.renew(self._lease, at=self._clock(), lease_s=self._lease_s)
            except LeaseLost:
                self._lost = True
                log.warning("lease_lost", epoch=self._lease.epoch)
