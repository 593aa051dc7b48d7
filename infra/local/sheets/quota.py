"""Google's quotas: calls a minute for each user and for the project, reads and writes apart. Refilled each minute."""

import threading
import time
from collections import Counter
from collections.abc import Callable

from infra.local.sheets.errors import ApiError

PROJECT_NUMBER = "123456789012"
CALLS_A_MINUTE = {"user": 60, "project": 300}


class Quota:
    def __init__(self, *, enforced: bool, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._enforced = enforced
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._minute = -1
        self._taken: Counter[tuple[str, str]] = Counter()

    def take(self, user: str, *, write: bool) -> None:
        """Count one call, or refuse it; a refused call takes nothing."""
        if not self._enforced:
            return
        kind = "Write" if write else "Read"
        with self._lock:
            minute = int(self._clock_s() // 60)
            if minute != self._minute:
                self._minute = minute
                self._taken.clear()
            for scope, name in (("user", user), ("project", "")):
                if self._taken[scope + kind, name] >= CALLS_A_MINUTE[scope]:
                    raise exhausted(kind, scope)
            for scope, name in (("user", user), ("project", "")):
                self._taken[scope + kind, name] += 1


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
                "quota_limit_value": str(CALLS_A_MINUTE[scope]),
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
