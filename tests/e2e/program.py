"""A process of the stack under test."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
START_S = 30.0
STOP_S = 10.0


class Program:
    """A process that is ended with the test."""

    def __init__(self, *command: str, log: Path, environment: dict[str, str] | None = None) -> None:
        self.command = " ".join(command)
        self.log = log
        self._output = log.open("ab")
        self.process = subprocess.Popen(
            command, cwd=CHECKOUT, stdout=self._output, stderr=subprocess.STDOUT, env=environment
        )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self._output.close()

    def address(self) -> str:
        """Told by a local service's first line on stdout, as soon as it answers."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self.log.read_text().splitlines():
                if line.startswith('{"service"'):
                    return str(json.loads(line)["address"])
            time.sleep(0.05)
        pytest.fail(f"{self.command} did not start:\n{self.log.read_text()}")
