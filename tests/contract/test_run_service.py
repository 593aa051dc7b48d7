"""The local Cloud Run, used by the real client library, running real processes."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from infra.local.run.server import start

LOCATION = "projects/tabkeeper/locations/europe-west1"
PATIENCE_S = 10.0
GRACE_S = 0.3
STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
OBEDIENT = "trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done"


class Cloud:
    """A client of one running service, with shorthands for what the tests do again and again."""

    def __init__(self, address: str) -> None:
        credentials: Any = AnonymousCredentials  # google-auth annotates not all it does
        client: Any = build(
            "run",
            "v2",
            client_options=ClientOptions(api_endpoint=f"http://{address}"),
            credentials=credentials(),
            static_discovery=True,
        )
        self.jobs = client.projects().locations().jobs()
        self.executions = self.jobs.executions()
        self.operations = client.projects().locations().operations()

    def create(self, job_id: str, *command: str, args: tuple[str, ...] = (), **task: Any) -> str:
        container = {"command": list(command), "args": list(args), "env": task.pop("env", [])}
        body = {"template": {"template": {"containers": [container], **task}}}
        self.jobs.create(parent=LOCATION, jobId=job_id, body=body).execute()
        return f"{LOCATION}/jobs/{job_id}"

    def run(self, job: str, **overrides: Any) -> Any:
        """The operation that jobs.run answers."""
        return self.jobs.run(name=job, body={"overrides": overrides}).execute()

    def finish(self, operation: Mapping[str, Any]) -> Any:
        """The operation once it is done."""
        done = self.operations.wait(name=operation["name"], body={"timeout": f"{PATIENCE_S}s"}).execute()
        assert done.get("done"), "the execution did not complete"
        return done

    def run_to_the_end(self, job: str, **overrides: Any) -> Any:
        """The execution once it is done, however it ended."""
        return self.finish(self.run(job, **overrides))["metadata"]

    def wait_for_log(self, operation: Mapping[str, Any], text: str) -> None:
        log = Path(operation["metadata"]["logUri"])
        until(lambda: log.exists() and text in log.read_text())


def until(is_so: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up_at, "it never came to be so"
        time.sleep(0.01)


def log_of(execution: Mapping[str, Any]) -> str:
    return Path(execution["logUri"]).read_text()


def condition_of(execution: Mapping[str, Any]) -> Mapping[str, str]:
    conditions: dict[str, Mapping[str, str]] = {condition["type"]: condition for condition in execution["conditions"]}
    return conditions["Completed"]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    service = start(state=tmp_path_factory.mktemp("run"), grace_s=GRACE_S)
    yield Cloud(service.address)
    service.stop()


class ServiceProcess:
    """The service as its own process, to be killed."""

    def __init__(self, state: Path) -> None:
        command = [sys.executable, "-m", "infra.local.run", "--state", str(state), "--grace-s", str(GRACE_S)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.cloud = Cloud(json.loads(self._process.stdout.readline())["address"])

    def end(self, number: signal.Signals) -> int:
        if self._process.returncode is None:
            self._process.send_signal(number)
            self._process.communicate()
        return self._process.returncode


StartProcess = Callable[[], ServiceProcess]


@pytest.fixture
def start_process(tmp_path: Path) -> Iterator[StartProcess]:
    """Starts the service on one and the same state, as often as a test likes."""
    started: list[ServiceProcess] = []

    def start_next() -> ServiceProcess:
        started.append(ServiceProcess(tmp_path))
        return started[-1]

    yield start_next
    for process in started:
        process.end(signal.SIGTERM)


def test_job_runs_its_command(cloud: Cloud) -> None:
    """The operation of jobs.run ends with the execution, whose log has what the command wrote."""
    job = cloud.create("hello", "sh", "-c", "echo to stdout; echo to stderr >&2")
    operation = cloud.run(job)
    assert operation["metadata"]["name"].startswith(f"{job}/executions/hello-")
    execution = cloud.finish(operation)["response"]
    assert execution["succeededCount"] == 1
    assert condition_of(execution)["state"] == "CONDITION_SUCCEEDED"
    assert log_of(execution) == "to stdout\nto stderr\n"
    assert cloud.executions.get(name=execution["name"]).execute()["completionTime"] == execution["completionTime"]


def test_task_finds_itself_in_its_environment(cloud: Cloud) -> None:
    """The variables of the container runtime contract are set, beside the container's own."""
    script = (
        "import json, os;"
        "print(json.dumps({k: v for k, v in os.environ.items() if k.startswith(('CLOUD_RUN_', 'OWN'))}))"
    )
    job = cloud.create("environment", sys.executable, "-c", script, env=[{"name": "OWN", "value": "1"}])
    execution = cloud.run_to_the_end(job)
    assert json.loads(log_of(execution)) == {
        "OWN": "1",
        "CLOUD_RUN_JOB": "environment",
        "CLOUD_RUN_EXECUTION": execution["name"].rpartition("/")[2],
        "CLOUD_RUN_TASK_INDEX": "0",
        "CLOUD_RUN_TASK_ATTEMPT": "0",
        "CLOUD_RUN_TASK_COUNT": "1",
    }


