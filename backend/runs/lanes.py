"""Lanes: who may write for a connection right now. The document lanes/{connection_id} holds the lease."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from google.cloud import firestore

from backend.errors import LeaseLost, NotFound


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to drain one lane. Every taking has an epoch of its own, so a holder that slept past its lease and
    wakes up is told apart from the one that took over.
    """

    connection_id: str
    tenant_id: str
    holder: str
    epoch: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lane, and until when unless it is renewed."""

    name: str
    expires_at: datetime


class LaneRepository:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def announce(self, connection_id: str, *, tenant_id: str) -> None:
        """Make the lane known, so that a worker that is given only the connection finds its tenant."""
        self._document(connection_id).set({"tenant_id": tenant_id}, merge=True)

    def holder(self, connection_id: str, *, at: datetime) -> Holder | None:
        lane = self._document(connection_id).get().to_dict() or {}
        return Holder(lane["holder"], lane["expires_at"]) if _held(lane, at) else None

    def is_held(self, connection_id: str, *, at: datetime) -> bool:
        return self.holder(connection_id, at=at) is not None

    def take(self, connection_id: str, *, holder: str, at: datetime, lease_s: float) -> Lease | None:
        """The lease, or None while another one holds it. Raises NotFound for a lane that nobody announced."""
        document = self._document(connection_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Lease | None:
            lane = document.get(transaction=transaction).to_dict()
            if lane is None:
                raise NotFound(f"There is no lane {connection_id}: no run was ever started for this connection.")
            if _held(lane, at):
                return None
            expires_at = at + timedelta(seconds=lease_s)
            epoch = int(lane.get("epoch", 0)) + 1
            transaction.update(
                document, {"holder": holder, "epoch": epoch, "expires_at": expires_at, "heartbeat_at": at}
            )
            return Lease(connection_id, lane["tenant_id"], holder, epoch, expires_at)

        taken: Lease | None = apply(self._db.transaction())
        return taken

    def renew(self, lease: Lease, *, at: datetime, lease_s: float) -> Lease:
        """Raises LeaseLost when another holder has taken the lane since, or the lease was given back."""
        expires_at = at + timedelta(seconds=lease_s)
        self._if_ours(lease, {"expires_at": expires_at, "heartbeat_at": at})
        return Lease(lease.connection_id, lease.tenant_id, lease.holder, lease.epoch, expires_at)

    def give_back(self, lease: Lease) -> None:
        """Free the lane for the next one; nothing happens when the lease was lost before."""
        try:
            self._if_ours(lease, {"holder": None, "expires_at": None})
        except LeaseLost:
            return

    def _if_ours(self, lease: Lease, fields: dict[str, Any]) -> None:
        document = self._document(lease.connection_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> None:
            lane = document.get(transaction=transaction).to_dict() or {}
            if lane.get("epoch") != lease.epoch or lane.get("holder") != lease.holder:
                raise LeaseLost(detail=f"lane {lease.connection_id} is at epoch {lane.get('epoch')}")
            transaction.update(document, fields)

        apply(self._db.transaction())

    def _document(self, connection_id: str) -> firestore.DocumentReference:
        return self._db.collection("lanes").document(connection_id)


def _held(lane: dict[str, Any], at: datetime) -> bool:
    expires_at = lane.get("expires_at")
    return bool(lane.get("holder")) and expires_at is not None and expires_at > at
