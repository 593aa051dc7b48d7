"""Wires the service together."""

import threading
from pathlib import Path

from infra.local.firestore import rpc
from infra.local.firestore.fields import FieldPath
from infra.local.firestore.handlers import Handlers
from infra.local.firestore.index_file import IndexFile
from infra.local.firestore.index_rules import check_indexed
from infra.local.firestore.journal import Journal
from infra.local.firestore.listen import ListenStream
from infra.local.firestore.query import Query, compile_query
from infra.local.firestore.store import Store
from infra.local.firestore.ttl import Sweeper
from infra.local.firestore.wire import StructuredQuery
from infra.local.service import LOOPBACK

JOURNAL = "firestore.sqlite3"
GRACE_S = 1.0
"""For calls in hand at the end; streams that listen end with it."""
TTL_SWEEP_S = 60.0


class FirestoreServer:
    """Conforms to infra.local.service.Service."""

    def __init__(self, store: Store, index_file: IndexFile | None, *, port: int, ttl_sweep_s: float) -> None:
        def compile_checked(parent: str, query: StructuredQuery, aggregated: tuple[FieldPath, ...] = ()) -> Query:
            compiled = compile_query(parent, query, aggregated=aggregated)
            if index_file is not None:
                check_indexed(compiled, index_file)
            return compiled

        self._store = store
        self._stopping = threading.Lock()
        self._stopped = False
        handlers = Handlers(store, compile_checked)
        self._server, self._port = rpc.bind(handlers, lambda: ListenStream(store, compile_checked), port=port)
        self._sweeper = Sweeper(store, index_file.ttl if index_file else (), every_s=ttl_sweep_s)
        self._server.start()
        self._sweeper.start()

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._port}"

    def stop(self) -> None:
        with self._stopping:
            if self._stopped:
                return
            self._sweeper.stop()
            self._server.stop(GRACE_S).wait()
            self._store.close()
            self._stopped = True


def start(
    *, port: int = 0, state: Path | None = None, indexes: Path | None = None, ttl_sweep_s: float = TTL_SWEEP_S
) -> FirestoreServer:
    """Without `indexes`, no query needs one and nothing expires, as in Google's emulator; with it, as in production."""
    index_file = IndexFile.read(indexes) if indexes else None
    store = Store(Journal(state / JOURNAL) if state else None)
    return FirestoreServer(store, index_file, port=port, ttl_sweep_s=ttl_sweep_s)
