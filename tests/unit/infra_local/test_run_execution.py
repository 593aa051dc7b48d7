from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from infra.local.run.execution import Attempt, AttemptResult, Ending, Execution, State
from infra.local.run.task_spec import TaskSpec

OK = AttemptResult(Ending.EXITED, exit_code=0)
FAILURE = AttemptResult(Ending.EXITED, exit_code=1)
RESULTS = st.sampled_from(
    [
        OK,
        FAILURE,
        AttemptResult(Ending.EXITED, exit_code=-9),
        AttemptResult(Ending.TIMED_OUT, exit_code=0),
        AttemptResult(Ending.TERMINATED, exit_code=0),
        AttemptResult(Ending.LOST, exit_code=None),
    ]
)


def execution(*, max_retries: int = 0, task_count: int = 1) -> Execution:
    spec = TaskSpec(command=("true",), env={}, timeout_s=1, max_retries=max_retries, task_count=task_count)
    return Execution(name="projects/p/locations/l/jobs/j/executions/e", uid="u", spec=spec, log_uri="log", created_s=0)


def see_through(started: Execution, results: list[AttemptResult]) -> Execution:
    """Plays the runner: each attempt ends as the next of `results`, then always well."""
    current, remaining = started, list(results)
    while isinstance(step := current.next_step(), Attempt):
        result = remaining.pop(0) if remaining else OK
        current = current.with_attempt(step, now_s=1).with_attempt(replace(step, result=result), now_s=2)
    return current.completed(step, now_s=3)


@given(results=st.lists(RESULTS), max_retries=st.integers(0, 4), task_count=st.integers(1, 4))
def test_every_execution_ends_within_its_retries(
    *, results: list[AttemptResult], max_retries: int, task_count: int
) -> None:
    """No task is tried more than max_retries + 1 times, and success means that every task succeeded."""
    done = see_through(execution(max_retries=max_retries, task_count=task_count), results)
    tries = [len(done.attempts_of(index)) for index in range(task_count)]
    assert max(tries) <= max_retries + 1
    assert done.running_count == 0
    assert (done.state is State.SUCCEEDED) == (done.succeeded_count == task_count)
    assert (done.state is State.FAILED) == (done.failed_count == 1)
    assert done.retried_count == sum(count > 1 for count in tries)


def test_running_attempt_is_taken_up_again() -> None:
    """A restarted service finds the attempt that was running, before any new one."""
    running = execution(max_retries=3).with_attempt(Attempt(0, 0), now_s=1)
    assert running.next_step() == Attempt(0, 0)
    assert running.running_count == 1


def test_cancelled_execution_starts_nothing_more() -> None:
    """After a cancel the failed attempt is not retried."""
    cancelled = replace(execution(max_retries=3), is_cancel_requested=True)
    assert cancelled.next_step() is State.CANCELLED
    ended = cancelled.with_attempt(Attempt(0, 0, FAILURE), now_s=1)
    assert ended.next_step() is State.CANCELLED
    assert ended.completed(State.CANCELLED, now_s=2).cancelled_count == 1


def test_time_out_is_a_failure_whatever_the_exit_code() -> None:
    """A task that obeyed SIGTERM at its time-out has not done its work."""
    timed_out = AttemptResult(Ending.TIMED_OUT, exit_code=0)
    assert see_through(execution(), [timed_out]).state is State.FAILED
