"""Resource names: `projects/P/databases/D/documents/COLLECTION/ID/...`."""

import re
from functools import lru_cache

from infra.local.rpc_error import invalid_argument

MAX_ID_BYTES = 1500
MAX_NAME_BYTES = 6 * 1024
MAX_DEPTH = 100

_ROOT = re.compile(r"projects/[^/]+/databases/[^/]+/documents")
_RESERVED = re.compile(r"__.*__", re.DOTALL)
_NUMERIC_ID = re.compile(r"__id(-?\d+)__")


@lru_cache(maxsize=1 << 16)
def ordering(name: str) -> tuple[tuple[int, object], ...]:
    """Sorts names segment by segment, with Datastore's numeric ids (`__id7__`) by number and before the others."""
    return tuple(
        (0, int(found[1])) if (found := _NUMERIC_ID.fullmatch(segment)) else (1, segment)
        for segment in name.split("/")[5:]
    )


def collection_of(document: str) -> str:
    return document.rpartition("/")[0]


def collection_id_of(document: str) -> str:
    return document.rsplit("/", 2)[1]


def is_root(parent: str) -> bool:
    return _ROOT.fullmatch(parent) is not None


def check_parent(parent: str) -> None:
    """A parent is the root of a database or a document."""
    relative = _relative(parent)
    if len(relative) % 2:
        raise invalid_argument(f'Parent "{parent}" is a collection; a document or the database root is expected.')


def check_document(name: str) -> None:
    """What the name of a stored document must be (https://firebase.google.com/docs/firestore/quotas)."""
    relative = _relative(name)
    if not relative or len(relative) % 2:
        raise invalid_argument(f'Document name "{name}" has invalid trailing "/" or names no document.')
    if len(relative) > 2 * MAX_DEPTH:
        raise invalid_argument(f"Document name is nested deeper than {MAX_DEPTH} collections.")
    if len("/".join(relative).encode()) > MAX_NAME_BYTES:
        raise invalid_argument(f"Document name is longer than {MAX_NAME_BYTES} bytes.")
    for segment in relative:
        check_id(segment)


def check_id(segment: str) -> None:
    if not segment or segment in {".", ".."}:
        raise invalid_argument(f'Resource id "{segment}" is invalid.')
    if len(segment.encode()) > MAX_ID_BYTES:
        raise invalid_argument(f"Resource id is longer than {MAX_ID_BYTES} bytes.")
    if _RESERVED.fullmatch(segment) and not _NUMERIC_ID.fullmatch(segment):
        raise invalid_argument(f'Resource id "{segment}" is invalid because it is reserved.')


def check_collection_id(collection_id: str) -> None:
    if "/" in collection_id:
        raise invalid_argument(f'Collection id "{collection_id}" is invalid because it contains "/".')
    check_id(collection_id)


def _relative(name: str) -> list[str]:
    root = _ROOT.match(name)
    rest = name[root.end() :] if root else None
    if rest is None or (rest and not rest.startswith("/")):
        raise invalid_argument(f'Resource name "{name}" lies under no projects/*/databases/*/documents.')
    return rest.split("/")[1:]
