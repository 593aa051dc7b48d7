"""The local Cloud Tasks, used by the real client library, dispatching to a real HTTP server."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import grpc
import pytest
import requests
from google.api_core.exceptions import AlreadyExists, InvalidArgument, MethodNotImplemented, NotFound
from google.auth.transport.requests import Request
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.oauth2 import id_token
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from infra.local.identity.server import start as start_identity
from infra.local.tasks.new_task import DeadlineRange
from infra.local.tasks.server import start

LOCATION = "projects/tabkeeper/locations/europe-west1"
ACCOUNT = "tasks@tabkeeper.iam.gserviceaccount.com"
PATIENCE_S = 10.0
AT_ONCE = {"min_backoff": Duration(nanos=1_000_000), "max_backoff": Duration(nanos=10_000_000)}
NEVER_AGAIN = {"min_backoff": Duration(seconds=3000)}


@dataclass(frozen=True)
class Delivery:
    path: str
    method: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Worker:
    """A real HTTP server that notes what reaches it and answers each path as it is told."""

    url: str = ""
    answers: dict[str, list[int]] = field(default_factory=dict)
    gates: dict[str, threading.Event] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    active: int = 0
    peak: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def receive(self, delivery: Delivery) -> int:
        with self.changed:
            self.deliveries.append(delivery)
            self.active += 1
            self.peak = max(self.peak, self.active)
            self.changed.notify_all()
            answers = self.answers.get(delivery.path, [])
            answer = answers.pop(0) if answers else 200
        if delivery.path in self.gates:
            self.gates[delivery.path].wait(PATIENCE_S)
        with self.changed:
            self.active -= 1
        return answer

    def wait_for(self, path: str, *, count: int = 1) -> list[Delivery]:
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.at(path)) >= count, timeout=PATIENCE_S)
            assert arrived, f"{len(self.at(path))} of {count} deliveries reached {path}"
            return self.at(path)

    def at(self, path: str) -> list[Delivery]:
        return [delivery for delivery in self.deliveries if delivery.path == path]


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now_s


class Cloud:
    """A client of one running service, with shorthands for what the tests do again and again."""

    def __init__(self, address: str, worker: Worker) -> None:
        self._channel = grpc.insecure_channel(address)
        self.client: Any = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=self._channel))
        self.worker = worker

    def queue(self, queue_id: str, **settings: Any) -> str:
        name = f"{LOCATION}/queues/{queue_id}"
        self.client.create_queue(request={"parent": LOCATION, "queue": {"name": name, **settings}})
        return name

    def task(self, queue: str, path: str, **fields: Any) -> Any:
        http_request = {"url": self.worker.url + path, **fields.pop("http_request", {})}
        return self.client.create_task(request={"parent": queue, "task": {"http_request": http_request, **fields}})

    def barrier(self, queue: str) -> None:
        """Returns when the dispatcher has looked at all queues once more."""
        path = f"/barrier/{time.monotonic_ns()}"
        self.task(queue, path)
        self.worker.wait_for(path)

    def wait_until_gone(self, queue: str) -> None:
        until(lambda: not list(self.client.list_tasks(parent=queue)))

    def close(self) -> None:
        self._channel.close()


def until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up_at, "it never came to be so"
        time.sleep(0.01)


def verify_bearer(delivery: Delivery, *, identity: str, audience: str) -> Mapping[str, Any]:
    token = delivery.headers["Authorization"].removeprefix("Bearer ")
    return id_token.verify_token(token, Request(), audience=audience, certs_url=f"{identity}/oauth2/v1/certs")


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status = worker.receive(Delivery(self.path, self.command, dict(self.headers), body))
            try:
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except BrokenPipeError:
                return

        def do_PUT(self) -> None:
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    worker.url = f"http://127.0.0.1:{server.server_port}"
    yield worker
    for gate in worker.gates.values():
        gate.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def identity() -> Iterator[str]:
    service = start_identity()
    yield f"http://{service.address}"
    service.stop()


@pytest.fixture(scope="module")
def cloud(worker: Worker, identity: str) -> Iterator[Cloud]:
    service = start(identity=identity, deadlines=DeadlineRange(min_s=0.1))
    cloud = Cloud(service.address, worker)
    yield cloud
    cloud.close()
    service.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def still_cloud(worker: Worker, identity: str, clock: Clock) -> Iterator[Cloud]:
    """A service whose time only tests move."""
    service = start(identity=identity, clock=clock)
    cloud = Cloud(service.address, worker)
    yield cloud
    cloud.close()
    service.stop()


class ServiceProcess:
    """The service as its own process, to be killed."""

    def __init__(self, state: Path, *, identity: str) -> None:
        command = [sys.executable, "-m", "infra.local.tasks", "--state", str(state), "--identity", identity]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.address = json.loads(self._process.stdout.readline())["address"]

    def end(self, number: signal.Signals) -> int:
        if self._process.returncode is None:
            self._process.send_signal(number)
            self._process.communicate()
        return self._process.returncode


StartProcess = Callable[[], ServiceProcess]


@pytest.fixture
def start_process(tmp_path: Path, identity: str) -> Iterator[StartProcess]:
    """Starts the service on one and the same state, as often as a test likes."""
    started: list[ServiceProcess] = []

    def start_next() -> ServiceProcess:
        started.append(ServiceProcess(tmp_path, identity=identity))
        return started[-1]

    yield start_next
    for process in started:
        process.end(signal.SIGTERM)


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
    claims = verify_bearer(cloud.worker.wait_for("/oidc")[0], identity=identity, audience=f"{cloud.worker.url}/oidc")
    assert (claims["email"], claims["email_verified"]) == (ACCOUNT, True)


def test_oidc_token_is_addressed_to_the_given_audience(cloud: Cloud, identity: str) -> None:
    """A service may have one audience for all its addresses."""
    token = {"service_account_email": ACCOUNT, "audience": "https://api.example"}
    cloud.task(cloud.queue("oidc-audience"), "/oidc-audience", http_request={"oidc_token": token})
    [delivery] = cloud.worker.wait_for("/oidc-audience")
    assert verify_bearer(delivery, identity=identity, audience="https://api.example")["email"] == ACCOUNT


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


def test_no_more_run_at_once_than_the_queue_allows(cloud: Cloud) -> None:
    """With max_concurrent_dispatches 2 the third waits until one of the first is answered."""
    gate = cloud.worker.gates["/narrow"] = threading.Event()
    queue = cloud.queue("narrow", rate_limits={"max_concurrent_dispatches": 2})
    wide = cloud.queue("narrow-barrier")
    for _ in range(5):
        cloud.task(queue, "/narrow")
    cloud.worker.wait_for("/narrow", count=2)
    cloud.barrier(wide)
    assert len(cloud.worker.at("/narrow")) == 2
    gate.set()
    cloud.worker.wait_for("/narrow", count=5)


def test_no_faster_than_the_queue_allows(still_cloud: Cloud, clock: Clock) -> None:
    """A queue of 2 a second sends its burst of 2, and one more for each half second that passes."""
    queue = still_cloud.queue("slow", rate_limits={"max_dispatches_per_second": 2.0})
    wide = still_cloud.queue("slow-barrier")
    for _ in range(4):
        still_cloud.task(queue, "/slow")
    still_cloud.worker.wait_for("/slow", count=2)
    still_cloud.barrier(wide)
    assert len(still_cloud.worker.at("/slow")) == 2
    clock.now_s += 0.5
    still_cloud.worker.wait_for("/slow", count=3)
    still_cloud.barrier(wide)
    assert len(still_cloud.worker.at("/slow")) == 3


def test_task_waits_for_its_schedule_time(still_cloud: Cloud, clock: Clock) -> None:
    """A task for tomorrow is sent tomorrow."""
    queue = still_cloud.queue("tomorrow")
    still_cloud.task(queue, "/tomorrow", schedule_time=Timestamp(seconds=int(clock.now_s) + 86400))
    still_cloud.barrier(queue)
    assert still_cloud.worker.at("/tomorrow") == []
    clock.now_s += 86400
    still_cloud.barrier(queue)
    still_cloud.worker.wait_for("/tomorrow")


def test_name_is_taken_while_the_task_waits_and_after_it_ran(still_cloud: Cloud, clock: Clock) -> None:
    """A name can be used again about an hour after its task is gone, not before."""
    queue = still_cloud.queue("named")
    name = f"{queue}/tasks/run_2026-11-21"
    still_cloud.client.pause_queue(name=queue)
    still_cloud.task(queue, "/named", name=name)
    with pytest.raises(AlreadyExists):
        still_cloud.task(queue, "/named", name=name)
    still_cloud.client.resume_queue(name=queue)
    still_cloud.worker.wait_for("/named")
    still_cloud.wait_until_gone(queue)
    with pytest.raises(AlreadyExists):
        still_cloud.task(queue, "/named", name=name)
    clock.now_s += 3601
    still_cloud.task(queue, "/named", name=name)
    still_cloud.worker.wait_for("/named", count=2)


def test_name_of_a_deleted_task_stays_taken(cloud: Cloud) -> None:
    """Deleting a task does not free its name at once."""
    queue = cloud.queue("deleted")
    cloud.client.pause_queue(name=queue)
    task = cloud.task(queue, "/deleted", name=f"{queue}/tasks/once")
    cloud.client.delete_task(name=task.name)
    with pytest.raises(NotFound):
        cloud.client.get_task(name=task.name)
    with pytest.raises(AlreadyExists):
        cloud.task(queue, "/deleted", name=task.name)


def test_paused_queue_holds_its_tasks(cloud: Cloud) -> None:
    """Nothing leaves a paused queue until it is resumed."""
    queue, other = cloud.queue("paused"), cloud.queue("paused-barrier")
    assert cloud.client.pause_queue(name=queue).state.name == "PAUSED"
    cloud.task(queue, "/paused")
    cloud.barrier(other)
    assert cloud.worker.at("/paused") == []
    cloud.client.resume_queue(name=queue)
    cloud.worker.wait_for("/paused")


def test_run_task_sends_at_once(cloud: Cloud) -> None:
    """RunTask ignores that the queue is paused and the task is for later."""
    queue = cloud.queue("forced")
    cloud.client.pause_queue(name=queue)
    task = cloud.task(queue, "/forced", schedule_time=Timestamp(seconds=int(time.time()) + 3600))
    assert cloud.client.run_task(name=task.name).dispatch_count == 1
    cloud.worker.wait_for("/forced")
    cloud.wait_until_gone(queue)


def test_purged_queue_is_empty(cloud: Cloud) -> None:
    """PurgeQueue removes every task and keeps the queue."""
    queue = cloud.queue("purged")
    cloud.client.pause_queue(name=queue)
    for _ in range(3):
        cloud.task(queue, "/purged")
    assert cloud.client.purge_queue(name=queue).purge_time.timestamp() > 0
    assert list(cloud.client.list_tasks(parent=queue)) == []


def test_deleted_queue_is_gone_with_its_tasks(cloud: Cloud) -> None:
    """Neither the queue nor a task of it can be found."""
    queue = cloud.queue("doomed")
    cloud.client.pause_queue(name=queue)
    task = cloud.task(queue, "/doomed")
    cloud.client.delete_queue(name=queue)
    with pytest.raises(NotFound):
        cloud.client.get_queue(name=queue)
    with pytest.raises(NotFound):
        cloud.client.get_task(name=task.name)
    with pytest.raises(NotFound):
        cloud.task(queue, "/doomed")


def test_tasks_are_listed_page_by_page(cloud: Cloud) -> None:
    """Every task is listed once over several pages, without its body."""
    queue = cloud.queue("pages")
    cloud.client.pause_queue(name=queue)
    created = {cloud.task(queue, "/pages", http_request={"body": b"x"}).name for _ in range(5)}
    pager = cloud.client.list_tasks(request={"parent": queue, "page_size": 2})
    pages = [list(page.tasks) for page in pager.pages]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {task.name for page in pages for task in page} == created
    assert {task.http_request.body for page in pages for task in page} == {b""}


def test_full_view_shows_the_body(cloud: Cloud) -> None:
    """GetTask gives the body when asked for the full view only."""
    queue = cloud.queue("views")
    cloud.client.pause_queue(name=queue)
    name = cloud.task(queue, "/views", http_request={"body": b"secret"}).name
    assert cloud.client.get_task(name=name).http_request.body == b""
    assert cloud.client.get_task(request={"name": name, "response_view": "FULL"}).http_request.body == b"secret"


def test_queue_gets_the_defaults_of_the_service(cloud: Cloud) -> None:
    """What is not set is what Cloud Tasks would pick."""
    queue = cloud.client.get_queue(name=cloud.queue("defaults"))
    limits, retry = queue.rate_limits, queue.retry_config
    assert (limits.max_dispatches_per_second, limits.max_burst_size, limits.max_concurrent_dispatches) == (
        500,
        100,
        1000,
    )
    assert (retry.max_attempts, retry.max_doublings) == (100, 16)
    assert (retry.min_backoff.total_seconds(), retry.max_backoff.total_seconds()) == (0.1, 3600)


def test_update_queue_changes_what_the_mask_names(cloud: Cloud) -> None:
    """A masked update leaves the other settings and the state alone."""
    name = cloud.queue("masked", rate_limits={"max_concurrent_dispatches": 7})
    cloud.client.pause_queue(name=name)
    updated = cloud.client.update_queue(
        queue={"name": name, "rate_limits": {"max_dispatches_per_second": 3}, "retry_config": {"max_attempts": 9}},
        update_mask=FieldMask(paths=["rate_limits.max_dispatches_per_second"]),
    )
    assert (updated.rate_limits.max_dispatches_per_second, updated.rate_limits.max_concurrent_dispatches) == (3, 7)
    assert updated.retry_config.max_attempts == 100
    assert updated.state.name == "PAUSED"


def test_update_creates_a_missing_queue(cloud: Cloud) -> None:
    """UpdateQueue of a queue that is not there makes it, and creating it again is refused."""
    name = f"{LOCATION}/queues/upserted"
    assert cloud.client.update_queue(queue={"name": name}).state.name == "RUNNING"
    assert name in {queue.name for queue in cloud.client.list_queues(parent=LOCATION)}
    with pytest.raises(AlreadyExists):
        cloud.queue("upserted")


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


def test_stopped_service_leaves_no_thread(identity: str, worker: Worker) -> None:
    """stop() joins what start() began, also while a worker does not answer, and may be called twice."""
    before = set(threading.enumerate())
    worker.gates["/unanswered"] = threading.Event()
    service = start(identity=identity)
    cloud = Cloud(service.address, worker)
    cloud.task(cloud.queue("q"), "/unanswered")
    worker.wait_for("/unanswered")
    cloud.close()
    service.stop()
    service.stop()
    worker.gates["/unanswered"].set()
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("tasks-")]


def test_acknowledged_tasks_survive_kill_minus_nine(start_process: StartProcess, worker: Worker) -> None:
    """The next process on the state sends again what was in flight, sends what waited, and knows taken names."""
    worker.gates["/killed/1"] = threading.Event()
    process = start_process()
    cloud = Cloud(process.address, worker)
    queue = cloud.queue("killed", rate_limits={"max_concurrent_dispatches": 1})
    cloud.task(queue, "/killed/0", name=f"{queue}/tasks/t0")
    worker.wait_for("/killed/0")
    cloud.task(queue, "/killed/1", name=f"{queue}/tasks/t1")
    worker.wait_for("/killed/1")
    cloud.task(queue, "/killed/2", name=f"{queue}/tasks/t2")
    cloud.close()
    process.end(signal.SIGKILL)
    worker.gates["/killed/1"].set()

    process = start_process()
    cloud = Cloud(process.address, worker)
    worker.wait_for("/killed/2")
    cloud.wait_until_gone(queue)
    assert [len(worker.at(f"/killed/{index}")) for index in range(3)] == [1, 2, 1]
    with pytest.raises(AlreadyExists):
        cloud.task(queue, "/killed/0", name=f"{queue}/tasks/t0")
    cloud.close()
    assert process.end(signal.SIGTERM) == 0


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
