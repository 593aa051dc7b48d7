"""What reaches the target, and when."""

import threading
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
import requests
from google.protobuf.duration_pb2 import Duration

from infra.local.scheduler.server import start
from tests.contract.scheduler.cloud import ACCOUNT, EVERY_MINUTE, Cloud
from tests.contract.still_clock import Clock
from tests.contract.worker import Worker, until

AT_ONCE = {"min_backoff_duration": Duration(nanos=1_000_000), "max_backoff_duration": Duration(nanos=10_000_000)}


def test_job_reaches_its_target(cloud: Cloud) -> None:
    """Method, body and headers arrive as given, with what Cloud Scheduler says about the job."""
    delivery = cloud.run("/s-arrives", http_target={"http_method": "PUT", "headers": {"X-Own": "yes"}, "body": b"{}"})
    assert (delivery.method, delivery.body, delivery.headers["X-Own"]) == ("PUT", b"{}", "yes")
    assert delivery.headers["User-Agent"] == "Google-Cloud-Scheduler"
    assert delivery.headers["X-CloudScheduler"] == "true"
    assert delivery.headers["X-CloudScheduler-JobName"] == "s-arrives"
    assert delivery.headers["Content-Type"] == "application/octet-stream"


def test_headers_of_the_service_cannot_be_forged(cloud: Cloud) -> None:
    """A target's own X-CloudScheduler and User-Agent headers are replaced; its Content-Type stays."""
    headers = {"x-cloudscheduler-jobname": "another", "user-agent": "me", "content-type": "application/json"}
    delivery = cloud.run("/s-forged", http_target={"headers": headers, "body": b"{}"})
    told = {name.lower(): value for name, value in delivery.headers.items()}
    assert (told["x-cloudscheduler-jobname"], told["user-agent"]) == ("s-forged", "Google-Cloud-Scheduler")
    assert told["content-type"] == "application/json"


@pytest.mark.parametrize("audience", ["", "https://api.example"])
def test_oidc_token_is_addressed_to_its_audience(cloud: Cloud, identity: str, audience: str) -> None:
    """The target can verify the bearer token; its audience is the target's URI when none is given."""
    path = f"/s-oidc-{len(audience)}"
    token = {"service_account_email": ACCOUNT, "audience": audience}
    delivery = cloud.run(path, http_target={"oidc_token": token})
    claims = delivery.verified(identity=identity, audience=audience or cloud.worker.url + path)
    assert (claims["email"], claims["email_verified"]) == (ACCOUNT, True)


def test_oauth_token_is_a_live_access_token(cloud: Cloud, identity: str) -> None:
    """A job may call a Google API in the name of its service account."""
    delivery = cloud.run("/s-oauth", http_target={"oauth_token": {"service_account_email": ACCOUNT}})
    bearer = delivery.headers["Authorization"].removeprefix("Bearer ")
    described = requests.get(f"{identity}/tokeninfo", params={"access_token": bearer}, timeout=5).json()
    assert (described["email"], described["scope"]) == (ACCOUNT, "https://www.googleapis.com/auth/cloud-platform")


def test_job_fires_at_its_minute_and_not_before(still_cloud: Cloud, clock: Clock) -> None:
    """Each minute once; the target is told which minute it is, and the job which comes next."""
    name = still_cloud.job("/s-minute", schedule=EVERY_MINUTE)
    clock.now_s += 59
    still_cloud.barrier("/s-minute-before")
    assert still_cloud.worker.at("/s-minute") == []
    clock.now_s += 1
    still_cloud.barrier("/s-minute-at")
    [delivery] = still_cloud.worker.wait_for("/s-minute")
    assert delivery.headers["X-CloudScheduler-ScheduleTime"] == "2027-01-15T08:01:00Z"
    fired = still_cloud.get(name)
    assert fired.last_attempt_time.timestamp() == clock.now_s
    assert fired.schedule_time.timestamp() == clock.now_s + 60
    clock.now_s += 60
    still_cloud.barrier("/s-minute-next")
    still_cloud.worker.wait_for("/s-minute", count=2)


def test_schedule_is_read_in_its_time_zone(still_cloud: Cloud) -> None:
    """Nine in the morning in Berlin is eight in UTC in January."""
    name = still_cloud.job("/s-berlin", schedule="0 9 * * MON-FRI", time_zone="Europe/Berlin")
    assert still_cloud.get(name).schedule_time == datetime(2027, 1, 18, 8, tzinfo=UTC)


