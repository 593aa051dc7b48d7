"""The GraphQL documents of this adapter: one file each in documents/, every one valid as it stands.

A line that ends in a comment (`sku # sku`) is sent only when something named there is asked for. So a tab pays for its
own columns only: fewer points, a smaller bulk file, and no permission for customers where no column shows one.
"""

from collections.abc import Set as AbstractSet
from pathlib import Path

FOLDER = Path(__file__).parent / "documents"

LINES = "lines"
"""What a comment calls the lines of an order as such, whichever of their fields are asked for."""


def document(name: str, asked: AbstractSet[str] = frozenset()) -> str:
    return prune((FOLDER / f"{name}.graphql").read_text("utf-8"), asked)


def prune(text: str, asked: AbstractSet[str]) -> str:
    """Without comments, and without the lines that serve nothing that is asked for."""
    kept = []
    for line in text.splitlines():
        selection, _, purposes = line.partition("#")
        if selection.strip() and (not purposes or not asked.isdisjoint(purposes.split())):
            kept.append(selection.rstrip())
    return "\n".join(kept)
