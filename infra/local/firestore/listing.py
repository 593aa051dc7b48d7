"""What lies under a parent: its documents, missing ones too, and the ids of its collections; page by page."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from infra.local.firestore import names
from infra.local.firestore.query import Scope
from infra.local.firestore.store import Snapshot

DEFAULT_PAGE = 300


@dataclass(frozen=True)
class Page:
    items: Sequence[str]
    next_token: str


def document_names(snapshot: Snapshot, collection: Scope, *, show_missing: bool) -> list[str]:
    """Sorted. A missing document does not exist itself, but has documents below it."""
    found = {document.name for document in snapshot.candidates(collection, [])}
    if show_missing:
        depth = collection.path.count("/") + 2
        found |= {"/".join(path.split("/")[:depth]) for path in _collections_below(snapshot, collection.path)}
    return sorted(found, key=names.ordering)


def collection_ids(snapshot: Snapshot, parent: str) -> list[str]:
    depth = parent.count("/") + 1
    return sorted({path.split("/")[depth] for path in _collections_below(snapshot, parent)})


def page(items: Sequence[str], *, size: int, token: str) -> Page:
    """`items` are sorted; a token is the last item of the page before."""
    start = bisect_right(items, names.ordering(token), key=names.ordering) if token else 0
    part = items[start : start + (size or DEFAULT_PAGE)]
    return Page(part, part[-1] if start + len(part) < len(items) else "")


def _collections_below(snapshot: Snapshot, prefix: str) -> set[str]:
    """`prefix` names a document, the root, or a collection, whose own path is then not among them."""
    paths = snapshot.collection_paths(Scope(parent=prefix, collection_id="", descendants=True))
    return {path for path in paths if path.startswith(prefix + "/")}
