"""With an index file, queries need the indexes that the real service would want; and fields may expire."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import FailedPrecondition
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import And, FieldFilter

from infra.local.firestore.server import start
from tests.contract.firestore.conftest import client_of

DEPLOYED = Path(__file__).resolve().parents[3] / "infra/terraform/modules/tabkeeper/firestore.indexes.json"
EMPTY: dict[str, Any] = {"indexes": [], "fieldOverrides": []}

Ask = Callable[[firestore.Client], Any]


@contextmanager
def strict_client(folder: Path, content: dict[str, Any]) -> Iterator[firestore.Client]:
    """A client of a server that knows the indexes in `content` only."""
    file = folder / "firestore.indexes.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    server = start(indexes=file, ttl_sweep_s=0.05)
    try:
        with client_of(server.address) as client:
            yield client
    finally:
        server.stop()


def runs(client: firestore.Client, *filters: tuple[str, str, Any]) -> Any:
    return _where(client.collection("runs"), filters)


def all_runs(client: firestore.Client, *filters: tuple[str, str, Any]) -> Any:
    return _where(client.collection_group("runs"), filters)


def _where(query: Any, filters: tuple[tuple[str, str, Any], ...]) -> Any:
    return query.where(filter=And([FieldFilter(*one) for one in filters])) if filters else query


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: runs(client).order_by("at", direction="DESCENDING"),
        lambda client: runs(client, ("at", ">", 1)).order_by("at"),
        lambda client: runs(client, ("lane", "==", 1), ("state", "==", "waiting"), ("tags", "array_contains", 1)),
        lambda client: runs(client, ("lane", "in", [1, 2]), ("state", "==", "waiting")),
        all_runs,
    ],
)
def test_automatic_indexes_serve(tmp_path: Path, ask: Ask) -> None:
    """One field in any way, and several compared for equality, need no declaration."""
    with strict_client(tmp_path, EMPTY) as client:
        assert ask(client).get() == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: runs(client, ("lane", "==", 1)).order_by("at"),
        lambda client: runs(client, ("lane", "==", 1), ("at", "<", 5)),
        lambda client: runs(client, ("at", "<", 5), ("size", "<", 5)),
        lambda client: runs(client).order_by("at").order_by("size", direction="DESCENDING"),
        lambda client: runs(client, ("tags", "array_contains", 1)).order_by("at", direction="DESCENDING"),
        lambda client: runs(client, ("lane", "==", 1), ("state", "in", ["a", "b"])).order_by("at"),
        lambda client: all_runs(client, ("state", "==", "waiting")),
        lambda client: all_runs(client, ("state", "==", "waiting")).order_by("at"),
        lambda client: all_runs(client).order_by("at", direction="DESCENDING"),
    ],
)
def test_missing_index_is_named_so_that_it_can_be_pasted(tmp_path: Path, ask: Ask) -> None:
    """The error holds the very entry that, put into the file, makes the query run."""
    with strict_client(tmp_path, EMPTY) as client, pytest.raises(FailedPrecondition) as failure:
        ask(client).get()
    found = re.search(r'Add to "(\w+)" in firestore.indexes.json: (.*)', failure.value.message)
    assert found is not None
    with strict_client(tmp_path, EMPTY | {found[1]: [json.loads(found[2])]}) as client:
        assert ask(client).get() == []


def test_field_without_indexes_cannot_be_queried(tmp_path: Path) -> None:
    """An override replaces the automatic indexes, also by none."""
    override = {"collectionGroup": "runs", "fieldPath": "at", "indexes": []}
    with strict_client(tmp_path, EMPTY | {"fieldOverrides": [override]}) as client:
        with pytest.raises(FailedPrecondition, match="requires an index"):
            runs(client).order_by("at").get()
        assert runs(client).order_by("size").get() == []


def test_listener_needs_the_index_too(tmp_path: Path) -> None:
    """What get() refuses, on_snapshot refuses."""
    with strict_client(tmp_path, EMPTY) as client:
        request = {
            "database": client._database_string,
            "add_target": {
                "target_id": 1,
                "query": {
                    "parent": f"{client._database_string}/documents",
                    "structured_query": runs(client, ("lane", "==", 1)).order_by("at")._to_protobuf(),
                },
            },
        }
        answers: Any = client._firestore_api.listen(requests=iter([request]))
        refusal = next(iter(answers)).target_change
        assert refusal.target_change_type.name == "REMOVE"
        assert "requires an index" in refusal.cause.message


def test_expired_documents_vanish_later(tmp_path: Path) -> None:
    """A sweep takes what has expired, and leaves what has not or holds no time."""
    past, future = (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes) for minutes in (-1, 60))
    override = {"collectionGroup": "sessions", "fieldPath": "expires_at", "ttl": True, "indexes": []}
    with strict_client(tmp_path, EMPTY | {"fieldOverrides": [override]}) as client:
        sessions = client.collection("sessions")
        sessions.document("future").set({"expires_at": future})
        sessions.document("text").set({"expires_at": "yesterday"})
        client.document("elsewhere/past").set({"expires_at": past})
        expired = client.document("tenants/t/sessions/past")
        expired.set({"expires_at": past})
        while expired.get().exists:  # the test's own time limit ends this
            pass
        assert [document.id for document in sessions.list_documents()] == ["future", "text"]
        assert client.document("elsewhere/past").get().exists


def test_deployed_index_file_is_understood() -> None:
    """The file that Terraform deploys is the one that this server obeys."""
    server = start(indexes=DEPLOYED)
    try:
        with client_of(server.address) as client:
            assert client.collection("sessions").limit(1).get() == []
    finally:
        server.stop()


@pytest.mark.parametrize(
    "content",
    [
        {"indexes": [{"collectionGroup": "runs", "fields": [{"fieldPath": "at", "order": "ASCENDING"}]}]},
        {"indexes": [{"collectionGroup": "runs", "fields": [{"fieldPath": "a"}, {"fieldPath": "b"}]}]},
        {"fieldOverrides": [{"collectionGroup": "runs", "fieldPath": "at"}]},
    ],
)
def test_file_that_cannot_be_deployed_is_refused(tmp_path: Path, content: dict[str, Any]) -> None:
    """At start, naming the file."""
    file = tmp_path / "firestore.indexes.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match="is not an index file"):
        start(indexes=file)
