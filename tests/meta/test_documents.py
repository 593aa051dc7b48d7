"""What the documents name exists."""

import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
DOCUMENTS = [CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
DOCUMENTS += sorted((CHECKOUT / "docs").rglob("*.md"))


def test_tests_named_in_documents_exist() -> None:
    """A promise points to the test that keeps it."""
    known = {
        name for file in (CHECKOUT / "tests").rglob("*.py") for name in re.findall(r"def (test_\w+)", file.read_text())
    }
    named = {name for document in DOCUMENTS for name in re.findall(r"`(test_\w+)`", document.read_text())}
    assert named
    assert named <= known


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    """A link to a file of ours leads to one."""
    links = re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_settings_named_in_documents_exist() -> None:
    """A variable that a document names is one that the program reads."""
    places = ("backend/settings.py", "backend/webhooks/settings.py")
    settings = "".join((CHECKOUT / place).read_text() for place in places)
    named = {name for document in DOCUMENTS for name in re.findall(r"TABKEEPER_([A-Z_]+)", document.read_text())}
    assert {name for name in named if f"    {name.lower()}:" not in settings} == set()
