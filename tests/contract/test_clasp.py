"""What `clasp push` would put into the Apps Script project."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
CLASP = CHECKOUT / "node_modules/.bin/clasp"

pytestmark = pytest.mark.skipif(not CLASP.exists(), reason="no clasp: make node_modules/.ready")


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return listed.stdout.rstrip("\0").split("\0")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """This repository as an admin has it, with the project file that docs/publish.md asks for."""
    for name in tracked():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / name, tmp_path / name)
    (tmp_path / ".clasp.json").write_text('{"scriptId": "of-a-project-of-yours", "rootDir": "."}')
    return tmp_path


def test_clasp_pushes_the_add_on_and_nothing_else(project: Path) -> None:
    """The manifest, the add-on's scripts and its pages; no script of the desk, no test, no tool."""
    command = [str(CLASP), "show-file-status", "--json"]
    status = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    of_the_add_on = {name for name in tracked() if name.startswith("addon/") and name.endswith((".js", ".html"))}
    assert set(json.loads(status.stdout)["filesToPush"]) == of_the_add_on | {"appsscript.json"}
