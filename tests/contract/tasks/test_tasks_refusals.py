"""What the service does not accept."""

import time
from typing import Any

import pytest
from google.api_core.exceptions import InvalidArgument, MethodNotImplemented
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from tests.contract.tasks.cloud import LOCATION, Cloud


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"name": "not-a-name"}, "Task name must be formatted"),
        ({"name": f"{LOCATION}/queues/refusals/tasks/sp ace"}, "Task name must be formatted"),
        ({"name": f"{LOCATION}/queues/other/tasks/t"}, "must be the same"),
        ({"http_request": {"url": "ftp://127.0.0.1/"}}, "must be a full URL"),
        ({"http_request": {"url": "http://h/", "http_method": "GET", "body": b"x"}}, "only allowed for"),
        ({"http_request": {"url": "http://h/", "body": b"x" * 1024 * 1024}}, "too large"),
        ({"dispatch_deadline": Duration(seconds=1801)}, "dispatchDeadline"),
        ({"dispatch_deadline": Duration(nanos=1)}, "dispatchDeadline"),
        ({"schedule_time": Timestamp(seconds=int(time.time()) + 31 * 86400)}, "no more than 720h"),
    ],
)
def test_task_that_the_service_refuses(cloud: Cloud, task: dict[str, Any], message: str) -> None:
    """Names, URLs, bodies, sizes, deadlines and schedules outside the limits are INVALID_ARGUMENT."""
    queue = f"{LOCATION}/queues/refusals"
    cloud.client.update_queue(queue={"name": queue})
    with pytest.raises(InvalidArgument, match=message):
        cloud.client.create_task(parent=queue, task={"http_request": {"url": "http://127.0.0.1:9/"}, **task})


def test_app_engine_task_is_told_to_be_missing(cloud: Cloud) -> None:
    """What is not simulated says so rather than doing something else."""
    with pytest.raises(MethodNotImplemented):
        cloud.client.create_task(parent=cloud.queue("gae"), task={"app_engine_http_request": {"relative_uri": "/"}})


def test_rpc_with_a_long_deadline_is_refused(cloud: Cloud) -> None:
    """The real front end accepts no RPC that may take longer than 30 s."""
    with pytest.raises(InvalidArgument, match="more than 30s in the future"):
        cloud.client.get_queue(name=f"{LOCATION}/queues/any", timeout=120)
