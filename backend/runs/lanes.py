"""Lanes: who may write for a connection right now, and since when runs wait for that.

The document lanes/{connection_id} holds the lease. `waiting_since` is set before a run is enqueued, and stays until a
worker has drained the lane: whoever looks for work finds it by that, also after a crash. `person_waiting_since` is the
same for runs that a person waits for. `called_since` tells for how long the sweep has called for a worker in vain: no
worker has lived in the lane since, though it could have had its turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from backend.errors import LeaseLost, NotFound

NEVER = datetime.max.replace(tzinfo=UTC)
STARTING = "a job that starts"
"""Holds a lane from its dispatch until a worker takes it."""
MAX_TAKE_ATTEMPTS = 20
"""Lanes of one tenant are taken by one worker after the other, and heartbeats come in between."""
REVOKED = "revoked"
"""Holds what is left of a lease that was taken away."""


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


@dataclass(frozen=True, slots=True)
class LaneState:
    """A lane as it stood when it was read."""

    connection_id: str
    tenant_id: str
    epoch: int
    waiting_since: datetime | None
    called_since: datetime | None
    holder: Holder | None
    """The last one, unless it gave the lane back; it may be dead."""

    @classmethod
    def of(cls, snapshot: Any) -> Self:
        lane = snapshot.to_dict()
        holder = Holder(lane["holder"], lane["expires_at"]) if lane.get("holder") else None
        waiting_since, called_since = lane.get("waiting_since"), lane.get("called_since")
        return cls(snapshot.id, lane["tenant_id"], lane.get("epoch", 0), waiting_since, called_since, holder)

    def held_by(self, at: datetime) -> Holder | None:
        return self.holder if self.holder and self.holder.expires_at > at else None


class LaneRepository:
    """At most `tenant_lanes` lanes of a tenant are held at once."""

    def __init__(self, db: firestore.Client, *, tenant_lanes: int) -> None:
        self._db = db
        self._tenant_lanes = tenant_lanes

    def announce(
        self, connection_id: str, *, tenant_id: str, at: datetime, person: bool = False, again: bool = False
    ) -> None:
        """Runs wait in the lane, perhaps a person's, and were written before; what waits already keeps its age. `again`
        when a worker is called for them because none has come.
        """
        waiting = ["waiting_since"] + person * ["person_waiting_since"] + again * ["called_since"]
        document = self._document(connection_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> None:
            lane = document.get(transaction=transaction).to_dict() or {}
            if news := {name: at for name in waiting if (lane.get(name) or NEVER) > at}:
                transaction.set(document, {"tenant_id": tenant_id} | news, merge=True)

        apply(self._db.transaction())

    def get(self, connection_id: str) -> LaneState:
        """Raises NotFound for a lane that nobody announced."""
        return self._parse(self._document(connection_id).get())

    def all(self, connection_ids: Iterable[str]) -> dict[str, LaneState]:
        """Those of these lanes that somebody announced."""
        found = self._db.get_all([self._document(connection_id) for connection_id in connection_ids])
        return {snapshot.id: LaneState.of(snapshot) for snapshot in found if snapshot.exists}

    def excuse(self, lane: LaneState) -> None:
        """That no worker has come is nobody's fault: the lane's turn has not come."""
        if lane.called_since:
            self._document(lane.connection_id).update({"called_since": None})

    def reserve(self, connection_id: str, *, at: datetime, start_s: float) -> Lease | None:
        """Hold the lane for a job that is to start; it counts like one that runs. None as with `take`."""
        return self.take(connection_id, holder=STARTING, at=at, lease_s=start_s)

    def take(self, connection_id: str, *, holder: str, at: datetime, lease_s: float) -> Lease | None:
        """The lease, or None while another worker holds it or the tenant has no lane left to run.

        Raises NotFound for a lane that nobody announced.
        """
        document = self._document(connection_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Lease | None:
            lane = self._parse(document.get(transaction=transaction))
            other = lane.held_by(at)
            if other and (other.name != STARTING or holder == STARTING):
                return None
            if self._others_held(lane, at, transaction) >= self._tenant_lanes:
                return None
            expires_at = at + timedelta(seconds=lease_s)
            taken = {"holder": holder, "epoch": lane.epoch + 1, "expires_at": expires_at, "heartbeat_at": at}
            transaction.update(document, taken | {"waiting_since": lane.waiting_since or at})
            return Lease(connection_id, lane.tenant_id, holder, lane.epoch + 1, expires_at)

        taken: Lease | None = apply(self._db.transaction(max_attempts=MAX_TAKE_ATTEMPTS))
        return taken

    def _others_held(self, lane: LaneState, at: datetime, transaction: firestore.Transaction) -> int:
        query = (
            self._db.collection("lanes")
            .where(filter=FieldFilter("tenant_id", "==", lane.tenant_id))
            .where(filter=FieldFilter("expires_at", ">", at))
            .select([])
        )
        return sum(other.id != lane.connection_id for other in query.stream(transaction=transaction))

    def renew(self, lease: Lease, *, at: datetime, lease_s: float) -> Lease:
        """Raises LeaseLost when another holder has taken the lane since, or the lease was given back."""
        expires_at = at + timedelta(seconds=lease_s)
        self._if_ours(lease, {"expires_at": expires_at, "heartbeat_at": at, "called_since": None})
        return Lease(lease.connection_id, lease.tenant_id, lease.holder, lease.epoch, expires_at)

    def give_back(self, lease: Lease, *, drained: bool, rests_until: datetime | None = None) -> None:
        """Free the lane for the next one; nothing happens when the lease was lost before.

        What is left in a lane that was drained rests until then, and the lane is not waiting before.

        Who has drained it looks once more afterwards: a run written just before does not announce the lane again.
        """
        free: dict[str, Any] = {"holder": None, "expires_at": None}
        if drained:
            free |= {"waiting_since": rests_until, "person_waiting_since": None, "called_since": None}
        try:
            self._if_ours(lease, free)
        except LeaseLost:
            return

    def revoke(self, connection_id: str, *, epoch: int) -> None:
        """Let the holder of that epoch renew its lease no more. Nobody else has the lane before that lease would have
        ended, so a write that the holder has in flight is over by then.
        """
        document = self._document(connection_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> None:
            lane = document.get(transaction=transaction).to_dict() or {}
            if lane.get("holder") and lane.get("epoch") == epoch:
                transaction.update(document, {"holder": REVOKED})

        apply(self._db.transaction())

    def _if_ours(self, lease: Lease, fields: dict[str, Any]) -> None:
        document = self._document(lease.connection_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> None:
            lane = document.get(transaction=transaction).to_dict() or {}
            if lane.get("epoch") != lease.epoch or lane.get("holder") != lease.holder:
                raise LeaseLost(detail=f"lane {lease.connection_id} is at epoch {lane.get('epoch')}")
            transaction.update(document, fields)

        apply(self._db.transaction())

    @staticmethod
    def _parse(snapshot: Any) -> LaneState:
        if not snapshot.exists:
            raise NotFound(f"There is no lane {snapshot.id}: no run was ever started for this connection.")
        return LaneState.of(snapshot)

    def _document(self, connection_id: str) -> firestore.DocumentReference:
        return self._db.collection("lanes").document(connection_id)
