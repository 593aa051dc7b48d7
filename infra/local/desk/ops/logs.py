"""The logs that the stack writes, one file a program, and those of the newest executions of the Cloud Run job."""

import os
from dataclasses import dataclass
from pathlib import Path

TAIL_BYTES = 256 * 1024
EXECUTIONS = 20


@dataclass(frozen=True, slots=True)
class Logs:
    programs: Path
    executions: Path
    """Folders, which need not be there yet."""

    def names(self) -> list[str]:
        """The programs, then the executions, the newest first."""
        return [file.stem for file in self._files()]

    def tail(self, name: str) -> bytes:
        """The last lines, whole ones, of a log that is among `names`. Raises KeyError for another."""
        with {file.stem: file for file in self._files()}[name].open("rb") as file:
            skipped = max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES)
            file.seek(skipped)
            text = file.read()
        return text.partition(b"\n")[2] if skipped else text

    def _files(self) -> list[Path]:
        executions = sorted(self.executions.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True)
        return [*sorted(self.programs.glob("*.log")), *executions[:EXECUTIONS]]
