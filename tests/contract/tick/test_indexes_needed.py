"""The indexes that queries across tenants need: no more, no fewer."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import FailedPrecondition

from backend.clock import utc_now
from backend.runs.everywhere import Everywhere
from infra.local.firestore.server import start
from infra.local.stack import INDEXES
from tests.contract.firestore.conftest import client_of

NOW = utc_now()
DECLARED = json.loads(INDEXES.read_text())
ACROSS = [
    (kind, position)
    for kind in ("indexes", "fieldOverrides")
    for position, entry in enumerate(DECLARED[kind])
    if "COLLECTION_GROUP" in json.dumps(entry)
]
QUERIES: list[Callable[[Everywhere], Iterator[Any]]] = [
    lambda everywhere: everywhere.due_automations(at=NOW),
    lambda everywhere: everywhere.waiting_runs(since=NOW),
    lambda everywhere: everywhere.silent_runs(since=NOW),
    lambda everywhere: everywhere.noted_changes(since=NOW),
    lambda everywhere: everywhere.unwatched_connections(at=NOW),
    lambda everywhere: everywhere.overdue_notifications(since=NOW),
]


def refused(declared: dict[str, Any], folder: Path) -> int:
    """How many of the queries a Firestore with these indexes does not answer."""
    file = folder / "firestore.indexes.json"
    file.write_text(json.dumps(declared))
    server = start(indexes=file)
    found = 0
    try:
        with client_of(server.address) as client:
            for ask in QUERIES:
                try:
                    list(ask(Everywhere(client)))
                except FailedPrecondition:
                    found += 1
    finally:
        server.stop()
    return found


def test_every_query_has_its_index(tmp_path: Path) -> None:
    """What is deployed serves them all."""
    assert refused(DECLARED, tmp_path) == 0


@pytest.mark.parametrize(("kind", "position"), ACROSS)
def test_every_index_has_its_query(tmp_path: Path, kind: str, position: int) -> None:
    """Without it exactly one query is refused."""
    fewer = deepcopy(DECLARED)
    del fewer[kind][position]
    assert refused(fewer, tmp_path) == 1
