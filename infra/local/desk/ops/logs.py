"""The logs that the stack writes, one file a program."""

import os
from dataclasses import dataclass
from pathlib import Path

TAIL_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Logs:
    folder: Path

    def names(self) -> list[str]:
        return sorted(file.stem for file in self.folder.glob("*.log"))

    def tail(self, name: str) -> bytes:
        """The last lines, whole ones, of a log that is among `names`. Raises KeyError for another."""
        if name not in self.names():
            raise KeyError(name)
        with (self.folder / f"{name}.log").open("rb") as file:
            skipped = max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES)
            file.seek(skipped)
            text = file.read()
        return text.partition(b"\n")[2] if skipped else text
