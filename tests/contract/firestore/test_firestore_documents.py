"""Single documents and batches of writes: preconditions, transforms, atomicity, limits."""

from typing import Any

import pytest
from google.api_core.exceptions import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound
from google.cloud import firestore

MEGABYTE = 1024 * 1024


def test_document_comes_back_as_it_was_written(client: firestore.Client) -> None:
    """Values of all types make the round trip."""
    written: dict[str, Any] = {
        "null": None,
        "flag": True,
        "integer": 2**62,
        "double": 0.1,
        "text": "žluťoučký 😀",
        "bytes": b"\x00\xff",
        "reference": client.document("a/b"),
        "point": firestore.GeoPoint(1.5, -2.5),
        "array": [1, "two", None, {"three": 3}],
        "map": {"a.b": {"`c`": 1}},
    }
    client.document("things/one").set(written)
    assert client.document("things/one").get().to_dict() == written


def test_create_refuses_an_existing_document(client: firestore.Client) -> None:
    """A document whose id is a key makes that key unique."""
    client.document("things/one").create({"n": 1})
    with pytest.raises(AlreadyExists):
        client.document("things/one").create({"n": 2})
    assert client.document("things/one").get().get("n") == 1


def test_update_refuses_a_missing_document(client: firestore.Client) -> None:
    """update() changes what exists and makes nothing."""
    with pytest.raises(NotFound, match="No document to update"):
        client.document("things/none").update({"n": 1})
    assert not client.document("things/none").get().exists


def test_write_over_a_newer_version_is_refused(client: firestore.Client) -> None:
    """A precondition on the update time holds only for the version that was read."""
    document = client.document("things/one")
    document.set({"n": 1})
    stale = client.write_option(last_update_time=document.get().update_time)
    document.set({"n": 2})
    with pytest.raises(FailedPrecondition):
        document.update({"n": 3}, option=stale)
    assert document.get().get("n") == 2


def test_write_that_changes_nothing_makes_no_version(client: firestore.Client) -> None:
    """The update time moves only with the content."""
    document = client.document("things/one")
    first: Any = document.set({"n": 1}).update_time
    assert document.set({"n": 1}).update_time == first
    assert document.set({"n": 2}).update_time != first


def test_update_of_a_nested_field_leaves_its_neighbours(client: firestore.Client) -> None:
    """A mask names exactly what is written; a named field without a value goes."""
    document = client.document("things/one")
    document.set({"map": {"keep": 1, "change": 1, "drop": 1}})
    document.update({"map.change": 2, "map.drop": firestore.DELETE_FIELD, "new.deep": 3})
    assert document.get().to_dict() == {"map": {"keep": 1, "change": 2}, "new": {"deep": 3}}


@pytest.mark.parametrize(
    ("before", "transform", "after"),
    [
        (1, firestore.Increment(2), 3),
        (1, firestore.Increment(0.5), 1.5),
        ("text", firestore.Increment(2), 2),
        (2**63 - 1, firestore.Increment(1), 2**63 - 1),
        (5, firestore.Maximum(7), 7),
        (5, firestore.Minimum(7), 5),
        ([1, 2], firestore.ArrayUnion([2, 3]), [1, 2, 3]),
        ([1, 2, 1], firestore.ArrayRemove([1.0]), [2]),
        ("text", firestore.ArrayUnion([1]), [1]),
    ],
)
def test_transform(client: firestore.Client, before: Any, transform: Any, after: Any) -> None:
    """Transforms work on what is stored, whatever its type."""
    document = client.document("things/one")
    document.set({"field": before})
    document.update({"field": transform})
    assert document.get().get("field") == after


