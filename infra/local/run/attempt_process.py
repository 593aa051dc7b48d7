import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter

from infra.local.run import shim
from infra.local.run.execution import AttemptResult, Ending

RESULT = TypeAdapter(AttemptResult)
PID_WAIT_S = 5.0


@dataclass(frozen=True)
class ProcessOrder:
    """What the shim is told."""

    command: tuple[str, ...]
    env: Mapping[str, str]
    log: Path
    timeout_s: float
    grace_s: float


class AttemptProcess:
    """The process of one attempt, by its folder, whichever service process started it.

    The attempt's shim holds a lock on a file in the folder from before it exists until it ends: the kernel's own
    word on whether it lives, which a process id, being used again, is not.
    """

    def __init__(self, folder: Path, *, shim_process: "subprocess.Popen[bytes] | None" = None) -> None:
        self._lock, self._pid, self._result = folder / "lock", folder / "pid", folder / "result.json"
        self._shim_process = shim_process

    @classmethod
    def start(cls, folder: Path, order: ProcessOrder) -> Self:
        folder.mkdir(parents=True)
        with (folder / "lock").open("w") as lock, order.log.open("ab") as log:
            fcntl.flock(lock, fcntl.LOCK_EX)
            limits = (str(order.timeout_s), str(order.grace_s))
            shim_process = subprocess.Popen(
                [sys.executable, "-I", "-S", shim.__file__, str(folder), *limits, *order.command],
                env=order.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock.fileno(),),
                start_new_session=True,
            )
        return cls(folder, shim_process=shim_process)

    def wait(self) -> AttemptResult:
        """Blocks until the attempt is over."""
        if self._lock.exists():
            with self._lock.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH)
        if self._shim_process is not None:
            self._shim_process.wait()
        if not self._result.exists():
            return AttemptResult(Ending.LOST, exit_code=None)
        return RESULT.validate_json(self._result.read_bytes())

    def terminate(self) -> None:
        """Asks the shim to end the command. Does nothing when the attempt is over."""
        if self._shim_process is not None:
            self._shim_process.terminate()
        elif (pid := self._living_pid()) is not None:
            os.kill(pid, signal.SIGTERM)

    def _living_pid(self) -> int | None:
        """The shim's process id, surely its own because it holds the lock; it writes the id as its first act."""
        give_up_at = time.monotonic() + PID_WAIT_S
        while self._is_alive() and time.monotonic() < give_up_at:
            if self._pid.exists():
                return int(self._pid.read_text())
            time.sleep(0.01)
        return None

    def _is_alive(self) -> bool:
        if not self._lock.exists():
            return False
        with self._lock.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False