def test_execution_waits_for_the_one_before(still_cloud: Cloud, clock: Clock) -> None:
    """Never two at once; however many minutes an execution took, one follows at its end."""
    gate = still_cloud.worker.gates["/s-slow"] = threading.Event()
    still_cloud.job("/s-slow", schedule=EVERY_MINUTE)
    clock.now_s += 60
    still_cloud.barrier("/s-slow-first")
    still_cloud.worker.wait_for("/s-slow")
    clock.now_s += 180
    still_cloud.barrier("/s-slow-second")
    assert len(still_cloud.worker.at("/s-slow")) == 1
    gate.set()
    still_cloud.worker.wait_for("/s-slow", count=2)
    still_cloud.barrier("/s-slow-third")
    assert len(still_cloud.worker.at("/s-slow")) == 2


def test_failed_job_is_retried_retry_count_times(cloud: Cloud) -> None:
    """The first attempt and its retries tell the same instant; the last status stays."""
    cloud.worker.answers["/s-hopeless"] = [500, 500, 500, 500]
    name = cloud.job("/s-hopeless", retry_config={**AT_ONCE, "retry_count": 2})
    cloud.client.run_job(name=name)
    deliveries = cloud.worker.wait_for("/s-hopeless", count=3)
    assert len({delivery.headers["X-CloudScheduler-ScheduleTime"] for delivery in deliveries}) == 1
    until(lambda: cloud.get(name).schedule_time.month == 1)
    cloud.barrier("/s-hopeless")
    assert len(cloud.worker.at("/s-hopeless")) == 3
    assert cloud.await_status(name) == grpc.StatusCode.INTERNAL.value[0]


def test_job_without_retries_waits_for_its_next_instant(cloud: Cloud) -> None:
    """retry_count is 0 when nothing is said."""
    cloud.worker.answers["/s-once"] = [404]
    name = cloud.job("/s-once")
    cloud.client.run_job(name=name)
    assert cloud.await_status(name) == grpc.StatusCode.NOT_FOUND.value[0]
    assert cloud.get(name).schedule_time.month == 1


def test_retry_that_would_come_after_the_next_instant_is_left_out(still_cloud: Cloud, clock: Clock) -> None:
    """The schedule goes on instead."""
    still_cloud.worker.answers["/s-late"] = [500]
    config = {"retry_count": 5, "min_backoff_duration": Duration(seconds=90)}
    name = still_cloud.job("/s-late", schedule=EVERY_MINUTE, retry_config=config)
    still_cloud.client.run_job(name=name)
    still_cloud.await_status(name)
    assert still_cloud.get(name).schedule_time.timestamp() == clock.now_s + 60


def test_success_clears_the_status(cloud: Cloud) -> None:
    """The status is that of the last attempt."""
    cloud.worker.answers["/s-heals"] = [503]
    name = cloud.job("/s-heals")
    cloud.client.run_job(name=name)
    assert cloud.await_status(name) == grpc.StatusCode.UNAVAILABLE.value[0]
    cloud.client.run_job(name=name)
    until(lambda: cloud.get(name).status.code == 0)


def test_answer_after_the_deadline_is_a_failed_attempt(cloud: Cloud) -> None:
    """A request that outlives its attempt deadline is abandoned."""
    cloud.worker.gates["/s-stuck"] = threading.Event()
    name = cloud.job("/s-stuck", attempt_deadline=Duration(nanos=200_000_000))
    cloud.client.run_job(name=name)
    assert cloud.await_status(name) == grpc.StatusCode.DEADLINE_EXCEEDED.value[0]
    cloud.worker.gates["/s-stuck"].set()


def test_job_without_its_token_is_not_sent(worker: Worker) -> None:
    """Where the identity service cannot be reached the attempt fails, and the target sees nothing."""
    service = start(identity="http://127.0.0.1:9")
    lonely = Cloud(service.address, worker)
    target: dict[str, Any] = {"oidc_token": {"service_account_email": ACCOUNT}}
    name = lonely.job("/s-lonely", http_target=target)
    lonely.client.run_job(name=name)
    assert lonely.await_status(name) == grpc.StatusCode.UNAVAILABLE.value[0]
    assert worker.at("/s-lonely") == []
    lonely.close()
    service.stop()
