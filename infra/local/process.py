"""A program that is started, found ready, and stopped; its output goes to a log file."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue

START_S = 60.0
STOP_S = 30.0


class NotStarted(RuntimeError):
    """The program ended, or said nothing, before it was ready; the message ends with what it logged."""


class Process:
    """In a session of its own, so that a Ctrl-C in the terminal reaches the stack alone, which stops all in order."""

    def __init__(
        self, name: str, command: Sequence[str], *, log: Path, environment: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._environment = environment
        self._folder = folder
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log_file = log.open("ab")
        self._asked = False
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log_file,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )
        self._lines: Queue[bytes] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    def address(self) -> str:
        """`host:port`, from the ready line that every local service prints."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and (self.running or not self._lines.empty()):
            try:
                line = self._lines.get(timeout=0.2)
            except Empty:
                continue
            if line.startswith(b'{"service"'):
                return str(json.loads(line)["address"])
        raise NotStarted(f"{self.name} did not start; {self.log} ends with:\n{self._last_words()}")

    def wait(self, timeout_s: float) -> int | None:
        """The exit code, None when it is still running after that long."""
        try:
            return self._popen.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def ask_to_stop(self) -> None:
        """SIGTERM, once; `stop` sees to it that it ends."""
        if self.running and not self._asked:
            self._asked = True
            self._popen.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for one that does not end."""
        self.ask_to_stop()
        try:
            self._popen.wait(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        self._reader.join()
        self._log_file.close()

    def again(self) -> "Process":
        """The same program anew, once this one has ended."""
        self.stop()
        return Process(self.name, self._command, log=self.log, environment=self._environment, folder=self._folder)

    def kill(self) -> None:
        """SIGKILL, as a crash; `stop` still closes what is ours."""
        self._popen.kill()
        self._popen.wait()

    def _read(self) -> None:
        with self._popen.stdout or self.log.open("rb") as output:
            for line in output:
                self._log_file.write(line)
                self._log_file.flush()
                self._lines.put(line)

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])
