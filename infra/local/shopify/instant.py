"""Instants: seconds since 1970 inside, ISO 8601 in UTC outside."""

from datetime import UTC, datetime


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_or_none(seconds: int | None) -> str | None:
    return None if seconds is None else iso(seconds)
