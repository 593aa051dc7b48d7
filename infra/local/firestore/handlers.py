"""The methods of google.firestore.v1.Firestore: each takes a request and returns or yields its responses."""

import secrets
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from google.protobuf.empty_pb2 import Empty

from infra.local.firestore import aggregations, fields, listing, names, partitions, writes
from infra.local.firestore.query import Query, Scope
from infra.local.firestore.store import Snapshot, Store
from infra.local.firestore.transactions import Transaction, Transactions
from infra.local.firestore.wire import (
    AggregationResult,
    Document,
    DocumentMask,
    Message,
    Precondition,
    StructuredQuery,
    Write,
    WriteResult,
    instant_us,
    message,
    timestamp,
)
from infra.local.rpc_error import RpcError, invalid_argument, not_found, unimplemented

Compile = Callable[[str, StructuredQuery, tuple[fields.FieldPath, ...]], Query]
"""(parent, query, aggregated fields): raises for queries that the real service rejects."""

BatchGetDocumentsResponse = message("BatchGetDocumentsResponse")
BatchWriteResponse = message("BatchWriteResponse")
BeginTransactionResponse = message("BeginTransactionResponse")
CommitResponse = message("CommitResponse")
ListCollectionIdsResponse = message("ListCollectionIdsResponse")
ListDocumentsResponse = message("ListDocumentsResponse")
PartitionQueryResponse = message("PartitionQueryResponse")
RunAggregationQueryResponse = message("RunAggregationQueryResponse")
RunQueryResponse = message("RunQueryResponse")

AUTO_ID_LENGTH = 20


@dataclass(frozen=True)
class Reading:
    """What a read sees, and the transaction it belongs to."""

    snapshot: Snapshot
    transaction: Transaction | None
    begun: bytes
    """The token of a transaction that this read began; else empty."""


