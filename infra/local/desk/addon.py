"""The add-on as `clasp push` would upload it from a checkout: its manifest, its scripts, its pages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MANIFEST = "appsscript.json"
SCRIPTS = (".js", ".gs")
PAGES = (".html",)
NEVER = frozenset({".git", ".venv", "node_modules", ".state"})
"""Folders that are not even looked into."""
WILDCARDS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True)
class AddOn:
    checkout: Path

    def upload(self) -> dict[str, Any]:
        """Names keep their folder and lose their extension, as in the script editor; scripts run in their order."""
        files = sorted(self._pushed())
        return {
            "manifest": json.loads((self.checkout / MANIFEST).read_text()),
            "scripts": [{"name": _name(file), "source": self._text(file)} for file in files if file.endswith(SCRIPTS)],
            "pages": {_name(file): self._text(file) for file in files if file.endswith(PAGES)},
        }

    def _text(self, file: str) -> str:
        return (self.checkout / file).read_text()

    def _pushed(self) -> Iterator[str]:
        ignore = self.checkout / ".claspignore"
        rules = [_rule(line) for line in ignore.read_text().split()] if ignore.exists() else []
        for path in self._files(self.checkout):
            file = path.relative_to(self.checkout).as_posix()
            verdicts = [ignored for pattern, ignored in rules if pattern.fullmatch(file)]
            if not (verdicts and verdicts[-1]):
                yield file

    def _files(self, folder: Path) -> Iterator[Path]:
        for entry in folder.iterdir():
            if entry.is_dir():
                if entry.name not in NEVER:
                    yield from self._files(entry)
            elif entry.name.endswith((*SCRIPTS, *PAGES)):
                yield entry


def _rule(line: str) -> tuple[re.Pattern[str], bool]:
    """A line of .claspignore: what it matches, and whether that is left out; the last line that matches decides."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", line.removeprefix("!"))
    pattern = "".join(WILDCARDS.get(part) or re.escape(part) for part in parts)
    return re.compile(pattern), not line.startswith("!")


def _name(file: str) -> str:
    return file.rpartition(".")[0]
