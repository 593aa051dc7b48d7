"""A tenant's endpoint and notifications in Firestore."""

from collections.abc import Callable
from typing import Any

from google.cloud import firestore

from backend.errors import NotFound
from backend.notifications.model import Endpoint, EndpointStatus, Notification, NotificationStatus


class NotificationRepository:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def endpoint(self, tenant_id: str) -> Endpoint | None:
        found = self._endpoint(tenant_id).get().to_dict()
        return Endpoint.model_validate(found) if found else None

    def change_endpoint(self, tenant_id: str, change: Callable[[Endpoint | None], Endpoint]) -> Endpoint:
        """Store what `change` makes of the endpoint as it is now; it may be called again."""
        document = self._endpoint(tenant_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Endpoint:
            found = document.get(transaction=transaction).to_dict()
            changed = change(Endpoint.model_validate(found) if found else None)
            transaction.set(document, changed.model_dump())
            return changed

        changed: Endpoint = apply(self._db.transaction())
        return changed

    def delete_endpoint(self, tenant_id: str) -> None:
        self._endpoint(tenant_id).delete()

    def judge_endpoint(self, endpoint: Endpoint, judged: Endpoint) -> None:
        """Unless it was set or judged otherwise meanwhile."""
        document = self._endpoint(endpoint.tenant_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> None:
            found = document.get(transaction=transaction).to_dict()
            if found and Endpoint.model_validate(found) == endpoint:
                transaction.set(document, judged.model_dump())

        apply(self._db.transaction())

    def is_heard(self, tenant_id: str) -> bool:
        """Whether there is somebody to tell."""
        endpoint = self.endpoint(tenant_id)
        return endpoint is not None and endpoint.status is not EndpointStatus.GONE

    def write(self, notification: Notification, transaction: firestore.Transaction) -> None:
        transaction.set(self._document(notification), notification.model_dump())

    def find(self, tenant_id: str, notification_id: str) -> Notification | None:
        found = self._notifications(tenant_id).document(notification_id).get().to_dict()
        return Notification.model_validate(found) if found else None

    def record(self, before: Notification, after: Notification) -> bool:
        """The outcome of an attempt; False when another one of the same number was recorded before."""
        document = self._document(before)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> bool:
            found = document.get(transaction=transaction).to_dict()
            current = Notification.model_validate(found) if found else None
            if not current or current.attempts != before.attempts or current.status is not NotificationStatus.PENDING:
                return False
            transaction.set(document, after.model_dump())
            return True

        recorded: bool = apply(self._db.transaction())
        return recorded

    def page(self, tenant_id: str, *, limit: int, after: str | None) -> tuple[list[Notification], str | None]:
        """The newest first, and the token of the next page when there is one."""
        query: Any = self._notifications(tenant_id).order_by("created_at", direction=firestore.Query.DESCENDING)
        if after:
            last = self._notifications(tenant_id).document(after).get()
            if not last.exists:
                raise NotFound("This page no longer exists; start from the first one.")
            query = query.start_after(last)
        found = [Notification.model_validate(each.to_dict()) for each in query.limit(limit + 1).stream()]
        return found[:limit], found[limit - 1].id if len(found) > limit else None

    def _endpoint(self, tenant_id: str) -> firestore.DocumentReference:
        return self._db.collection("tenants", tenant_id, "endpoints").document("notifications")

    def _notifications(self, tenant_id: str) -> firestore.CollectionReference:
        return self._db.collection("tenants", tenant_id, "notifications")

    def _document(self, notification: Notification) -> firestore.DocumentReference:
        return self._notifications(notification.tenant_id).document(notification.id)
