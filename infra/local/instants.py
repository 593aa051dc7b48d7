"""Seconds since the epoch, and the protobuf messages that carry them.

The client library's classes take protobuf timestamps and give back datetimes, whatever their annotations say:
hence Any.
"""

from typing import Any

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp


def timestamp(epoch_s: float) -> Timestamp:
    whole_s, microseconds = divmod(round(epoch_s * 1_000_000), 1_000_000)
    return Timestamp(seconds=whole_s, nanos=microseconds * 1000)


def duration(seconds: float) -> Duration:
    whole_s, microseconds = divmod(round(seconds * 1_000_000), 1_000_000)
    return Duration(seconds=whole_s, nanos=microseconds * 1000)


def epoch_s(moment: Any) -> float:
    return float(moment.timestamp())


def seconds(span: Any) -> float:
    return float(span.total_seconds())
