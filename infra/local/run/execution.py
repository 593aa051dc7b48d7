"""An execution's life as values: what happened so far, and what is to happen next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from infra.local.run.task_spec import TaskSpec


class Ending(StrEnum):
    EXITED = "exited"
    TIMED_OUT = "timed_out"
    TERMINATED = "terminated"
    LOST = "lost"


@dataclass(frozen=True)
class AttemptResult:
    """How a process ended. `exit_code` is negative for a signal and None where nobody was there to see it."""

    ending: Ending
    exit_code: int | None
    max_rss_kib: int = 0
    cpu_s: float = 0.0

    @property
    def is_success(self) -> bool:
        return self.exit_code == 0 and self.ending is not Ending.TIMED_OUT


@dataclass(frozen=True)
class Attempt:
    """`result` is None while it runs."""

    task_index: int
    number: int
    result: AttemptResult | None = None


class State(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Execution:
    name: str
    uid: str
    spec: TaskSpec
    log_uri: str
    created_s: float
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    started_s: float | None = None
    completed_s: float | None = None
    state: State = State.PENDING
    is_cancel_requested: bool = False

    @property
    def job(self) -> str:
        return self.name.partition("/executions/")[0]

    @property
    def is_done(self) -> bool:
        return self.completed_s is not None

    def next_step(self) -> Attempt | State:
        """The attempt to see through (one that runs already, else a new one), or the state to complete in."""
        for task_index in range(self.spec.task_count):
            attempts = self.attempts_of(task_index)
            if attempts and attempts[-1].result is None:
                return attempts[-1]
            if self.is_cancel_requested:
                return State.CANCELLED
            if attempts and self._has_succeeded(attempts[-1]):
                continue
            if len(attempts) > self.spec.max_retries:
                return State.FAILED
            return Attempt(task_index, len(attempts))
        return State.SUCCEEDED

    def attempts_of(self, task_index: int) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.task_index == task_index]

    def with_attempt(self, attempt: Attempt, *, now_s: float) -> Self:
        """Adds the attempt, or replaces it by what became of it."""
        others = tuple(other for other in self.attempts if _key(other) != _key(attempt))
        started_s = now_s if self.started_s is None else self.started_s
        return replace(self, attempts=(*others, attempt), started_s=started_s, state=State.RUNNING)

    def completed(self, state: State, *, now_s: float) -> Self:
        return replace(self, state=state, completed_s=now_s)

    @property
    def running_count(self) -> int:
        return sum(attempt.result is None for attempt in self.attempts)

    @property
    def succeeded_count(self) -> int:
        return len({attempt.task_index for attempt in self.attempts if self._has_succeeded(attempt)})

    @property
    def failed_count(self) -> int:
        return 1 if self.state is State.FAILED else 0

    @property
    def cancelled_count(self) -> int:
        return self.spec.task_count - self.succeeded_count if self.state is State.CANCELLED else 0

    @property
    def retried_count(self) -> int:
        return len({attempt.task_index for attempt in self.attempts if attempt.number > 0})

    @property
    def results(self) -> list[AttemptResult]:
        return [attempt.result for attempt in self.attempts if attempt.result is not None]

    def _has_succeeded(self, attempt: Attempt) -> bool:
        """What ended in order because it was cancelled is cancelled."""
        if attempt.result is None or (self.is_cancel_requested and attempt.result.ending is Ending.TERMINATED):
            return False
        return attempt.result.is_success


def _key(attempt: Attempt) -> tuple[int, int]:
    return attempt.task_index, attempt.number
