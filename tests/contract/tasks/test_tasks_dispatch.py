"""What reaches the worker, and what becomes of the task after its answer."""

import threading

import grpc
import pytest
import requests
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.tasks.server import start
from tests.contract.still_clock import Clock
from tests.contract.tasks.cloud import ACCOUNT, AT_ONCE, NEVER_AGAIN, Cloud
from tests.contract.worker import Worker, until


def test_task_reaches_its_worker(cloud: Cloud) -> None:
    """Method, body and headers arrive as given, with what Cloud Tasks says about the task."""
    queue = cloud.queue("arrives")
    task = cloud.task(
        queue, "/arrives?a=1", http_request={"http_method": "PUT", "headers": {"X-Own": "yes"}, "body": b"payload"}
    )
    [delivery] = cloud.worker.wait_for("/arrives?a=1")
    assert (delivery.method, delivery.body, delivery.headers["X-Own"]) == ("PUT", b"payload", "yes")
    assert delivery.headers["User-Agent"] == "Google-Cloud-Tasks"
    assert delivery.headers["X-CloudTasks-QueueName"] == "arrives"
    assert delivery.headers["X-CloudTasks-TaskName"] == task.name.rpartition("/")[2]
    assert delivery.headers["X-CloudTasks-TaskRetryCount"] == "0"
    assert float(delivery.headers["X-CloudTasks-TaskETA"]) == pytest.approx(task.schedule_time.timestamp())
    cloud.wait_until_gone(queue)


def test_headers_of_the_service_cannot_be_forged(cloud: Cloud) -> None:
    """A task's own X-CloudTasks and User-Agent headers are replaced."""
    headers = {"X-CloudTasks-QueueName": "another", "user-agent": "me"}
    cloud.task(cloud.queue("forged"), "/forged", http_request={"headers": headers})
    [delivery] = cloud.worker.wait_for("/forged")
    assert delivery.headers["X-CloudTasks-QueueName"] == "forged"
    assert "user-agent" not in delivery.headers


def test_oidc_token_is_addressed_to_the_url(cloud: Cloud, identity: str) -> None:
    """The worker can verify the bearer token; its audience is the task's URL when none is given."""
    cloud.task(cloud.queue("oidc"), "/oidc", http_request={"oidc_token": {"service_account_email": ACCOUNT}})
    claims = cloud.worker.wait_for("/oidc")[0].verified(identity=identity, audience=f"{cloud.worker.url}/oidc")
    assert (claims["email"], claims["email_verified"]) == (ACCOUNT, True)


def test_oidc_token_is_addressed_to_the_given_audience(cloud: Cloud, identity: str) -> None:
    """A service may have one audience for all its addresses."""
    token = {"service_account_email": ACCOUNT, "audience": "https://api.example"}
    cloud.task(cloud.queue("oidc-audience"), "/oidc-audience", http_request={"oidc_token": token})
    [delivery] = cloud.worker.wait_for("/oidc-audience")
    assert delivery.verified(identity=identity, audience="https://api.example")["email"] == ACCOUNT


def test_oauth_token_is_a_live_access_token(cloud: Cloud, identity: str) -> None:
    """A task may call a Google API in the name of its service account."""
    token = {"service_account_email": ACCOUNT}
    cloud.task(cloud.queue("oauth"), "/oauth", http_request={"oauth_token": token})
    [delivery] = cloud.worker.wait_for("/oauth")
    bearer = delivery.headers["Authorization"].removeprefix("Bearer ")
    described = requests.get(f"{identity}/tokeninfo", params={"access_token": bearer}, timeout=5).json()
    assert described["email"] == ACCOUNT
    assert described["scope"] == "https://www.googleapis.com/auth/cloud-platform"


def test_failed_task_is_tried_until_it_succeeds(cloud: Cloud) -> None:
    """Retries count every attempt, executions only answers that are no 5xx."""
    cloud.worker.answers["/flaky"] = [500, 404, 503]
    queue = cloud.queue("flaky", retry_config=AT_ONCE)
    cloud.task(queue, "/flaky")
    cloud.worker.wait_for("/flaky", count=4)
    cloud.wait_until_gone(queue)
    told = [
        tuple(
            delivery.headers.get(f"X-CloudTasks-Task{name}")
            for name in ("RetryCount", "ExecutionCount", "PreviousResponse")
        )
        for delivery in cloud.worker.at("/flaky")
    ]
    assert told == [("0", "0", None), ("1", "0", "500"), ("2", "1", "404"), ("3", "1", "503")]


