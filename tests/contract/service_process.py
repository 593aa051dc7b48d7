import json
import signal
import subprocess
import sys
from pathlib import Path


class ServiceProcess:
    """A local service as its own process, to be killed."""

    def __init__(self, name: str, state: Path, *, identity: str) -> None:
        command = [sys.executable, "-m", f"infra.local.{name}", "--state", str(state), "--identity", identity]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.address = json.loads(self._process.stdout.readline())["address"]

    def end(self, number: signal.Signals) -> int:
        if self._process.returncode is None:
            self._process.send_signal(number)
            self._process.communicate()
        return self._process.returncode