class Handlers:
    def __init__(self, store: Store, compile_query: Compile) -> None:
        self._store = store
        self._transactions = Transactions(store)
        self._compile = compile_query

    def BeginTransaction(self, request: Message) -> Message:
        with self._store.lock:
            return BeginTransactionResponse(transaction=self._transactions.begin(request.options))

    def Commit(self, request: Message) -> Message:
        _check_count(request.writes)
        with self._store.lock:
            if request.transaction:
                done = self._transactions.commit(request.transaction, request.writes)
            else:
                done = self._store.commit(request.writes)
        return CommitResponse(commit_time=timestamp(done.commit_us), write_results=done.results)

    def Rollback(self, request: Message) -> Message:
        with self._store.lock:
            self._transactions.rollback(request.transaction)
        return Empty()

    def BatchWrite(self, request: Message) -> Message:
        """Each write succeeds or fails by itself."""
        _check_count(request.writes)
        targets = [writes.target(write) for write in request.writes]
        if len(set(targets)) < len(targets):
            raise invalid_argument("A batch may not write to the same document more than once.")
        response = BatchWriteResponse()
        for write in request.writes:
            try:
                result = self._store.commit([write]).results[0]
            except RpcError as error:
                response.write_results.append(WriteResult())
                response.status.add(code=error.number, message=error.message)
            else:
                response.write_results.append(result)
                response.status.add(code=0)
        return response

    def CreateDocument(self, request: Message) -> Message:
        document_id = request.document_id or "".join(
            secrets.choice(string.ascii_letters + string.digits) for _ in range(AUTO_ID_LENGTH)
        )
        document = Document()
        document.CopyFrom(request.document)
        document.name = f"{request.parent}/{request.collection_id}/{document_id}"
        self._store.commit([Write(update=document, current_document=Precondition(exists=False))])
        return self._get(self._store.snapshot(), document.name, request)

    def UpdateDocument(self, request: Message) -> Message:
        write = Write(update=request.document)
        if request.HasField("update_mask"):
            write.update_mask.CopyFrom(request.update_mask)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        self._store.commit([write])
        return self._get(self._store.snapshot(), request.document.name, request)

    def DeleteDocument(self, request: Message) -> Message:
        write = Write(delete=request.name)
        if request.HasField("current_document"):
            write.current_document.CopyFrom(request.current_document)
        self._store.commit([write])
        return Empty()

    def GetDocument(self, request: Message) -> Message:
        names.check_document(request.name)
        with self._store.lock:
            reading = self._reading(request)
            if reading.transaction is not None:
                reading.transaction.saw_document(request.name, reading.snapshot.get(request.name))
            return self._get(reading.snapshot, request.name, request)

    def BatchGetDocuments(self, request: Message) -> Iterator[Message]:
        for name in request.documents:
            names.check_document(name)
        with self._store.lock:
            reading = self._reading(request)
            found = {name: reading.snapshot.get(name) for name in request.documents}
            if reading.transaction is not None:
                for name, document in found.items():
                    reading.transaction.saw_document(name, document)
        read_time = timestamp(reading.snapshot.read_us)
        if reading.begun:
            yield BatchGetDocumentsResponse(transaction=reading.begun, read_time=read_time)
        for name, document in found.items():
            if document is None:
                yield BatchGetDocumentsResponse(missing=name, read_time=read_time)
            else:
                yield BatchGetDocumentsResponse(found=_masked(document, request), read_time=read_time)

    def RunQuery(self, request: Message) -> Iterator[Message]:
        query = self._compile(request.parent, request.structured_query, ())
        with self._store.lock:
            reading = self._reading(request)
            documents = _run(query, reading)
        read_time = timestamp(reading.snapshot.read_us)
        if reading.begun:
            yield RunQueryResponse(transaction=reading.begun)
        for document in documents:
            yield RunQueryResponse(document=query.shape(document), read_time=read_time)
        if not documents:
            yield RunQueryResponse(read_time=read_time)

    def RunAggregationQuery(self, request: Message) -> Iterator[Message]:
        wanted = request.structured_aggregation_query
        parsed = aggregations.parse(wanted)
        paths = tuple(dict.fromkeys(part.path for part in parsed if part.path is not None))
        query = self._compile(request.parent, wanted.structured_query, paths)
        with self._store.lock:
            reading = self._reading(request)
            documents = _run(query, reading)
        response = RunAggregationQueryResponse(
            result=AggregationResult(aggregate_fields={part.alias: part.over(documents) for part in parsed}),
            read_time=timestamp(reading.snapshot.read_us),
        )
        if reading.begun:
            response.transaction = reading.begun
        yield response

    def PartitionQuery(self, request: Message) -> Message:
        query = self._compile(request.parent, request.structured_query, ())
        with self._store.lock:
            documents = query.run(self._reading(request).snapshot)
        cursors = partitions.split(query, documents, count=request.partition_count)
        page = listing.page(cursors, size=request.page_size or len(cursors), token=request.page_token)
        return PartitionQueryResponse(
            partitions=[partitions.cursor(name) for name in page.items], next_page_token=page.next_token
        )

    def ListDocuments(self, request: Message) -> Message:
        names.check_parent(request.parent)
        if request.order_by:
            raise unimplemented("Lists are in order of name only.")
        scope = Scope(parent=request.parent, collection_id=request.collection_id, descendants=False)
        with self._store.lock:
            snapshot = self._reading(request).snapshot
            found = listing.document_names(snapshot, scope, show_missing=request.show_missing)
            page = listing.page(found, size=request.page_size, token=request.page_token)
            documents = [snapshot.get(name) or Document(name=name) for name in page.items]
        return ListDocumentsResponse(
            documents=[_masked(document, request) for document in documents], next_page_token=page.next_token
        )

    def ListCollectionIds(self, request: Message) -> Message:
        names.check_parent(request.parent)
        with self._store.lock:
            ids = listing.collection_ids(self._reading(request).snapshot, request.parent)
        page = listing.page(ids, size=request.page_size, token=request.page_token)
        return ListCollectionIdsResponse(collection_ids=page.items, next_page_token=page.next_token)

    def _reading(self, request: Message) -> Reading:
        selector = request.WhichOneof("consistency_selector")
        if selector == "read_time":
            return Reading(self._store.snapshot(instant_us(request.read_time)), None, b"")
        if selector not in {"transaction", "new_transaction"}:
            return Reading(self._store.snapshot(), None, b"")
        begun = self._transactions.begin(request.new_transaction) if selector == "new_transaction" else b""
        transaction = self._transactions.get(begun or request.transaction)
        return Reading(self._transactions.snapshot(transaction), transaction, begun)

    def _get(self, snapshot: Snapshot, name: str, request: Message) -> Message:
        with self._store.lock:
            document = snapshot.get(name)
        if document is None:
            raise not_found(f'Document "{name}" not found.')
        return _masked(document, request)


def _run(query: Query, reading: Reading) -> list[Document]:
    documents = query.run(reading.snapshot)
    if reading.transaction is not None:
        reading.transaction.saw_results(query, documents)
    return documents


def _masked(document: Document, request: Message) -> Document:
    if not request.HasField("mask"):
        return document
    mask: DocumentMask = request.mask
    return fields.project(document, map(fields.parse, mask.field_paths))


def _check_count(batch: list[Write]) -> None:
    if len(batch) > writes.MAX_WRITES:
        raise invalid_argument(f"maximum {writes.MAX_WRITES} writes allowed per request")
