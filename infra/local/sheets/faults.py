"""What goes wrong on purpose: a queue of faults that tests order, each for the next calls that match it."""

import threading
from dataclasses import dataclass, field

from infra.local.sheets.errors import Json
from infra.local.sheets.methods import Method

KINDS = (
    "delay",
    "429",
    "503_before",
    "503_after",
    "drop_before",
    "drop_after",
    "edit_before",
    "edit_after",
)


@dataclass
class Fault:
    """Matches `times` calls after passing over `skip` of them. `calls` is read, write or a method's name."""

    kind: str
    calls: str = "write"
    spreadsheet_id: str | None = None
    skip: int = 0
    times: int = 1
    delay_s: float = 0
    requests: list[Json] = field(default_factory=list)

    def matches(self, method: Method, spreadsheet_id: str | None) -> bool:
        if self.spreadsheet_id not in {None, spreadsheet_id}:
            return False
        return self.calls in {method.name, "write" if method.writes else "read"}


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._queue.append(fault)

    def clear(self, kind: str | None = None) -> None:
        """All, unless one kind is named."""
        with self._lock:
            self._queue = [fault for fault in self._queue if kind not in {None, fault.kind}]

    def pending(self) -> list[Fault]:
        with self._lock:
            return list(self._queue)

    def take(self, method: Method, spreadsheet_id: str | None) -> list[Fault]:
        """The faults of this call: at most one that decides its outcome, and any delays and edits."""
        taken: list[Fault] = []
        decided = False
        with self._lock:
            for fault in list(self._queue):
                accompanies = fault.kind in {"delay", "edit_before", "edit_after"}
                if not fault.matches(method, spreadsheet_id) or (decided and not accompanies):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self._queue.remove(fault)
                taken.append(fault)
                decided = decided or not accompanies
        return taken
