"""Tenants, members and sessions in Firestore."""

from datetime import datetime
from typing import Any

from google.api_core.exceptions import ServiceUnavailable
from google.api_core.retry import Retry, if_exception_type
from google.cloud import firestore

from backend.errors import NotFound
from backend.tenants.model import Member, Session, Tenant

SESSION_READ_S = 3.0
_BRIEFLY = Retry(predicate=if_exception_type(ServiceUnavailable), initial=0.1, timeout=SESSION_READ_S)


class TenantRepository:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def admit(self, tenant: Tenant, member: Member, session: Session) -> tuple[Tenant, Member]:
        """All three or none. A tenant and a role that exist already stay as they are."""
        tenant_document = self._tenant(tenant.id)
        member_document = self._member(tenant.id, member.id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> tuple[Tenant, Member]:
            known_tenant = tenant_document.get(transaction=transaction)
            known_member = member_document.get(transaction=transaction)
            admitted = Tenant.model_validate(known_tenant.to_dict()) if known_tenant.exists else tenant
            joined = member
            if known_member.exists:
                joined = Member.model_validate(known_member.to_dict()).model_copy(update={"email": member.email})
            if not known_tenant.exists:
                transaction.create(tenant_document, tenant.model_dump())
            transaction.set(member_document, joined.model_dump())
            transaction.create(self._session(session.id), session.model_dump())
            return admitted, joined

        admitted: tuple[Tenant, Member] = apply(self._db.transaction())
        return admitted

    def get(self, tenant_id: str) -> Tenant:
        return Tenant.model_validate(_existing(self._tenant(tenant_id).get()))

    def member(self, tenant_id: str, member_id: str) -> Member:
        return Member.model_validate(_existing(self._member(tenant_id, member_id).get()))

    def session(self, session_id: str) -> Session | None:
        """The only read that begins without a tenant: it is what finds the tenant.

        It is the first call of nearly every request, so it gives up soon: while Firestore is down, requests are
        refused instead of piling up behind its client's own patience of minutes.
        """
        found = self._session(session_id).get(retry=_BRIEFLY, timeout=SESSION_READ_S).to_dict()
        return Session.model_validate(found) if found else None

    def revoke(self, session_id: str, *, at: datetime) -> None:
        self._session(session_id).update({"revoked_at": at})

    def _tenant(self, tenant_id: str) -> firestore.DocumentReference:
        return self._db.collection("tenants").document(tenant_id)

    def _member(self, tenant_id: str, member_id: str) -> firestore.DocumentReference:
        return self._db.collection("tenants", tenant_id, "members").document(member_id)

    def _session(self, session_id: str) -> firestore.DocumentReference:
        return self._db.collection("sessions").document(session_id)


def _existing(snapshot: firestore.DocumentSnapshot[Any]) -> dict[str, Any]:
    found: dict[str, Any] | None = snapshot.to_dict()
    if found is None:
        raise NotFound
    return found
