"""Writes the libraries of the sidebar's page into addon/vendor, as they come from npm.

    npm run vendor

Apps Script serves a page's scripts from HTML files only, so each library stands unmodified in a `<script>` of its own.
"""

import json
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENDOR = CHECKOUT / "addon/vendor"
PACKAGES = CHECKOUT / "node_modules"
LIBRARIES = {
    "preact.html": "preact/dist/preact.umd.js",
    "preact-hooks.html": "preact/hooks/dist/hooks.umd.js",
    "htm.html": "htm/dist/htm.umd.js",
}
LICENSED = ("preact", "htm")


def files() -> dict[str, str]:
    """What belongs into the folder: the text of each file by its name."""
    pages = {name: _page(library) for name, library in LIBRARIES.items()}
    return pages | {f"{package}.LICENSE": (PACKAGES / package / "LICENSE").read_text() for package in LICENSED}


def _page(library: str) -> str:
    package = json.loads((PACKAGES / library.partition("/")[0] / "package.json").read_text())
    script = (PACKAGES / library).read_text()
    return f"<!-- {package['name']} {package['version']}, {package['license']} -->\n<script>\n{script}</script>\n"


def main() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (VENDOR / name).write_text(text)


if __name__ == "__main__":
    main()
