"""One tool and one spreadsheet: runs, what they cost, and what is in the tab afterwards."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from googleapiclient import discovery_cache

from tests.bench.book import TAB, Book
from tests.bench.environments import interpreter
from tests.bench.google import Google
from tests.bench.orders import HEADERS, Row, with_changes
from tests.bench.peers.errand import Errand
from tests.bench.tools import Tool
from tests.bench.verdict import Verdict, judge

LAUNCH = Path(__file__).parent / "peers/launch.py"
DISCOVERY = Path(discovery_cache.__file__ or "").parent / "documents/sheets.v4.json"
RUN_S = 300.0
MAX_RUNS = 3
DELAY_S = 1.0


class DoesNotRun(RuntimeError):
    """A tool that fails where nothing is in its way; the message is what it said last."""


@dataclass(frozen=True)
class Cost:
    """Of a tool that is run on a share of the orders: writes, bytes and CPU of all, since it sends a write for each."""

    reads: int
    writes: int
    sent_bytes: int
    start_s: float
    """CPU seconds of the imports and of reading the orders."""
    cpu_s: float
    """CPU seconds of the export."""
    peak_mb: float

    @property
    def quota_minutes(self) -> float:
        """Of one user's 60 reads and 60 writes a minute, what it uses up."""
        return max(self.reads, self.writes) / 60


class Trial:
    def __init__(self, google: Google, tool: Tool, *, folder: Path) -> None:
        self.book = Book(google)
        self.shop: list[Row] = []
        """All orders as they are by now."""
        self._google = google
        self._tool = tool
        self._folder = folder / self.book.id
        self._folder.mkdir()

    def measured(self, rows: Sequence[Row]) -> Cost:
        """A run that nothing disturbs."""
        self._google.control("DELETE", "stats")
        cost = self.run(rows)
        if cost is None:
            raise DoesNotRun(self._last_words())
        stats, times = self._google.control("GET", "stats"), self._tool.share
        return Cost(
            reads=stats["reads"],
            writes=stats["writes"] * times,
            sent_bytes=stats["bytes_in"] * times,
            start_s=cost["start_s"],
            cpu_s=cost["cpu_s"] * times,
            peak_mb=cost["peak_mb"],
        )

    def run(self, rows: Sequence[Row]) -> dict[str, float] | None:
        """What it tells of itself; None when it failed."""
        process = self.begin(rows)
        answer, _ = process.communicate(timeout=RUN_S)
        if process.returncode:
            return None
        told: dict[str, float] = json.loads(answer.splitlines()[-1])
        return told

    def run_until_done(self, rows: Sequence[Row]) -> int:
        """As its user would, who starts it again when it failed; how many runs it took."""
        for attempt in range(1, MAX_RUNS + 1):
            if self.run(rows) is not None:
                return attempt
        return MAX_RUNS

    def run_killed(self, rows: Sequence[Row], *, writes_before: int) -> None:
        """Killed while it waits for the answer to a write, which is applied all the same."""
        self._google.control("DELETE", "stats")
        self._google.fault("delay", skip=writes_before, spreadsheetId=self.book.id, delay_s=DELAY_S)
        process = self.begin(rows)
        self._google.await_stats(lambda stats: stats["faults"].get("delay", 0) == 1)
        process.kill()
        process.communicate()
        self._google.await_stats(lambda stats: stats["writes"] > writes_before)

    def begin(self, rows: Sequence[Row], *, profile: Path | None = None) -> "subprocess.Popen[str]":
        """`rows` are new or changed; the errors of the run go to a file."""
        self.shop = with_changes(self.shop, rows) if self.shop else list(rows)
        shop, errand = self._folder / "shop.json", self._folder / "errand.json"
        shop.write_text(json.dumps(self.shop))
        Errand(
            endpoint=self._google.sheets,
            key_file=str(self._google.key_file),
            spreadsheet_id=self.book.id,
            tab=TAB,
            headers=HEADERS,
            rows=list(rows),
            shop=str(shop),
            folder=str(self._folder),
            discovery=str(DISCOVERY),
        ).write(errand)
        python = sys.executable if self._tool.is_ours else interpreter(self._tool.module)
        command = [str(python), str(LAUNCH), self._tool.module, str(errand)]
        with (self._folder / "errors").open("w") as errors:
            return subprocess.Popen(
                command + ([str(profile)] if profile else []),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={"HOME": str(self._folder), "PATH": os.environ["PATH"]},
            )

    def judge(self, *, notes: Sequence[str] = (), aside: Sequence[str] = ()) -> Verdict:
        return judge(self.book.grid(), headers=HEADERS, rows=self.shop, notes=notes, aside=aside)

    def _last_words(self) -> str:
        lines = (self._folder / "errors").read_text().strip().splitlines()
        return lines[-1] if lines else "it failed without a word"
