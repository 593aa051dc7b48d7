"""Time to live: documents whose TTL field has passed go at the next sweep, not at once.

The real service takes up to 24 hours, so whoever reads such a document checks the field itself.
"""

import threading
from collections.abc import Sequence

from infra.local.firestore.clock import wall_us
from infra.local.firestore.filters import Comparison, Op
from infra.local.firestore.index_file import TtlField
from infra.local.firestore.query import Scope
from infra.local.firestore.store import Store
from infra.local.firestore.values import sort_key
from infra.local.firestore.wire import Value, Write, timestamp


def sweep(store: Store, policies: Sequence[TtlField], *, now_us: int) -> int:
    """Deletes what has expired and returns how many that were."""
    expired = []
    with store.lock:
        for policy in policies:
            expired += _expired(store, policy, now_us=now_us)
        for name in expired:
            store.commit([Write(delete=name)])
    return len(expired)


def _expired(store: Store, policy: TtlField, *, now_us: int) -> list[str]:
    due = Comparison(policy.path, Op.LESS_THAN_OR_EQUAL, (sort_key(Value(timestamp_value=timestamp(now_us))),))
    everywhere = Scope(parent="projects", collection_id=policy.collection_id, descendants=True)
    return [document.name for document in store.snapshot().candidates(everywhere, [due]) if due.matches(document)]


class Sweeper:
    def __init__(self, store: Store, policies: Sequence[TtlField], *, every_s: float) -> None:
        self._store = store
        self._policies = policies
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="firestore-ttl", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            sweep(self._store, self._policies, now_us=wall_us())
