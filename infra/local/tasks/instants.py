"""Seconds since the epoch, and the protobuf messages that carry them.

The client library's classes take protobuf timestamps and give back datetimes, whatever their annotations say:
hence Any.
"""

from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp


def timestamp(epoch_s: float) -> Timestamp:
    return Timestamp(seconds=int(epoch_s), nanos=round(epoch_s % 1 * 1e6) % 1_000_000 * 1000)


def duration(seconds: float) -> Duration:
    return Duration(seconds=int(seconds), nanos=round(seconds % 1 * 1e9) % 1_000_000_000)


def epoch_s(moment: Any) -> float:
    return float(moment.timestamp())


def seconds(span: Any) -> float:
    return float(span.total_seconds())
