"""Log events: what operators are told to look for is what the programs say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
OPERATIONS = (CHECKOUT / "docs/operations.md").read_text()
LOUD = {"warning", "error", "exception", "severity"}
QUIET = {"info"}


def logged(methods: set[str]) -> Iterator[str]:
    """The names of the events that the product logs by these methods."""
    for package in ("backend", "jobs"):
        for file in CHECKOUT.glob(f"{package}/**/*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                match node:
                    case ast.Call(
                        func=ast.Attribute(attr=method) | ast.Name(id=method), args=[ast.Constant(value=str(event)), *_]
                    ) if method in methods:
                        yield event


def told() -> set[str]:
    """The names in the first column of the tables of events."""
    chapter = OPERATIONS.partition("## What is in the log")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]*) \|", chapter, flags=re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_events_that_operators_look_for_exist() -> None:
    """An alert on a name that nobody logs would never fire."""
    assert told()
    assert told() <= set(logged(LOUD | QUIET))


def test_each_warning_and_error_is_explained() -> None:
    """Whoever finds one in the log learns from the document what it calls for."""
    assert set(logged(LOUD)) - told() == set()
