"""Time comes in from outside, so that what decides by it can be tested at any instant."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""The present instant, aware, in UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)
