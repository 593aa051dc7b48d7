"""Linked Google accounts in Firestore. The default one is a field of the tenant, so there is never a second."""

from collections.abc import Callable
from typing import Any

from google.cloud import firestore

from backend.accounts.model import Account, AccountStatus
from backend.errors import NotFound


class AccountRepository:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def link(self, account: Account) -> tuple[Account, bool]:
        """The account as stored, and whether it is the tenant's default: the first one becomes it."""
        tenant, document = self._tenant(account.tenant_id), self._document(account.tenant_id, account.id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> tuple[Account, bool]:
            default = _default_of(tenant.get(transaction=transaction))
            known = document.get(transaction=transaction)
            created_at = known.get("created_at") if known.exists else account.created_at
            linked = account.model_copy(update={"created_at": created_at})
            transaction.set(document, linked.model_dump())
            if default is None:
                transaction.update(tenant, {"default_account_id": account.id})
            return linked, default in {None, account.id}

        linked: tuple[Account, bool] = apply(self._db.transaction())
        return linked

    def get(self, tenant_id: str, account_id: str, *, transaction: firestore.Transaction | None = None) -> Account:
        found = self._document(tenant_id, account_id).get(transaction=transaction).to_dict()
        if found is None:
            raise NotFound("There is no such linked account.")
        return Account.model_validate(found)

    def exists(self, tenant_id: str, account_id: str, *, transaction: firestore.Transaction | None = None) -> bool:
        document = self._document(tenant_id, account_id)
        return bool(document.get(field_paths=["status"], transaction=transaction).exists)

    def default_id(self, tenant_id: str) -> str | None:
        return _default_of(self._tenant(tenant_id).get())

    def all(self, tenant_id: str) -> list[Account]:
        """The oldest first."""
        snapshots = self._accounts(tenant_id).order_by("created_at").stream()
        return [Account.model_validate(snapshot.to_dict()) for snapshot in snapshots]

    def mark_revoked(self, tenant_id: str, account_id: str) -> None:
        self._document(tenant_id, account_id).update({"status": AccountStatus.REVOKED})

    def unlink(
        self, tenant_id: str, account_id: str, *, ensure_unused: Callable[[firestore.Transaction, bool], None]
    ) -> None:
        """The oldest of the others becomes the default, when this one was.

        `ensure_unused` is told whether it was, and raises inside the transaction, so that no automation can take the
        account up meanwhile.
        """
        tenant, document = self._tenant(tenant_id), self._document(tenant_id, account_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> None:
            if not document.get(transaction=transaction).exists:
                raise NotFound("There is no such linked account.")
            default = _default_of(tenant.get(transaction=transaction))
            ensure_unused(transaction, default == account_id)
            in_order = self._accounts(tenant_id).order_by("created_at").stream(transaction=transaction)
            others = [snapshot.id for snapshot in in_order if snapshot.id != account_id]
            transaction.delete(document)
            if default == account_id:
                transaction.update(tenant, {"default_account_id": next(iter(others), None)})

        apply(self._db.transaction())

    def _tenant(self, tenant_id: str) -> firestore.DocumentReference:
        return self._db.collection("tenants").document(tenant_id)

    def _accounts(self, tenant_id: str) -> firestore.CollectionReference:
        return self._db.collection("tenants", tenant_id, "accounts")

    def _document(self, tenant_id: str, account_id: str) -> firestore.DocumentReference:
        return self._accounts(tenant_id).document(account_id)


def _default_of(tenant: firestore.DocumentSnapshot[Any]) -> str | None:
    found: str | None = (tenant.to_dict() or {}).get("default_account_id")
    return found
