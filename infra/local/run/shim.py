"""Runs one attempt's command and writes down how it ended: `shim.py FOLDER TIMEOUT_S GRACE_S COMMAND...`.

It is a process of its own, so that an attempt and the record of its end outlive a service that is killed; and a small
one, because Linux counts the memory of the process that forked as the child's until it has become its own program.
It imports nothing of ours and is started with `python -I -S`.

SIGTERM to the shim ends the command as Cloud Run does: SIGTERM to its process, then SIGKILL to all of its group.
"""

import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

RUSAGE_MAXRSS_PER_KIB = 1024 if sys.platform == "darwin" else 1
COMMAND_NOT_FOUND = 127


def main(folder: Path, *, timeout_s: float, grace_s: float, command: list[str]) -> None:
    wake_up = _wake_up_pipe()
    _write(folder / "pid", str(os.getpid()))
    try:
        process = subprocess.Popen(command, start_new_session=True)
    except OSError as error:
        sys.stderr.write(f"cannot start {command[0]!r}: {error}\n")
        _write_result(folder, ending="exited", exit_code=COMMAND_NOT_FOUND)
        return
    ending, kill_at = "exited", None
    terminate_at = time.monotonic() + timeout_s
    while (ended := _reap(process.pid)) is None:
        signals = _wait(wake_up, until=terminate_at if kill_at is None else kill_at)
        now = time.monotonic()
        if kill_at is None and (signal.SIGTERM in signals or now >= terminate_at):
            ending, kill_at = "terminated" if signal.SIGTERM in signals else "timed_out", now + grace_s
            os.kill(process.pid, signal.SIGTERM)
        elif kill_at is not None and now >= kill_at:
            _kill_group(process.pid)
            kill_at = float("inf")
    _kill_group(process.pid)
    status, usage = ended
    _write_result(
        folder,
        ending=ending,
        exit_code=os.waitstatus_to_exitcode(status),
        max_rss_kib=usage.ru_maxrss // RUSAGE_MAXRSS_PER_KIB,
        cpu_s=round(usage.ru_utime + usage.ru_stime, 3),
    )


def _wake_up_pipe() -> int:
    """A descriptor that receives the number of each signal. (The command inherits masks, but no handlers.)"""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    signal.set_wakeup_fd(writable)
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return readable


def _wait(wake_up: int, *, until: float) -> bytes:
    """The signals that came, at the latest when the clock says `until`."""
    timeout_s = None if until == float("inf") else max(0.0, until - time.monotonic())
    readable, _, _ = select.select([wake_up], [], [], timeout_s)
    return os.read(wake_up, 64) if readable else b""


def _reap(pid: int) -> tuple[int, resource.struct_rusage] | None:
    ended, status, usage = os.wait4(pid, os.WNOHANG)
    return (status, usage) if ended else None


def _kill_group(leader: int) -> None:
    """A container dies with its first process, and so does what that left behind."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _write_result(folder: Path, **result: str | float) -> None:
    _write(folder / "result.json", json.dumps(result))


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text)
    part.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]), timeout_s=float(sys.argv[2]), grace_s=float(sys.argv[3]), command=sys.argv[4:])
