"""Sees executions through: starts attempts, adopts those a killed service left running, ends them when asked."""

import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from infra.local.run.attempt_process import AttemptProcess, ProcessOrder
from infra.local.run.execution import Attempt, Execution, State
from infra.local.run.store import Store

DEFAULT_GRACE_S = 10.0
"""Between SIGTERM and SIGKILL, as in Cloud Run's container runtime contract."""
DEFAULT_EXECUTIONS = 32


class Runner:
    def __init__(
        self,
        store: Store,
        *,
        folder: Path,
        grace_s: float = DEFAULT_GRACE_S,
        executions: int = DEFAULT_EXECUTIONS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`executions` run at once; the others wait for their turn."""
        self._store = store
        self._folder = folder
        self._grace_s = grace_s
        self._clock = clock
        self._processes: dict[str, AttemptProcess] = {}
        self._lock = threading.Lock()
        self._is_stopping = False
        self._threads = ThreadPoolExecutor(executions, thread_name_prefix="run-execution")
        for execution in store.unfinished_executions():
            self.submit(execution.name)

    def submit(self, name: str) -> None:
        self._threads.submit(self._see_through, name).add_done_callback(lambda future: future.result())

    def cancel(self, name: str) -> Execution:
        execution = self._store.update_execution(name, lambda it: replace(it, is_cancel_requested=not it.is_done))
        self._end_unwanted_process(name)
        return execution

    def stop(self) -> None:
        """Ends what runs, within the grace; executions that are not through go on at the next start."""
        with self._lock:
            self._is_stopping = True
            running = list(self._processes)
        for name in running:
            self._end_unwanted_process(name)
        self._threads.shutdown(cancel_futures=True)

    def _see_through(self, name: str) -> None:
        while isinstance(step := (execution := self._store.execution(name)).next_step(), Attempt):
            if step not in execution.attempts:
                if self._is_stopping:
                    return
                self._record(name, step)
                process = self._start(execution, step)
            else:
                process = AttemptProcess(self._attempt_folder(name, step))
            result = self._supervise(name, process).wait()
            with self._lock:
                del self._processes[name]
            self._record(name, replace(step, result=result))
        self._complete(name, step)

    def _start(self, execution: Execution, attempt: Attempt) -> AttemptProcess:
        return AttemptProcess.start(
            self._attempt_folder(execution.name, attempt),
            ProcessOrder(
                command=execution.spec.command,
                env={**os.environ, **execution.spec.env, **_cloud_run_env(execution, attempt)},
                log=Path(execution.log_uri),
                timeout_s=execution.spec.timeout_s,
                grace_s=self._grace_s,
            ),
        )

    def _supervise(self, name: str, process: AttemptProcess) -> AttemptProcess:
        """Makes the process one that `cancel` and `stop` find; ends it if they came before."""
        with self._lock:
            self._processes[name] = process
        self._end_unwanted_process(name)
        return process

    def _end_unwanted_process(self, name: str) -> None:
        with self._lock:
            process = self._processes.get(name)
            if process is not None and (self._is_stopping or self._store.execution(name).is_cancel_requested):
                process.terminate()

    def _record(self, name: str, attempt: Attempt) -> None:
        self._store.update_execution(name, lambda it: it.with_attempt(attempt, now_s=self._clock()))

    def _complete(self, name: str, state: State) -> None:
        self._store.update_execution(name, lambda it: it.completed(state, now_s=self._clock()))

    def _attempt_folder(self, name: str, attempt: Attempt) -> Path:
        return self._folder / name.rpartition("/")[2] / f"{attempt.task_index}-{attempt.number}"


def _cloud_run_env(execution: Execution, attempt: Attempt) -> Mapping[str, str]:
    """What every task of a Cloud Run job finds in its environment (container runtime contract)."""
    return {
        "CLOUD_RUN_JOB": execution.job.rpartition("/")[2],
        "CLOUD_RUN_EXECUTION": execution.name.rpartition("/")[2],
        "CLOUD_RUN_TASK_INDEX": str(attempt.task_index),
        "CLOUD_RUN_TASK_ATTEMPT": str(attempt.number),
        "CLOUD_RUN_TASK_COUNT": str(execution.spec.task_count),
    }
