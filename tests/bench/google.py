"""Google on this machine, for the comparison: the identity and the Sheets service, each in a process of its own."""

import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from infra.local.process import Process

CHECKOUT = Path(__file__).resolve().parents[2]
ACCOUNT = "writer@bench.iam.gserviceaccount.com"
PATIENCE_S = 60.0


class Google:
    """Without quotas: what they would force is computed from the calls."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = ExitStack()

    def __enter__(self) -> Self:
        self.http = self._running.enter_context(httpx.Client(timeout=120, headers={"Authorization": "Bearer owner"}))
        self.sheets = self._start("sheets")
        identity = self._start("identity")
        key = self.http.post(f"{identity}/control/service-accounts", json={"email": ACCOUNT}).raise_for_status()
        self.key_file = self._folder / "key.json"
        self.key_file.write_text(json.dumps(key.json()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    def control(self, verb: str, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.http.request(verb, f"{self.sheets}/control/{what}", json=body).raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def fault(self, kind: str, *, skip: int, **details: Any) -> None:
        """For one write, after so many others."""
        self.control("POST", "faults", {"kind": kind, "calls": "write", "skip": skip, **details})

    def await_stats(self, enough: Callable[[dict[str, Any]], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not enough(self.control("GET", "stats")):
            if time.monotonic() > deadline:
                raise TimeoutError("the Sheets service was not called as expected")
            time.sleep(0.05)

    def _start(self, name: str) -> str:
        process = Process(
            name,
            [sys.executable, "-m", f"infra.local.{name}"],
            log=self._folder / f"{name}.log",
            environment=os.environ,
            folder=CHECKOUT,
        )
        self._running.callback(process.stop)
        return f"http://{process.address()}"
