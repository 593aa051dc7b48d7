"""A bulk operation as it is kept."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["CANCELED", "CANCELING", "COMPLETED", "CREATED", "FAILED", "RUNNING"]
ErrorCode = Literal["ACCESS_DENIED", "INTERNAL_SERVER_ERROR", "TIMEOUT"]

MAX_AT_ONCE = 5
"""For an app and shop, since 2026-01; it was one before."""

KEPT_S = 7 * 24 * 3600
"""How long the result can be fetched."""

UNFINISHED = frozenset({"CREATED", "RUNNING", "CANCELING"})


@dataclass(frozen=True, slots=True)
class BulkOperation:
    """`secret` is the part of the result's address that cannot be guessed: whoever has the address may read it."""

    query: str
    group_objects: bool
    secret: str
    created_at: int
    status: Status = "CREATED"
    error_code: ErrorCode | None = None
    completed_at: int | None = None
    object_count: int = 0
    root_object_count: int = 0
    file_bytes: int | None = None
    id: int = 0

    def expired(self, now: int) -> bool:
        return self.completed_at is not None and now >= self.completed_at + KEPT_S
