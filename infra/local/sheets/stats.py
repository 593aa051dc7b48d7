"""What was called: counts by method, outcome, user and spreadsheet, bytes, and faults that fired."""

import threading
from collections import Counter

from infra.local.sheets.errors import Json


class Stats:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._calls: Counter[tuple[str, int]] = Counter()
            self._users: Counter[tuple[str, str]] = Counter()
            self._spreadsheets: Counter[tuple[str, str]] = Counter()
            self._faults: Counter[str] = Counter()
            self._totals: Counter[str] = Counter()

    def fault_fired(self, kind: str) -> None:
        with self._lock:
            self._faults[kind] += 1

    def count(
        self,
        method: str,
        *,
        write: bool,
        status: int,
        user: str,
        spreadsheet_id: str | None,
        bytes_in: int,
        bytes_out: int,
    ) -> None:
        kind = "writes" if write else "reads"
        with self._lock:
            self._calls[method, status] += 1
            self._users[user, kind] += 1
            self._spreadsheets[spreadsheet_id or "", kind] += 1
            self._totals.update({kind: 1, "bytes_in": bytes_in, "bytes_out": bytes_out})
            if status == 429:
                self._totals["refused_by_quota"] += 1

    def report(self) -> Json:
        with self._lock:
            totals = {
                name: self._totals[name] for name in ("reads", "writes", "bytes_in", "bytes_out", "refused_by_quota")
            }
            return {
                **totals,
                "calls": nested(self._calls),
                "users": nested(self._users),
                "spreadsheets": nested(self._spreadsheets),
                "faults": dict(self._faults),
            }


def nested(counter: Counter[tuple[str, int]] | Counter[tuple[str, str]]) -> Json:
    report: Json = {}
    for (name, part), number in counter.items():
        report.setdefault(name, {})[str(part)] = number
    return report
