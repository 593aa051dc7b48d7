"""The store: documents in memory, written through to a journal, with the recent past kept for snapshots.

One lock makes commits and reads serial. Documents are never changed in place, so what a read found stays good after
the lock is let go.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from infra.local.firestore import names, writes
from infra.local.firestore.catalogue import Catalogue
from infra.local.firestore.clock import CommitClock
from infra.local.firestore.filters import Comparison
from infra.local.firestore.history import History, Superseded
from infra.local.firestore.journal import Journal
from infra.local.firestore.query import Scope
from infra.local.firestore.wire import Document, Write, WriteResult, instant_us
from infra.local.rpc_error import failed_precondition, invalid_argument

KEPT_US = 300 * 1_000_000
"""How far back a snapshot may lie. It outlasts a transaction (270 s); the real service keeps an hour."""

Listener = Callable[[frozenset[str]], None]
"""Told the names of what a commit changed."""


@dataclass(frozen=True)
class Committed:
    commit_us: int
    results: list[WriteResult]


class Store:
    def __init__(self, journal: Journal | None = None, *, clock: CommitClock | None = None) -> None:
        self.lock = threading.RLock()
        self.clock = clock or CommitClock()
        self.catalogue = Catalogue()
        self.history = History(kept_us=KEPT_US)
        self._journal = journal
        self._listeners: set[Listener] = set()
        for document in journal.documents() if journal else ():
            self.catalogue.put(document.name, document)
            self.clock.advance(instant_us(document.update_time))
        # The past before a start is gone: what was deleted then left no trace.
        self.history.horizon_us = self.clock.read_us()

    def snapshot(self, read_us: int | None = None) -> "Snapshot":
        """The state at an instant, now by default. Hold the lock while reading from it."""
        with self.lock:
            now_us = self.clock.read_us()
            if read_us is None:
                return Snapshot(self, now_us)
            if read_us > now_us:
                raise invalid_argument("The requested snapshot lies in the future.")
            if read_us < self.history.horizon_us:
                raise failed_precondition("The requested snapshot version is too old.")
            return Snapshot(self, read_us)

    def commit(self, batch: Iterable[Write]) -> Committed:
        """All or nothing; on return it is durable and listeners know of it."""
        with self.lock:
            commit_us = self.clock.next_us()
            changes: dict[str, Document | None] = {}
            results = []
            for write in batch:
                name = writes.target(write)
                current = changes[name] if name in changes else self.catalogue.documents.get(name)
                applied = writes.apply(write, current, commit_us=commit_us)
                changes[name] = applied.document
                results.append(applied.result)
            self._install(changes, commit_us)
            return Committed(commit_us, results)

    def subscribe(self, listener: Listener) -> None:
        with self.lock:
            self._listeners.add(listener)

    def unsubscribe(self, listener: Listener) -> None:
        with self.lock:
            self._listeners.discard(listener)

    def close(self) -> None:
        with self.lock:
            if self._journal is not None:
                self._journal.close()

    def _install(self, candidates: Mapping[str, Document | None], commit_us: int) -> None:
        documents = self.catalogue.documents
        changes = {name: new for name, new in candidates.items() if documents.get(name) is not new}
        if not changes:
            return
        if self._journal is not None:
            self._journal.write(changes)
        for name, document in changes.items():
            self.history.record(Superseded(commit_us, name, documents.get(name)))
            self.catalogue.put(name, document)
        for listener in self._listeners:
            listener(frozenset(changes))


@dataclass(frozen=True)
class Snapshot:
    """A view at `read_us`; conforms to query.Source."""

    store: Store
    read_us: int

    def get(self, name: str) -> Document | None:
        current = self.store.catalogue.documents.get(name)
        return self.store.history.at(name, self.read_us, current=current)

    def candidates(self, scope: Scope, narrowing: list[Comparison]) -> list[Document]:
        found = dict.fromkeys(self.store.catalogue.candidates(scope, narrowing))
        found.update(dict.fromkeys(self.changed_since(scope)))
        return [document for name in found if (document := self.get(name)) is not None]

    def collection_paths(self, scope: Scope) -> set[str]:
        """Paths of the collections that hold a document in scope."""
        paths = set(self.store.catalogue.collection_paths(scope))
        for changed in {names.collection_of(name) for name in self.changed_since(scope)}:
            parent, _, collection_id = changed.rpartition("/")
            if self.candidates(Scope(parent=parent, collection_id=collection_id, descendants=False), []):
                paths.add(changed)
            else:
                paths.discard(changed)
        return paths

    def changed_since(self, scope: Scope) -> set[str]:
        """Names in scope whose documents changed after this snapshot."""
        return {name for name in self.store.history.changed_after(self.read_us) if scope.covers(name)}
