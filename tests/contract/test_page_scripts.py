"""The types of the sidebar's scripts, checked by the real compiler."""

import shutil
from pathlib import Path

import pytest

from infra.tools.page_scripts import CHECKOUT, COMPILER, PAGE, complaints

pytestmark = pytest.mark.skipif(not COMPILER.exists(), reason="no TypeScript: make node_modules/.ready")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """One with the repository's compiler options and nothing else."""
    for project in ("tsconfig.json", f"{PAGE}/tsconfig.json"):
        (tmp_path / project).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(CHECKOUT / project, tmp_path / project)
    return tmp_path


def write(checkout: Path, name: str, script: str) -> None:
    (checkout / PAGE / name).write_text(f"<p>A page.</p>\n<script>\n{script}\n</script>\n")


def test_wrong_call_is_told_with_the_line_of_the_page(checkout: Path) -> None:
    """A mistake between two files of a page is found, and named by the HTML file and line where it stands."""
    write(checkout, "Texts.html", "/** @param {number} count */\nconst rows = (count) => `${count} rows`;")
    write(checkout, "Home.html", "document.title = rows('many');")
    (told,) = complaints(checkout)
    assert told.startswith(f"{PAGE}/Home.html(3,23): error TS2345:")


def test_page_without_mistakes_is_passed(checkout: Path) -> None:
    """The files of a page share one scope, and know the browser."""
    write(checkout, "Texts.html", "/** @param {number} count */\nconst rows = (count) => `${count} rows`;")
    write(checkout, "Home.html", "document.title = rows(3);")
    assert list(complaints(checkout)) == []
