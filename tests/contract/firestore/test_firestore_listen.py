"""Listen, as on_snapshot of the real client uses it."""

import queue
from typing import Any

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

Seen = queue.Queue[tuple[list[str], list[tuple[str, str]]]]

WAIT_S = 10.0


def listen(query: Any) -> tuple[Any, Seen]:
    """The watch, and a queue of (ids of the results, (kind, id) of each change)."""
    seen: Seen = queue.Queue()

    def on_change(documents: Any, changes: Any, _: Any) -> None:
        seen.put(([found.id for found in documents], [(change.type.name, change.document.id) for change in changes]))

    return query.on_snapshot(on_change), seen


def test_query_listener_sees_documents_come_change_and_go(client: firestore.Client) -> None:
    """Each commit that touches the results arrives once, whatever way a document leaves."""
    things = client.collection("things")
    things.document("a").set({"n": 1, "state": "waiting"})
    watch, seen = listen(things.where(filter=FieldFilter("state", "==", "waiting")))
    assert seen.get(timeout=WAIT_S) == (["a"], [("ADDED", "a")])
    things.document("b").set({"n": 2, "state": "waiting"})
    assert seen.get(timeout=WAIT_S) == (["a", "b"], [("ADDED", "b")])
    things.document("a").update({"n": 5})
    assert seen.get(timeout=WAIT_S) == (["a", "b"], [("MODIFIED", "a")])
    things.document("c").set({"state": "done"})
    things.document("b").update({"state": "done"})
    assert seen.get(timeout=WAIT_S) == (["a"], [("REMOVED", "b")])
    things.document("a").delete()
    assert seen.get(timeout=WAIT_S) == ([], [("REMOVED", "a")])
    watch.unsubscribe()


def test_document_listener_sees_a_missing_document_appear(client: firestore.Client) -> None:
    """That there is none is the first thing it is told."""
    document = client.document("things/one")
    seen: queue.Queue[list[bool]] = queue.Queue()
    watch: Any = document.on_snapshot(lambda found, *_: seen.put([one.exists for one in found]))
    assert not any(seen.get(timeout=WAIT_S))
    document.set({"n": 1})
    assert seen.get(timeout=WAIT_S) == [True]
    watch.unsubscribe()


def test_returning_listener_is_told_only_what_changed(client: firestore.Client) -> None:
    """A resume token stands for all that was sent before it."""
    things = client.collection("things")
    things.document("kept").set({"n": 1})
    things.document("gone").set({"n": 1})
    token = _answers(client, stop_at="CURRENT")[-1].target_change.resume_token
    things.document("gone").delete()
    things.document("new").set({"n": 1})
    answers = _answers(client, stop_at="CURRENT", resume_token=token)
    changed = [answer.document_change.document.name.rpartition("/")[2] for answer in answers if answer.document_change]
    deleted = [answer.document_delete.document.rpartition("/")[2] for answer in answers if answer.document_delete]
    assert (changed, deleted) == (["new"], ["gone"])


def test_listener_with_a_forgotten_token_starts_anew(client: firestore.Client) -> None:
    """It is told to forget what it has, then everything."""
    client.document("things/one").set({"n": 1})
    answers = _answers(client, stop_at="CURRENT", resume_token=b"1")
    kinds = [answer.target_change.target_change_type.name for answer in answers if answer.target_change]
    assert kinds == ["ADD", "RESET", "CURRENT"]
    assert sum(bool(answer.document_change) for answer in answers) == 1


def _answers(client: firestore.Client, *, stop_at: str, **target: Any) -> list[Any]:
    """What the server sends to a new stream on `things`, up to the named kind of target change."""
    parent = f"{client._database_string}/documents"
    query = {"parent": parent, "structured_query": client.collection("things")._query()._to_protobuf()}
    request = {"database": client._database_string, "add_target": {"target_id": 1, "query": query, **target}}
    hold = queue.SimpleQueue[dict[str, Any]]()
    hold.put(request)
    metadata = [("google-cloud-resource-prefix", client._database_string)]
    stream: Any = client._firestore_api.listen(requests=iter(hold.get, None), metadata=metadata)
    answers = []
    for answer in stream:
        answers.append(answer)
        if answer.target_change and answer.target_change.target_change_type.name == stop_at:
            stream.cancel()
            return answers
    raise AssertionError(f"the stream ended before {stop_at}")
