"""What Cloud Tasks and Cloud Scheduler accept of an HTTP target (references of HttpRequest and HttpTarget)."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from infra.local.rpc_error import invalid_argument

MAX_URL_CHARACTERS = 2083
MAX_HEADERS_BYTES = 80 * 1024
METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True)
class DeadlineRange:
    """How long a call may wait for its answer. Tests that wait for one start the service with a lower minimum."""

    min_s: float = 15.0
    max_s: float = 1800.0

    def check(self, deadline_s: float, *, field: str) -> None:
        if not self.min_s <= deadline_s <= self.max_s:
            raise invalid_argument(f"The {field} must be between [{self.min_s:g}s, {self.max_s:g}s].")


def check_target(message: str, *, url: str, method: str, headers: Mapping[str, str], body: bytes) -> None:
    """`message` is the name of the protobuf message, to be named in the refusal."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > MAX_URL_CHARACTERS:
        raise invalid_argument(f"The address of {message} must be a full URL that begins with http:// or https://.")
    if body and method not in METHODS_WITH_BODY:
        raise invalid_argument(f"{message}.body is only allowed for the methods POST, PUT and PATCH.")
    if sum(len(name) + len(value) for name, value in headers.items()) >= MAX_HEADERS_BYTES:
        raise invalid_argument(f"{message}.headers must be less than 80KB.")