def test_overrides_hold_for_one_execution(cloud: Cloud) -> None:
    """Overridden args replace, overridden variables are merged, and the job stays as it was."""
    env = [{"name": "A", "value": "job"}, {"name": "B", "value": "job"}]
    job = cloud.create("overrides", "sh", "-c", 'echo "$0 $A $B"', args=("plain",), env=env)
    override = {"args": ["changed"], "env": [{"name": "B", "value": "run"}]}
    assert log_of(cloud.run_to_the_end(job, containerOverrides=[override])) == "changed job run\n"
    assert log_of(cloud.run_to_the_end(job)) == "plain job job\n"


def test_failing_task_is_retried_as_configured(cloud: Cloud) -> None:
    """MaxRetries 2 makes three attempts, each knowing its number."""
    job = cloud.create("failing", "sh", "-c", "echo attempt $CLOUD_RUN_TASK_ATTEMPT; exit 3", maxRetries=2)
    operation = cloud.finish(cloud.run(job))
    execution = operation["metadata"]
    assert "exit code 3" in operation["error"]["message"]
    assert log_of(execution) == "attempt 0\nattempt 1\nattempt 2\n"
    assert (execution["failedCount"], execution["retriedCount"]) == (1, 1)
    assert condition_of(execution)["executionReason"] == "NON_ZERO_EXIT_CODE"


def test_retry_that_succeeds_completes_the_execution(cloud: Cloud) -> None:
    """One success after a failure is a success."""
    job = cloud.create("second-try", "sh", "-c", "test $CLOUD_RUN_TASK_ATTEMPT = 1", maxRetries=1)
    execution = cloud.run_to_the_end(job)
    assert (execution["succeededCount"], execution["retriedCount"]) == (1, 1)
    assert "failedCount" not in execution


def test_timeout_sends_sigterm_and_counts_as_a_failure(cloud: Cloud) -> None:
    """A task that ends in order when its time is up has still not finished its work."""
    job = cloud.create("timeout", "sh", "-c", OBEDIENT, timeout="60s", maxRetries=0)
    execution = cloud.run_to_the_end(job, timeout="0.2s")
    assert log_of(execution) == "ready\nbye\n"
    assert execution["failedCount"] == 1
    assert "timeout" in condition_of(execution)["message"]


def test_timeout_kills_what_ignores_sigterm(cloud: Cloud) -> None:
    """After the grace comes SIGKILL, and the next attempt."""
    job = cloud.create("stubborn", "sh", "-c", STUBBORN, timeout="0.2s", maxRetries=1)
    assert log_of(cloud.run_to_the_end(job)) == "ready\nready\n"


def test_what_a_task_left_behind_dies_with_it(cloud: Cloud, tmp_path: Path) -> None:
    """A background process does not outlive its container: the last writer of the pipe it holds goes away."""
    os.mkfifo(tmp_path / "held")
    reader = os.open(tmp_path / "held", os.O_RDONLY | os.O_NONBLOCK)
    job = cloud.create("orphan", "sh", "-c", f"exec 3> {tmp_path / 'held'}; sleep 60 &")
    assert cloud.run_to_the_end(job)["succeededCount"] == 1
    readable, _, _ = select.select([reader], [], [], PATIENCE_S)
    assert readable
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_cancelled_execution_ends(cloud: Cloud) -> None:
    """Cancelling sends SIGTERM and starts no further attempt."""
    job = cloud.create("cancelled", "sh", "-c", "trap 'exit 1' TERM; echo ready; while :; do sleep 0.05; done")
    operation = cloud.run(job)
    cloud.wait_for_log(operation, "ready")
    running = cloud.executions.get(name=operation["metadata"]["name"]).execute()
    assert running["runningCount"] == 1
    cloud.executions.cancel(name=running["name"], body={}).execute()
    execution = cloud.finish(operation)["metadata"]
    assert execution["cancelledCount"] == 1
    assert condition_of(execution)["executionReason"] == "CANCELLED"
    assert log_of(execution) == "ready\n"


def test_several_tasks_run_one_after_another(cloud: Cloud) -> None:
    """TaskCount makes as many tasks, numbered from 0."""
    job = cloud.create("several", "sh", "-c", "echo $CLOUD_RUN_TASK_INDEX of $CLOUD_RUN_TASK_COUNT")
    execution = cloud.run_to_the_end(job, taskCount=3)
    assert log_of(execution) == "0 of 3\n1 of 3\n2 of 3\n"
    assert execution["succeededCount"] == 3


