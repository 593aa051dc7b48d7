"""Listen: the results of queries and the state of documents, and then every change to them, as commits make them."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import grpc

from infra.local.firestore.query import Query
from infra.local.firestore.store import Snapshot, Store
from infra.local.firestore.wire import Document, Message, StructuredQuery, instant_us, message, timestamp
from infra.local.rpc_error import RpcError, invalid_argument

ListenResponse = message("ListenResponse")
TargetChange = message("TargetChange")

Compile = Callable[[str, StructuredQuery], Query]
Found = dict[str, Document]


class Watched(Protocol):
    """What a target is about."""

    def find(self, snapshot: Snapshot) -> Found: ...

    def touched_by(self, changed: frozenset[str]) -> bool: ...


@dataclass(frozen=True)
class WatchedQuery:
    query: Query

    def find(self, snapshot: Snapshot) -> Found:
        return {document.name: document for document in self.query.run(snapshot)}

    def touched_by(self, changed: frozenset[str]) -> bool:
        return any(self.query.scope.covers(name) for name in changed)


@dataclass(frozen=True)
class WatchedDocuments:
    names: frozenset[str]

    def find(self, snapshot: Snapshot) -> Found:
        return {name: document for name in self.names if (document := snapshot.get(name)) is not None}

    def touched_by(self, changed: frozenset[str]) -> bool:
        return not self.names.isdisjoint(changed)


@dataclass
class Target:
    number: int
    watched: Watched
    seen: Found = field(default_factory=dict)


@dataclass(frozen=True)
class _Closed:
    """The client has said its last word, or the server stops."""


class ListenStream:
    """One stream: requests come on one thread, commits on others, and answers leave on the caller's."""

    def __init__(self, store: Store, compile_query: Compile) -> None:
        self._store = store
        self._compile = compile_query
        self._targets: dict[int, Target] = {}
        self._events: queue.SimpleQueue[Message | frozenset[str] | _Closed] = queue.SimpleQueue()

    def close(self) -> None:
        self._events.put(_Closed())

    def responses(self, requests: Iterable[Message]) -> Iterator[Message]:
        threading.Thread(target=self._read, args=(requests,), daemon=True).start()
        self._store.subscribe(self._events.put)
        try:
            while not isinstance(event := self._events.get(), _Closed):
                # Worked out in full under the lock, sent without it.
                with self._store.lock:
                    answers = list(self._answers(event))
                yield from answers
        finally:
            self._store.unsubscribe(self._events.put)

    def _read(self, requests: Iterable[Message]) -> None:
        try:
            for request in requests:
                self._events.put(request)
        except grpc.RpcError:
            pass  # the client went away, which is how most streams end
        finally:
            self.close()

    def _answers(self, event: Message | frozenset[str]) -> Iterator[Message]:
        snapshot = self._store.snapshot()
        if isinstance(event, frozenset):
            touched = [target for target in self._targets.values() if target.watched.touched_by(event)]
            changes = [change for target in touched for change in _changes(target, snapshot)]
            yield from changes
            if changes:
                yield _target_change("NO_CHANGE", read_us=snapshot.read_us)
        elif event.WhichOneof("target_change") == "remove_target":
            self._targets.pop(event.remove_target, None)
            yield _target_change("REMOVE", event.remove_target)
        else:
            yield from self._add(event.add_target, snapshot)

    def _add(self, request: Message, snapshot: Snapshot) -> Iterator[Message]:
        number = request.target_id
        try:
            target = Target(number, self._watched(request))
        except RpcError as error:
            yield _target_change("REMOVE", number, error=error)
            return
        yield _target_change("ADD", number)
        yield from self._resume(target, request)
        yield from _changes(target, snapshot)
        if isinstance(target.watched, WatchedDocuments):
            for name in target.watched.names - target.seen.keys():
                yield _departure(target, name, snapshot)
        yield _target_change("CURRENT", number, read_us=snapshot.read_us)
        yield _target_change("NO_CHANGE", read_us=snapshot.read_us)
        if request.once:
            yield _target_change("REMOVE", number)
        else:
            self._targets[number] = target

    def _watched(self, request: Message) -> Watched:
        kind = request.WhichOneof("target_type")
        if kind == "query":
            return WatchedQuery(self._compile(request.query.parent, request.query.structured_query))
        if kind == "documents":
            return WatchedDocuments(frozenset(request.documents.documents))
        raise invalid_argument("A target says nothing to listen to.")

    def _resume(self, target: Target, request: Message) -> Iterator[Message]:
        """A client that comes back is told only what changed, or, when that is forgotten, to start anew."""
        kind = request.WhichOneof("resume_type")
        if kind is None:
            return
        try:
            since_us = int(request.resume_token) if kind == "resume_token" else instant_us(request.read_time)
            target.seen = target.watched.find(self._store.snapshot(since_us))
        except (ValueError, RpcError):
            yield _target_change("RESET", target.number)


def _changes(target: Target, snapshot: Snapshot) -> Iterator[Message]:
    """What the client has not been told yet."""
    found = target.watched.find(snapshot)
    for name, document in found.items():
        if target.seen.get(name) is not document:
            yield ListenResponse(document_change={"document": document, "target_ids": [target.number]})
    departed = target.seen.keys() - found.keys()
    target.seen = found
    for name in departed:
        yield _departure(target, name, snapshot)


def _departure(target: Target, name: str, snapshot: Snapshot) -> Message:
    """Deleted, or no longer among the results."""
    kind = "document_delete" if snapshot.get(name) is None else "document_remove"
    details: Mapping[str, object] = {
        "document": name,
        "removed_target_ids": [target.number],
        "read_time": timestamp(snapshot.read_us),
    }
    return ListenResponse(**{kind: details})


def _target_change(kind: str, *numbers: int, read_us: int | None = None, error: RpcError | None = None) -> Message:
    change = TargetChange(target_change_type=kind, target_ids=numbers)
    if read_us is not None:
        change.read_time.CopyFrom(timestamp(read_us))
        change.resume_token = str(read_us).encode()
    if error is not None:
        change.cause.code = error.number
        change.cause.message = error.message
    return ListenResponse(target_change=change)
