from google.cloud.tasks_v2.types import HttpRequest, Task

from infra.local.http_target.call import Outcome
from infra.local.http_target.retry import RetryPolicy
from infra.local.instants import duration, epoch_s, seconds, timestamp
from infra.local.tasks.attempt import answered, call, dispatched
from infra.local.tasks.store import StoredTask

NOW_S = 1_800_000_000.0
POLICY = RetryPolicy(max_attempts=2, max_retry_duration_s=0, min_backoff_s=10, max_backoff_s=100, max_doublings=1)


def waiting() -> StoredTask:
    request = HttpRequest(http_method="POST", url="http://127.0.0.1/", headers={"Host": "other", "X-Own": "1"})
    name = "projects/p/locations/l/queues/q/tasks/t"
    return StoredTask(
        Task(name=name, http_request=request, schedule_time=timestamp(NOW_S), dispatch_deadline=duration(60))
    )


def test_failed_attempt_waits_for_its_backoff() -> None:
    """The first failure is retried after min_backoff and remembers the answer."""
    again = answered(dispatched(waiting(), now_s=NOW_S), outcome=Outcome(404), policy=POLICY, now_s=NOW_S + 1)
    assert again is not None
    assert again.schedule_s == NOW_S + 11
    assert (again.in_flight, again.executions, again.previous_response) == (0, 1, 404)
    assert (again.task.dispatch_count, again.task.response_count) == (1, 1)


def test_retry_after_is_respected_when_longer() -> None:
    """A worker that says when it wants to be asked again is asked no sooner."""
    outcome = Outcome(503, retry_after_s=60)
    again = answered(dispatched(waiting(), now_s=NOW_S), outcome=outcome, policy=POLICY, now_s=NOW_S)
    assert again is not None
    assert again.schedule_s == NOW_S + 60


def test_success_ends_the_task() -> None:
    """Any 2xx is a success."""
    for status in (200, 204, 299):
        assert answered(dispatched(waiting(), now_s=NOW_S), outcome=Outcome(status), policy=POLICY, now_s=NOW_S) is None


def test_redirect_is_no_success() -> None:
    """A 3xx is an answer, and a failed attempt."""
    again = answered(dispatched(waiting(), now_s=NOW_S), outcome=Outcome(302), policy=POLICY, now_s=NOW_S)
    assert again is not None
    assert again.task.response_count == 1


def test_last_attempt_ends_the_task() -> None:
    """With max_attempts 2 the second failure is the end."""
    once = answered(dispatched(waiting(), now_s=NOW_S), outcome=Outcome(500), policy=POLICY, now_s=NOW_S)
    assert once is not None
    assert answered(dispatched(once, now_s=NOW_S), outcome=Outcome(500), policy=POLICY, now_s=NOW_S) is None


def test_own_host_header_is_dropped() -> None:
    """Host is the URL's; other headers of the task stay."""
    sent = call(dispatched(waiting(), now_s=NOW_S)).headers
    assert sent["X-Own"] == "1"
    assert "Host" not in sent


def test_instants_keep_microseconds() -> None:
    """A fraction that rounds up carries into the seconds."""
    assert (timestamp(7.9999999).seconds, timestamp(7.9999999).nanos) == (8, 0)
    assert timestamp(7.25).nanos == 250_000_000
    assert duration(0.2).nanos == 200_000_000
    task = Task(schedule_time=timestamp(7.25), dispatch_deadline=duration(1.5))
    assert (epoch_s(task.schedule_time), seconds(task.dispatch_deadline)) == (7.25, 1.5)
