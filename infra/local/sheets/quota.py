"""Google's quotas: calls a minute for each user and for the project, reads and writes apart. Refilled each minute."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from infra.local.sheets.errors import ApiError

PROJECT_NUMBER = "123456789012"
SCOPES = ("user", "project")


@dataclass(frozen=True)
class Terms:
    """Calls within each window: those of Google, unless tests in a hurry want others."""

    user: int = 60
    project: int = 300
    window_s: float = 60.0

    def calls(self, scope: str) -> int:
        return self.user if scope == "user" else self.project


class Quota:
    def __init__(self, *, enforced: bool, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._own = self._terms = Terms() if enforced else None
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._window = -1
        self._taken: Counter[tuple[str, str]] = Counter()

    @property
    def terms(self) -> Terms | None:
        with self._lock:
            return self._terms

    def change(self, terms: Terms | None) -> None:
        """For tests; None: as it was at first."""
        with self._lock:
            self._terms = terms or self._own
            self._window = -1

    def take(self, user: str, *, write: bool) -> None:
        """Count one call, or refuse it; a refused call takes nothing."""
        kind = "Write" if write else "Read"
        with self._lock:
            terms = self._terms
            if terms is None:
                return
            window = int(self._clock_s() // terms.window_s)
            if window != self._window:
                self._window = window
                self._taken.clear()
            names = {"user": user, "project": ""}
            for scope in SCOPES:
                if self._taken[scope + kind, names[scope]] >= terms.calls(scope):
                    raise exhausted(kind, scope)
            for scope in SCOPES:
                self._taken[scope + kind, names[scope]] += 1


def exhausted(kind: str, scope: str) -> ApiError:
    """`kind` is Read or Write, `scope` user or project."""
    limit = f"{kind} requests per minute" + (" per user" if scope == "user" else "")
    limit_id = f"{kind}RequestsPerMinutePer" + ("User" if scope == "user" else "Project")
    details = [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "RATE_LIMIT_EXCEEDED",
            "domain": "googleapis.com",
            "metadata": {
                "quota_limit": limit_id,
                "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
                "quota_limit_value": str(Terms().calls(scope)),
                "service": "sheets.googleapis.com",
                "consumer": f"projects/{PROJECT_NUMBER}",
            },
        }
    ]
    message = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{limit}' of service 'sheets.googleapis.com' "
        f"for consumer 'project_number:{PROJECT_NUMBER}'."
    )
    return ApiError("RESOURCE_EXHAUSTED", message, details=details)
