"""Connections in Firestore, and the claim that gives a shop to one tenant."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from google.api_core.exceptions import NotFound as DocumentGone
from google.cloud import firestore

from backend.connections.model import Connection, ConnectionStatus, PlatformName, shop_key
from backend.errors import Conflict, NotFound

TAKEN = "This shop is already connected by someone else. Disconnect it there first."


class ConnectionRepository:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def save(self, connection: Connection) -> Connection:
        """Claim the shop and store its connection, or replace the stored one. Raises Conflict for another's shop."""
        claim, document = self._claim(connection), self._document(connection.tenant_id, connection.id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Connection:
            claimed = claim.get(transaction=transaction).to_dict()
            if claimed and claimed["tenant_id"] != connection.tenant_id:
                raise Conflict(TAKEN)
            known = document.get(transaction=transaction)
            created_at = known.get("created_at") if known.exists else connection.created_at
            saved = connection.model_copy(update={"created_at": created_at})
            transaction.set(claim, {"tenant_id": connection.tenant_id, "connection_id": connection.id})
            transaction.set(document, saved.model_dump())
            return saved

        saved: Connection = apply(self._db.transaction())
        return saved

    def get(
        self, tenant_id: str, connection_id: str, *, transaction: firestore.Transaction | None = None
    ) -> Connection:
        found = self._document(tenant_id, connection_id).get(transaction=transaction).to_dict()
        if found is None:
            raise NotFound("There is no such connection.")
        return Connection.model_validate(found)

    def owner_of(self, platform: PlatformName, shop_domain: str, *, timeout_s: float) -> tuple[str, str] | None:
        """The tenant and the connection of a shop; asked once, within the time."""
        claim = self._db.collection("shops").document(shop_key(platform, shop_domain))
        found = claim.get(retry=None, timeout=timeout_s).to_dict()
        return (found["tenant_id"], found["connection_id"]) if found else None

    def ensure_free(self, tenant_id: str, platform: PlatformName, shop_domain: str, *, timeout_s: float) -> None:
        """Raises Conflict for another's shop, before anything is done about it."""
        owner = self.owner_of(platform, shop_domain, timeout_s=timeout_s)
        if owner is not None and owner[0] != tenant_id:
            raise Conflict(TAKEN)

    def all(self, tenant_id: str) -> list[Connection]:
        """The oldest first."""
        snapshots = self._connections(tenant_id).order_by("created_at").stream()
        return [Connection.model_validate(snapshot.to_dict()) for snapshot in snapshots]

    def claim_subscriptions(self, found: Connection, *, at: datetime, until: datetime) -> Connection | None:
        """The connection as it is now, whose subscriptions nobody else looks at until then; None where they are no
        longer due.
        """
        document = self._document(found.tenant_id, found.id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Connection | None:
            stored = document.get(transaction=transaction).to_dict()
            connection = Connection.model_validate(stored) if stored else None
            if connection is None or (connection.subscriptions_due_at or until) > at:
                return None
            transaction.update(document, {"subscriptions_due_at": until})
            return connection

        claimed: Connection | None = apply(self._db.transaction())
        return claimed

    def record_subscriptions(self, connection: Connection, *, due_at: datetime) -> None:
        """When they are to be looked at next, unless the shop was disconnected meanwhile."""
        with suppress(DocumentGone):
            self._document(connection.tenant_id, connection.id).update({"subscriptions_due_at": due_at})

    def mark_refused(self, tenant_id: str, connection_id: str) -> None:
        self._document(tenant_id, connection_id).update({"status": ConnectionStatus.REFUSED})

    def claim_renewal(self, connection: Connection, *, at: datetime, lasts: timedelta) -> bool:
        """Whether the caller, and nobody else for that long, may renew these tokens; not those of a later renewal."""
        document = self._document(connection.tenant_id, connection.id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> bool:
            stored = self.get(connection.tenant_id, connection.id, transaction=transaction)
            claimed = stored.renewal_until is not None and at < stored.renewal_until
            if claimed or stored.sealed_access_token != connection.sealed_access_token:
                return False
            transaction.update(document, {"renewal_until": at + lasts})
            return True

        return bool(apply(self._db.transaction()))

    def record_renewal(self, connection: Connection, fields: Mapping[str, Any]) -> Connection:
        """The connection as stored: with these fields, unless it was connected anew meanwhile."""
        document = self._document(connection.tenant_id, connection.id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Connection:
            stored = self.get(connection.tenant_id, connection.id, transaction=transaction)
            if stored.sealed_access_token != connection.sealed_access_token:
                return stored
            transaction.update(document, dict(fields))
            return stored.model_copy(update=dict(fields))

        recorded: Connection = apply(self._db.transaction())
        return recorded

    def delete(
        self, tenant_id: str, connection_id: str, *, ensure_unused: Callable[[firestore.Transaction], None]
    ) -> None:
        """Free the shop. `ensure_unused` raises inside the transaction, so that no automation can begin to use the
        connection meanwhile.
        """

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> None:
            connection = self.get(tenant_id, connection_id, transaction=transaction)
            ensure_unused(transaction)
            transaction.delete(self._claim(connection))
            transaction.delete(self._document(tenant_id, connection_id))

        apply(self._db.transaction())

    def _connections(self, tenant_id: str) -> firestore.CollectionReference:
        return self._db.collection("tenants", tenant_id, "connections")

    def _document(self, tenant_id: str, connection_id: str) -> firestore.DocumentReference:
        return self._connections(tenant_id).document(connection_id)

    def _claim(self, connection: Connection) -> firestore.DocumentReference:
        return self._db.collection("shops").document(shop_key(connection.platform, connection.shop_domain))
