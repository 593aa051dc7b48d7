"""Checks the types of the sidebar's scripts, which stand in HTML files since Apps Script takes no others for a page.

    python -m infra.tools.page_scripts

The TypeScript compiler gets each file with all but its scripts blanked out, so that its messages name the true line.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).resolve().parents[2]
COMPILER = CHECKOUT / "node_modules/.bin/tsc"
PAGE = "addon/sidebar"


class _Scripts(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self._line_starts = [0, *(at + 1 for at, character in enumerate(html) if character == "\n")]
        self.spans: list[tuple[int, int]] = []
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            line, column = self.getpos()
            start = self._line_starts[line - 1] + column
            self.spans.append((start, start + len(data)))


def scripts(html: str) -> str:
    """The scripts of a page, each character at the line and the column where it stands there."""
    blank = "".join(character if character == "\n" else " " for character in html)
    pieces, end = [], 0
    for start, stop in _Scripts(html).spans:
        pieces += [blank[end:start], html[start:stop]]
        end = stop
    return "".join([*pieces, blank[end:]])


def complaints(checkout: Path = CHECKOUT) -> Iterator[str]:
    """What the compiler says of the scripts of a checkout's page, each line with the HTML file's own name and line."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "node_modules").symlink_to(CHECKOUT / "node_modules")
        files = []
        for page in sorted((checkout / PAGE).glob("*.html")):
            copy = folder / PAGE / f"{page.name}.js"
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(scripts(page.read_text(encoding="utf-8")), encoding="utf-8")
            files.append(str(copy))
        if files:
            project = {"extends": str(checkout / PAGE / "tsconfig.json"), "files": files}
            (folder / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
            command = [str(COMPILER), "-p", name, "--pretty", "false"]
            said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
            yield from said.stdout.replace(".html.js", ".html").splitlines()


def main() -> int:
    found = list(complaints())
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
