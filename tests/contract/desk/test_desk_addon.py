"""The desk shows the add-on as it lies in the checkout."""

import json

from tests.desk import API, Desk

MANIFEST = {"runtimeVersion": "V8"}
FILES = {
    "appsscript.json": json.dumps(MANIFEST),
    ".claspignore": "**/**\n!appsscript.json\n!addon/**/*.js\n!addon/**/*.html\n",
    "addon/Menu.js": "function onOpen() {}",
    "addon/sidebar/Sidebar.html": "<p>Hello</p>",
    "addon/README.md": "Not for Google.",
    "infra/tool.js": "process.exit()",
}


def test_add_on_is_what_clasp_would_push(desk: Desk) -> None:
    """Scripts and pages that .claspignore lets through, by their names with folder; nothing else of the checkout."""
    desk.put_addon(FILES)
    assert desk.http.get("/addon").json() == {
        "manifest": MANIFEST,
        "scripts": [{"name": "addon/Menu", "source": "function onOpen() {}"}],
        "pages": {"addon/sidebar/Sidebar": "<p>Hello</p>"},
        "properties": {"API_URL": API},
    }