def test_task_is_given_up_after_max_attempts(cloud: Cloud) -> None:
    """The queue's max_attempts is the number of times a failing task is sent."""
    cloud.worker.answers["/hopeless"] = [500] * 9
    queue = cloud.queue("hopeless", retry_config={**AT_ONCE, "max_attempts": 3})
    cloud.task(queue, "/hopeless")
    cloud.wait_until_gone(queue)
    assert len(cloud.worker.at("/hopeless")) == 3


def test_retry_config_of_the_task_overrides_the_queue(cloud: Cloud) -> None:
    """A task with its own max_attempts is not tried as often as its queue would."""
    cloud.worker.answers["/own-retry"] = [500] * 9
    queue = cloud.queue("own-retry", retry_config=AT_ONCE)
    cloud.task(queue, "/own-retry", retry_config={**AT_ONCE, "max_attempts": 1})
    cloud.wait_until_gone(queue)
    assert len(cloud.worker.at("/own-retry")) == 1


def test_unreachable_worker_is_a_failed_attempt(cloud: Cloud) -> None:
    """A refused connection is told in the task's last attempt, and no response is counted."""
    queue = cloud.queue("unreachable", retry_config=NEVER_AGAIN)
    task = cloud.task(queue, "/", http_request={"url": "http://127.0.0.1:9/closed"})
    until(lambda: cloud.client.get_task(name=task.name).last_attempt.response_status.code != 0)
    tried = cloud.client.get_task(name=task.name)
    assert (tried.dispatch_count, tried.response_count) == (1, 0)
    assert tried.last_attempt.response_status.code == grpc.StatusCode.UNAVAILABLE.value[0]
    assert tried.schedule_time.timestamp() > tried.first_attempt.dispatch_time.timestamp() + 2000


def test_answer_after_the_deadline_is_a_failed_attempt(cloud: Cloud) -> None:
    """A request that outlives its dispatch deadline is abandoned and the task waits for its retry."""
    cloud.worker.gates["/stuck"] = threading.Event()
    queue = cloud.queue("stuck", retry_config=NEVER_AGAIN)
    task = cloud.task(queue, "/stuck", dispatch_deadline=Duration(nanos=200_000_000))
    until(lambda: cloud.client.get_task(name=task.name).last_attempt.response_status.code != 0)
    cloud.worker.gates["/stuck"].set()
    tried = cloud.client.get_task(name=task.name)
    assert tried.last_attempt.response_status.code == grpc.StatusCode.DEADLINE_EXCEEDED.value[0]
    assert tried.response_count == 0


def test_task_waits_for_its_schedule_time(still_cloud: Cloud, clock: Clock) -> None:
    """A task for tomorrow is sent tomorrow."""
    queue = still_cloud.queue("tomorrow")
    still_cloud.task(queue, "/tomorrow", schedule_time=Timestamp(seconds=int(clock.now_s) + 86400))
    still_cloud.barrier(queue)
    assert still_cloud.worker.at("/tomorrow") == []
    clock.now_s += 86400
    still_cloud.barrier(queue)
    still_cloud.worker.wait_for("/tomorrow")


def test_task_without_its_token_is_not_sent(worker: Worker) -> None:
    """Where the identity service cannot be reached the attempt fails and says so, and the worker sees nothing."""
    service = start(identity="http://127.0.0.1:9")
    lonely = Cloud(service.address, worker)
    queue = lonely.queue("lonely", retry_config=NEVER_AGAIN)
    task = lonely.task(queue, "/lonely", http_request={"oidc_token": {"service_account_email": ACCOUNT}})
    until(lambda: lonely.client.get_task(name=task.name).last_attempt.response_status.code != 0)
    assert "ConnectError" in lonely.client.get_task(name=task.name).last_attempt.response_status.message
    assert worker.at("/lonely") == []
    lonely.close()
    service.stop()
