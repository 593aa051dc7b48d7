"""Trouble that a test has asked for, kept in memory until it has happened."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

RequestFault = Literal["delay", "429", "503", "throttled", "drop"]
"""Of a GraphQL request. `drop` answers it, and then closes the connection in place of sending the answer."""

BulkFault = Literal["bulk_delay", "bulk_failed"]
"""Of a bulk operation, after its first chunk: it waits, or fails and keeps what it has as partial data."""

DownloadFault = Literal["download_cut"]
"""Of fetching a result: the connection is closed half-way."""

Kind = Literal[RequestFault, BulkFault, DownloadFault]


@dataclass(slots=True)
class Fault:
    """Happens `times` times, after `skip` occasions that go well. One that is called off ends at once."""

    kind: Kind
    times: int = 1
    skip: int = 0
    delay_s: float = 1.0
    called_off: bool = False


class Faults:
    """Thread-safe."""

    def __init__(self) -> None:
        self._asked_for: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._asked_for.append(fault)

    def call_off(self, kind: str | None = None) -> None:
        """Those that wait and those that are happening; all, unless one kind is named."""
        with self._lock:
            for fault in self._asked_for:
                fault.called_off |= kind in {None, fault.kind}
            self._asked_for = [fault for fault in self._asked_for if not fault.called_off]

    def pending(self) -> list[Fault]:
        with self._lock:
            return [fault for fault in self._asked_for if fault.times > 0]

    def next(self, kinds: Collection[Kind]) -> Fault | None:
        """What goes wrong on this occasion, if anything; the occasion counts for the first fault of these kinds."""
        with self._lock:
            fault = next((each for each in self._asked_for if each.kind in kinds and each.times > 0), None)
            if fault is None:
                return None
            if fault.skip > 0:
                fault.skip -= 1
                return None
            fault.times -= 1
            return fault
