"""Instants: seconds since 1970 inside, ISO 8601 in UTC outside."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(seconds: int | None) -> str | None:
    return None if seconds is None else iso(seconds)


def iso_in_zone(seconds: int, zone: str) -> str:
    """With the zone's offset, as the REST API and webhooks write it."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).isoformat()