def test_memory_of_the_command_is_reported(cloud: Cloud) -> None:
    """A command that holds 64 MiB is reported with that and not with the service's own memory."""
    job = cloud.create("memory", sys.executable, "-S", "-c", "print(len(b'x' * 2**26))")
    small = cloud.create("small", "true")
    memory_kib = int(cloud.run_to_the_end(job)["annotations"]["tabkeeper.local/max-rss-kib"])
    small_kib = int(cloud.run_to_the_end(small)["annotations"]["tabkeeper.local/max-rss-kib"])
    assert memory_kib > 64 * 1024
    assert small_kib < 24 * 1024


def test_command_that_does_not_exist_fails_aloud(cloud: Cloud) -> None:
    """The log names the command that could not be started."""
    execution = cloud.run_to_the_end(cloud.create("missing", "/no/such/command", maxRetries=0))
    assert execution["failedCount"] == 1
    assert "/no/such/command" in log_of(execution)


def test_job_can_be_read_changed_listed_and_deleted(cloud: Cloud) -> None:
    """A patched job runs its new command; a deleted one is gone with its executions."""
    name = cloud.create("mutable", "echo", "one")
    assert cloud.jobs.get(name=name).execute()["generation"] == "1"
    body = {"template": {"template": {"containers": [{"command": ["echo", "two"]}]}}}
    assert cloud.jobs.patch(name=name, body=body).execute()["response"]["generation"] == "2"
    execution = cloud.run_to_the_end(name)
    assert log_of(execution) == "two\n"
    [listed] = [job for job in cloud.jobs.list(parent=LOCATION).execute()["jobs"] if job["name"] == name]
    assert listed["latestCreatedExecution"]["completionStatus"] == "EXECUTION_SUCCEEDED"
    assert [run["name"] for run in cloud.executions.list(parent=name).execute()["executions"]] == [execution["name"]]
    assert cloud.jobs.delete(name=name).execute()["done"]
    for gone in (cloud.jobs.get(name=name), cloud.executions.get(name=execution["name"])):
        with pytest.raises(HttpError) as refusal:
            gone.execute()
        assert refusal.value.status_code == 404


def test_finished_execution_can_be_deleted(cloud: Cloud) -> None:
    """It is no longer listed; its job stays."""
    name = cloud.create("forgetful", "true")
    execution = cloud.run_to_the_end(name)
    cloud.executions.delete(name=execution["name"]).execute()
    assert cloud.executions.list(parent=name).execute() == {"executions": []}


@pytest.mark.parametrize(
    ("template", "status", "message"),
    [
        (
            {"template": {"containers": [{"command": ["a"]}], "retries": 1}},
            400,
            "Unknown name \"retries\" at 'job.template.template'",
        ),
        (
            {"template": {"containers": [{"command": "a"}]}},
            400,
            "Invalid value at 'job.template.template.containers[0].command'",
        ),
        ({"template": {"containers": [{"image": "gcr.io/x"}]}}, 400, "containers[0].command"),
        ({"template": {"containers": []}}, 400, "at least one container"),
        ({"template": {"containers": [{"command": ["a"]}], "timeout": "10m"}}, 400, "is not a duration"),
        ({"template": {"containers": [{"command": ["a"]}], "maxRetries": 11}}, 400, "not between 0 and 10"),
        ({"template": {"containers": [{"command": ["a"]}]}, "parallelism": 2}, 501, "parallelism above 1"),
        ({"template": {"containers": [{"command": ["a"]}, {"command": ["b"]}]}}, 501, "sidecar"),
    ],
)
def test_template_that_cannot_run_is_refused(cloud: Cloud, template: dict[str, Any], status: int, message: str) -> None:
    """A mistake in a job is told when it is created, in Google's error shape."""
    with pytest.raises(HttpError) as refusal:
        cloud.jobs.create(parent=LOCATION, jobId="refused", body={"template": template}).execute()
    error = json.loads(refusal.value.content)["error"]
    assert (error["code"], error["status"]) == (status, "INVALID_ARGUMENT" if status == 400 else "UNIMPLEMENTED")
    assert message in error["message"]


def test_misspelt_override_is_refused(cloud: Cloud) -> None:
    """jobs.run starts nothing when its body has an unknown field."""
    name = cloud.create("strict", "true")
    with pytest.raises(HttpError, match="Unknown name") as refusal:
        cloud.jobs.run(name=name, body={"overides": {}}).execute()
    assert refusal.value.status_code == 400
    assert cloud.executions.list(parent=name).execute() == {"executions": []}


def test_existing_job_is_not_created_again(cloud: Cloud) -> None:
    """A second create is ALREADY_EXISTS and leaves the first."""
    cloud.create("twice", "true")
    with pytest.raises(HttpError) as refusal:
        cloud.create("twice", "false")
    assert refusal.value.status_code == 409


