"""Changes, the webhooks they came by, and requests about privacy, in Firestore."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition, NotFound
from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from backend.changes.model import Change, Delivery, PrivacyRequest

MAX_WRITES = 500
"""Of one commit."""


@dataclass(frozen=True, slots=True)
class Note:
    """A change as it was found; `written` tells it from a later one of the same key."""

    change: Change
    written: Any

    @property
    def identity(self) -> str:
        return f"{self.change.key}@{self.written.isoformat()}"


class ChangeRepository:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def note(self, tenant_id: str, delivery: Delivery, told: Change | PrivacyRequest, *, timeout_s: float) -> bool:
        """Remember the delivery and what it told, both or neither; False when it was seen before.

        Tried once: a platform that gets no answer sends again.
        """
        batch = self._db.batch()
        batch.create(self._collection(tenant_id, "deliveries").document(delivery.key), delivery.model_dump())
        if isinstance(told, Change):
            batch.set(self._changes(tenant_id).document(told.key), told.model_dump())
        else:
            batch.create(self._collection(tenant_id, "privacy_requests").document(delivery.key), told.model_dump())
        return _is_new(batch, timeout_s=timeout_s)

    def note_of_nobody(self, key: str, request: PrivacyRequest, *, timeout_s: float) -> bool:
        """Of a shop without a tenant; as above."""
        batch = self._db.batch()
        batch.create(self._db.collection("privacy_requests").document(key), request.model_dump())
        return _is_new(batch, timeout_s=timeout_s)

    def waiting(self, tenant_id: str, connection_id: str, *, limit: int) -> list[Note]:
        """The oldest first."""
        query = (
            self._changes(tenant_id)
            .where(filter=FieldFilter("connection_id", "==", connection_id))
            .order_by("noted_at")
            .limit(limit)
        )
        return [Note(Change.model_validate(found.to_dict()), found.update_time) for found in query.stream()]

    def forget(self, tenant_id: str, notes: Sequence[Note]) -> None:
        """Each of them unless it was noted anew since."""
        for some in _parts(notes, MAX_WRITES):
            if not self._forget_together(tenant_id, some):
                for note in some:
                    self._forget_together(tenant_id, [note])

    def _forget_together(self, tenant_id: str, notes: Iterable[Note]) -> bool:
        batch = self._db.batch()
        for note in notes:
            unchanged = self._db.write_option(last_update_time=note.written)
            batch.delete(self._changes(tenant_id).document(note.change.key), option=unchanged)
        try:
            batch.commit()
        except (FailedPrecondition, NotFound):
            return False
        return True

    def _changes(self, tenant_id: str) -> firestore.CollectionReference:
        return self._collection(tenant_id, "changes")

    def _collection(self, tenant_id: str, name: str) -> firestore.CollectionReference:
        return self._db.collection("tenants", tenant_id, name)


def _is_new(batch: firestore.WriteBatch, *, timeout_s: float) -> bool:
    try:
        batch.commit(retry=None, timeout=timeout_s)
    except AlreadyExists:
        return False
    return True


def _parts(notes: Sequence[Note], size: int) -> Iterator[Sequence[Note]]:
    return (notes[start : start + size] for start in range(0, len(notes), size))
