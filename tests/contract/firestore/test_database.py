"""The product's own client, while Firestore is out of reach."""

import socket
from collections.abc import Callable, Iterator

import pytest
from google.api_core.exceptions import RetryError
from google.cloud import firestore

from backend.database import Database

PATIENCE_S = 0.5


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A client of what does not listen: the port is taken, and refuses whoever comes."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{nobody.getsockname()[1]}")
        yield Database(project="away", patience_s=PATIENCE_S)


def in_a_transaction(db: Database) -> None:
    @firestore.transactional
    def read(transaction: firestore.Transaction) -> None:
        db.document("a/b").get(transaction=transaction)

    read(db.transaction())


@pytest.mark.parametrize(
    "call",
    [
        lambda db: db.document("a/b").get(),
        lambda db: db.document("a/b").create({}),
        lambda db: list(db.collection("a").stream()),
        in_a_transaction,
    ],
    ids=["get", "create", "stream", "transaction"],
)
def test_nobody_waits_for_long(away: Database, call: Callable[[Database], object]) -> None:
    """Each call gives up after its patience, and says that storage was away; also where a transaction cannot begin."""
    with pytest.raises(RetryError, match=f"Timeout of {PATIENCE_S}s exceeded"):
        call(away)