@pytest.mark.parametrize("job_id", ["Upper", "ends-", "", "a" * 64])
def test_job_id_must_be_well_formed(cloud: Cloud, job_id: str) -> None:
    """Job ids are lower-case, start with a letter and have at most 63 characters."""
    with pytest.raises(HttpError) as refusal:
        cloud.create(job_id, "true")
    assert refusal.value.status_code == 400


def test_stopping_the_service_ends_its_processes(tmp_path: Path) -> None:
    """stop() sends SIGTERM, then SIGKILL; the execution goes on with the next service."""
    service = start(state=tmp_path, grace_s=GRACE_S)
    cloud = Cloud(service.address)
    script = "echo pid $$ $CLOUD_RUN_TASK_ATTEMPT; [ $CLOUD_RUN_TASK_ATTEMPT = 1 ] && exit 0; " + STUBBORN
    operation = cloud.run(cloud.create("stopped", "sh", "-c", script, maxRetries=1))
    cloud.wait_for_log(operation, "ready")
    service.stop()
    service.stop()
    pid = int(Path(operation["metadata"]["logUri"]).read_text().split()[1])
    assert not is_running(pid)

    service = start(state=tmp_path, grace_s=GRACE_S)
    execution = Cloud(service.address).finish(operation)["response"]
    service.stop()
    assert (execution["succeededCount"], execution["retriedCount"]) == (1, 1)


def test_running_execution_is_adopted_after_kill_minus_nine(tmp_path: Path, start_process: StartProcess) -> None:
    """A command that outlived the service is neither started again nor lost: its end is reported."""
    process = start_process()
    cloud = process.cloud
    release = tmp_path / "release"
    script = f"echo start; while [ ! -e {release} ]; do sleep 0.02; done; echo end"
    finished = cloud.run_to_the_end(cloud.create("short", "echo", "done"))
    operation = cloud.run(cloud.create("adopted", "sh", "-c", script))
    cloud.wait_for_log(operation, "start")
    process.end(signal.SIGKILL)

    process = start_process()
    cloud = process.cloud
    assert cloud.executions.get(name=operation["metadata"]["name"]).execute()["runningCount"] == 1
    release.touch()
    execution = cloud.finish(operation)["response"]
    assert log_of(execution) == "start\nend\n"
    assert int(execution["annotations"]["tabkeeper.local/max-rss-kib"]) > 0
    assert cloud.executions.get(name=finished["name"]).execute().items() <= finished.items()
    assert process.end(signal.SIGTERM) == 0


def test_adopted_execution_can_be_cancelled(start_process: StartProcess) -> None:
    """The next service ends a process it did not start itself."""
    process = start_process()
    cloud = process.cloud
    operation = cloud.run(cloud.create("cancelled", "sh", "-c", OBEDIENT))
    cloud.wait_for_log(operation, "ready")
    process.end(signal.SIGKILL)

    cloud = start_process().cloud
    cloud.executions.cancel(name=operation["metadata"]["name"], body={}).execute()
    execution = cloud.finish(operation)["metadata"]
    assert execution["cancelledCount"] == 1
    assert log_of(execution) == "ready\nbye\n"


def test_end_between_two_services_is_reported(tmp_path: Path, start_process: StartProcess) -> None:
    """A command that finished while no service ran has succeeded all the same."""
    process = start_process()
    cloud = process.cloud
    release = tmp_path / "release"
    script = f"echo start; while [ ! -e {release} ]; do sleep 0.02; done; echo end"
    operation = cloud.run(cloud.create("unseen", "sh", "-c", script))
    cloud.wait_for_log(operation, "start")
    process.end(signal.SIGKILL)
    release.touch()
    cloud.wait_for_log(operation, "end")

    execution = start_process().cloud.finish(operation)["response"]
    assert execution["succeededCount"] == 1
    assert "retriedCount" not in execution


def test_executions_beyond_the_limit_wait_their_turn(tmp_path: Path) -> None:
    """With one execution at a time the second starts when the first is over."""
    service = start(state=tmp_path, grace_s=GRACE_S, executions=1)
    cloud = Cloud(service.address)
    release = tmp_path / "release"
    first = cloud.run(cloud.create("first", "sh", "-c", f"echo start; while [ ! -e {release} ]; do sleep 0.02; done"))
    cloud.wait_for_log(first, "start")
    second = cloud.run(cloud.create("second", "true"))
    waiting = cloud.executions.get(name=second["metadata"]["name"]).execute()
    assert condition_of(waiting)["state"] == "CONDITION_PENDING"
    release.touch()
    assert cloud.finish(second)["response"]["startTime"] >= cloud.finish(first)["response"]["completionTime"]
    service.stop()
