"""Optimistic transactions: reads come from one snapshot, and a commit finds them still true or is ABORTED."""

import itertools
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from infra.local.firestore.query import Query
from infra.local.firestore.store import Committed, Snapshot, Store
from infra.local.firestore.wire import Document, TransactionOptions, Write, instant_us
from infra.local.rpc_error import aborted, invalid_argument

MAX_AGE_S = 270
MAX_IDLE_S = 60

Version = tuple[str, int]


@dataclass
class Transaction:
    read_only: bool
    began_s: float
    used_s: float
    read_us: int | None
    """The snapshot that all its reads see; chosen by the first of them."""
    documents: dict[str, int | None] = field(default_factory=dict)
    """The version (update time) of each document read; None where there was none."""
    queries: list[tuple[Query, list[Version]]] = field(default_factory=list)

    def saw_document(self, name: str, document: Document | None) -> None:
        self.documents[name] = None if document is None else instant_us(document.update_time)

    def saw_results(self, query: Query, results: Iterable[Document]) -> None:
        self.queries.append((query, _versions(results)))


class Transactions:
    """Those under way. To be used under the store's lock."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._open: dict[bytes, Transaction] = {}
        self._numbers = itertools.count(1)
        self._instance = secrets.token_hex(4)

    def begin(self, options: TransactionOptions) -> bytes:
        self._expire()
        read_only = options.WhichOneof("mode") == "read_only"
        at_us = instant_us(options.read_only.read_time) if options.read_only.HasField("read_time") else None
        now_s = self._clock()
        # The instance tells a transaction of before a restart from one of now.
        token = f"{self._instance}-{next(self._numbers)}".encode()
        self._open[token] = Transaction(read_only=read_only, began_s=now_s, used_s=now_s, read_us=at_us)
        return token

    def get(self, token: bytes) -> Transaction:
        self._expire()
        transaction = self._open.get(token)
        if transaction is None:
            raise invalid_argument("The referenced transaction has expired or is no longer valid.")
        transaction.used_s = self._clock()
        return transaction

    def snapshot(self, transaction: Transaction) -> Snapshot:
        snapshot = self._store.snapshot(transaction.read_us)
        transaction.read_us = snapshot.read_us
        return snapshot

    def rollback(self, token: bytes) -> None:
        """Of one that is over already too: clients roll back what a commit aborted."""
        self._open.pop(token, None)

    def commit(self, token: bytes, batch: Iterable[Write]) -> Committed:
        transaction = self.get(token)
        del self._open[token]
        batch = list(batch)
        if transaction.read_only and batch:
            raise invalid_argument("Cannot modify entities in a read-only transaction.")
        if not transaction.read_only:
            self._check_unchanged(transaction)
        return self._store.commit(batch)

    def _check_unchanged(self, transaction: Transaction) -> None:
        now = self._store.snapshot()
        for name, version_us in transaction.documents.items():
            document = now.get(name)
            if (None if document is None else instant_us(document.update_time)) != version_us:
                raise aborted(f"Aborted due to cross-transaction contention on {name}.")
        for query, seen in transaction.queries:
            # Run again only when something in its scope changed.
            if self.snapshot(transaction).changed_since(query.scope) and _versions(query.run(now)) != seen:
                raise aborted(f"Aborted due to cross-transaction contention on {query.scope.path}.")

    def _expire(self) -> None:
        now_s = self._clock()
        expired = [
            token
            for token, transaction in self._open.items()
            if now_s - transaction.began_s > MAX_AGE_S or now_s - transaction.used_s > MAX_IDLE_S
        ]
        for token in expired:
            del self._open[token]


def _versions(documents: Iterable[Document]) -> list[Version]:
    return [(document.name, instant_us(document.update_time)) for document in documents]
