"""One request to an HTTP target, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

GOOGLES_HEADERS = ("host", "content-length", "user-agent", "x-google-", "x-appengine-")
"""What a target's own headers cannot set: names, or how they begin."""


@dataclass(frozen=True)
class Call:
    target: Any
    """google.cloud.tasks.v2.HttpRequest or google.cloud.scheduler.v1.HttpTarget: asks for the token that is sent."""
    method: str
    url: str
    deadline_s: float
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Outcome:
    """`http_status` is None when no answer came: `reason` says why."""

    http_status: int | None
    reason: str = ""
    timed_out: bool = False
    retry_after_s: float = 0.0

    @property
    def is_success(self) -> bool:
        return self.http_status is not None and 200 <= self.http_status < 300


def own_headers(asked: Mapping[str, str], *, replaced: Iterable[str]) -> dict[str, str]:
    """Those that a target may set; `replaced` are further names, or beginnings of names, that the service sets."""
    replacing = (*GOOGLES_HEADERS, *replaced)
    return {name: value for name, value in asked.items() if not name.lower().startswith(replacing)}
