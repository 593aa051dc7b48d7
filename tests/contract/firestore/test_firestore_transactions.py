"""Transactions: isolation, conflicts and contention."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from google.api_core.exceptions import Aborted, InvalidArgument
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from infra.local.firestore.server import FirestoreServer
from tests.contract.firestore.conftest import client_of

WORKERS = 4
INCREMENTS = 50


def once(client: firestore.Client, body: Callable[[firestore.Transaction], Any], **options: Any) -> Any:
    """Runs a transaction's body without the client's retries."""
    return firestore.transactional(body)(client.transaction(max_attempts=1, **options))


@contextmanager
def aborts() -> Iterator[None]:
    """The client gives up with a ValueError; why is its cause."""
    with pytest.raises(ValueError, match="Failed to commit transaction") as failure:
        yield
    assert isinstance(failure.value.__cause__, Aborted)


def test_commit_over_a_changed_document_is_aborted(client: firestore.Client) -> None:
    """What was read must still be true when it is built upon."""
    document = client.document("things/one")
    document.set({"n": 1})

    def body(transaction: firestore.Transaction) -> None:
        found = document.get(transaction=transaction)
        document.set({"n": 10})
        transaction.update(document, {"n": found.get("n") + 1})

    with aborts():
        once(client, body)
    assert document.get().get("n") == 10


def test_commit_over_a_document_that_came_to_be_is_aborted(client: firestore.Client) -> None:
    """That there was none is something read, too."""
    document = client.document("things/one")

    def body(transaction: firestore.Transaction) -> None:
        assert not document.get(transaction=transaction).exists
        document.set({"by": "other"})
        transaction.set(document, {"by": "transaction"})

    with aborts():
        once(client, body)
    assert document.get().get("by") == "other"


def test_commit_over_changed_results_is_aborted(client: firestore.Client) -> None:
    """A query read in a transaction must still find the same: no phantom slips in."""
    things = client.collection("things")
    things.document("one").set({"state": "waiting"})
    waiting = things.where(filter=FieldFilter("state", "==", "waiting"))

    def body(transaction: firestore.Transaction) -> None:
        count = len(list(waiting.stream(transaction=transaction)))
        things.document("two").set({"state": "waiting"})
        transaction.set(client.document("totals/waiting"), {"count": count})

    with aborts():
        once(client, body)
    assert not client.document("totals/waiting").get().exists


def test_changes_beside_a_query_do_not_disturb_it(client: firestore.Client) -> None:
    """Only what changes the results is a conflict, not every write to the collection."""
    things = client.collection("things")
    waiting = things.where(filter=FieldFilter("state", "==", "waiting"))

    def body(transaction: firestore.Transaction) -> None:
        count = len(list(waiting.stream(transaction=transaction)))
        things.document("other").set({"state": "done"})
        transaction.set(client.document("totals/waiting"), {"count": count})

    once(client, body)
    assert client.document("totals/waiting").get().get("count") == 0


def test_reads_of_a_transaction_come_from_one_moment(client: firestore.Client) -> None:
    """A commit between two reads is invisible to the second."""
    one, two = client.document("things/one"), client.document("things/two")
    one.set({"n": 1})
    two.set({"n": 1})

    def body(transaction: firestore.Transaction) -> tuple[int, int]:
        first = one.get(transaction=transaction).get("n")
        batch = client.batch()
        batch.set(one, {"n": 2})
        batch.set(two, {"n": 2})
        batch.commit()
        return first, two.get(transaction=transaction).get("n")

    assert once(client, body, read_only=True) == (1, 1)


def test_read_only_transaction_may_not_write(client: firestore.Client) -> None:
    """The server refuses, not only the client."""
    begun = client._firestore_api.begin_transaction(
        request={"database": client._database_string, "options": {"read_only": {}}}
    )
    write = {"delete": client.document("things/one")._document_path}
    with pytest.raises(InvalidArgument, match="read-only"):
        client._firestore_api.commit(
            request={"database": client._database_string, "transaction": begun.transaction, "writes": [write]}
        )


def test_rolled_back_transaction_cannot_commit(client: firestore.Client) -> None:
    """Its token is worth nothing any more."""
    transaction = client.transaction()
    transaction._begin()
    token = transaction.id
    transaction._rollback()
    with pytest.raises(InvalidArgument, match="no longer valid"):
        client._firestore_api.commit(request={"database": client._database_string, "transaction": token})


def test_no_contended_increment_is_lost(server: FirestoreServer, client: firestore.Client) -> None:
    """Reading and writing back 200 times from four clients at once counts to 200."""
    client.document("counters/one").set({"n": 0})
    ready = threading.Barrier(WORKERS)

    def work(_: int) -> None:
        with client_of(server.address, project=client.project) as mine:
            counter = mine.document("counters/one")

            @firestore.transactional
            def increment(transaction: firestore.Transaction) -> None:
                transaction.update(counter, {"n": counter.get(transaction=transaction).get("n") + 1})

            ready.wait()
            for _ in range(INCREMENTS):
                increment(mine.transaction(max_attempts=200))

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    assert client.document("counters/one").get().get("n") == WORKERS * INCREMENTS