def test_server_timestamp_is_the_time_of_the_commit(client: firestore.Client) -> None:
    """In milliseconds, as the real one."""
    document = client.document("things/one")
    written: Any = document.set({"at": firestore.SERVER_TIMESTAMP}).update_time
    stamp = document.get().get("at")
    assert stamp == written.replace(microsecond=written.microsecond // 1000 * 1000)


def test_batch_is_all_or_nothing(client: firestore.Client) -> None:
    """One write that fails takes the whole batch with it."""
    batch = client.batch()
    batch.set(client.document("things/one"), {"n": 1})
    batch.update(client.document("things/none"), {"n": 1})
    with pytest.raises(NotFound):
        batch.commit()
    assert not client.document("things/one").get().exists


def test_batch_sees_its_own_earlier_writes(client: firestore.Client) -> None:
    """Writes of a batch apply in order, each on the state the one before left."""
    batch = client.batch()
    batch.create(client.document("things/one"), {"n": 1})
    batch.update(client.document("things/one"), {"n": firestore.Increment(1)})
    batch.commit()
    assert client.document("things/one").get().get("n") == 2


def test_bulk_writes_fail_one_by_one(client: firestore.Client) -> None:
    """BatchWrite, unlike a batch, keeps what could be written."""
    failures: list[int] = []

    def give_up(failure: Any, _: Any) -> bool:
        failures.append(failure.code)
        return False

    writer: Any = client.bulk_writer()
    writer.on_write_error(give_up)
    writer.create(client.document("things/one"), {"n": 1})
    writer.update(client.document("things/none"), {"n": 1})
    writer.close()
    assert failures == [5]
    assert client.document("things/one").get().exists


def test_batch_of_501_writes_is_refused(client: firestore.Client) -> None:
    """500 is the limit of a commit."""
    batch = client.batch()
    for number in range(501):
        batch.set(client.document(f"things/{number}"), {"n": number})
    with pytest.raises(InvalidArgument, match="maximum 500 writes"):
        batch.commit()
    assert client.collection("things").limit(1).get() == []


def test_document_of_a_mebibyte_is_the_largest(client: firestore.Client) -> None:
    """By Firestore's own rule of what a document weighs, its name included."""
    document = client.document("things/one")
    # name: (6 + 1) + (3 + 1) + 16; document: 32; field names: 2 + 2; string ends: 1 + 1
    room = MEGABYTE - 27 - 32 - 4 - 2
    document.set({"a": "x" * 1000, "b": "x" * (room - 1000)})
    with pytest.raises(InvalidArgument, match="exceeds the maximum allowed size"):
        document.set({"a": "x" * 1001, "b": "x" * (room - 1000)})


@pytest.mark.parametrize("document_id", ["__reserved__", "x" * 1501, ".."])
def test_forbidden_id_is_refused(client: firestore.Client, document_id: str) -> None:
    """Reserved, too long or relative."""
    with pytest.raises(InvalidArgument, match=r"Resource id|path"):
        client.collection("things").document(document_id).set({"n": 1})


@pytest.mark.parametrize("content", [{"__reserved__": 1}, {"map": {"__reserved__": 1}}, {"array": [[1]]}])
def test_forbidden_content_is_refused(client: firestore.Client, content: dict[str, Any]) -> None:
    """Reserved field names at any depth, and arrays directly in arrays."""
    with pytest.raises(InvalidArgument):
        client.document("things/one").set(content)


def test_documents_by_their_own_methods(client: firestore.Client) -> None:
    """CreateDocument, GetDocument, UpdateDocument and DeleteDocument, as clients without batches use them."""
    api: Any = client._firestore_api
    root = f"{client._database_string}/documents"
    made = api.create_document(
        request={"parent": root, "collection_id": "things", "document": {"fields": {"n": {"integer_value": 1}}}}
    )
    assert len(made.name.removeprefix(f"{root}/things/")) == 20
    made.fields["m"] = {"integer_value": 2}
    updated = api.update_document(request={"document": made, "update_mask": {"field_paths": ["m"]}})
    assert {name: value.integer_value for name, value in updated.fields.items()} == {"n": 1, "m": 2}
    found = api.get_document(request={"name": made.name, "mask": {"field_paths": ["m"]}})
    assert list(found.fields) == ["m"]
    api.delete_document(request={"name": made.name})
    with pytest.raises(NotFound):
        api.get_document(request={"name": made.name})


def test_read_time_shows_the_past(client: firestore.Client) -> None:
    """A snapshot shows the store as it was, for documents, queries and lists alike."""
    things = client.collection("things")
    things.document("one").set({"n": 1})
    past: Any = things.document("two").set({"n": 2}).update_time
    things.document("one").set({"n": 9})
    things.document("two").delete()
    things.document("three").set({"n": 3})
    assert things.document("one").get(read_time=past).get("n") == 1
    assert [found.id for found in things.order_by("n").stream(read_time=past)] == ["one", "two"]
    assert {found.id for found in things.list_documents(read_time=past)} == {"one", "two"}
    assert {found.id for found in things.list_documents()} == {"one", "three"}


def test_listing_shows_missing_parents_and_collections(client: firestore.Client) -> None:
    """A document that does not exist is listed when something lies below it."""
    client.document("tenants/t/runs/r").set({"n": 1})
    assert [found.id for found in client.collection("tenants").list_documents()] == ["t"]
    assert not client.document("tenants/t").get().exists
    assert [found.id for found in client.document("tenants/t").collections()] == ["runs"]
    client.document("tenants/t/runs/r").delete()
    assert list(client.document("tenants/t").collections()) == []
