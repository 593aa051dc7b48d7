"""Automations in Firestore, and the claim that gives a tab to one of them in the whole system."""

from collections.abc import Callable
from typing import Any, TypeAlias

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from backend.along import Along, nothing
from backend.automations.model import Attention, Automation, Progress, Status, tab_key
from backend.errors import Conflict, NotFound

Guard: TypeAlias = Callable[[firestore.Transaction], object]
"""Raises inside the transaction when what the automation needs is not there."""


class AutomationRepository:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def create(self, automation: Automation, *, guard: Guard) -> tuple[Automation, bool]:
        """Store it and claim its tab, both or neither; and whether this call did it, or one of the same id before.

        Raises Conflict when another automation has the tab.
        """
        document = self._document(automation.tenant_id, automation.id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> tuple[Automation, bool]:
            known = document.get(transaction=transaction)
            if known.exists:
                return _parse(known), False
            guard(transaction)
            self._ensure_free(automation, transaction)
            transaction.create(document, automation.model_dump())
            transaction.set(self._claim(automation), _claim_of(automation))
            return automation, True

        created: tuple[Automation, bool] = apply(self._db.transaction())
        return created

    def get(self, tenant_id: str, automation_id: str) -> Automation:
        return _parse(self._document(tenant_id, automation_id).get())

    def all(self, tenant_id: str) -> list[Automation]:
        """The oldest first."""
        return [_parse(snapshot) for snapshot in self._automations(tenant_id).order_by("created_at").stream()]

    def following(self, tenant_id: str, connection_id: str) -> list[Automation]:
        """Those that bring what the connection's webhooks report into their tabs."""
        query = (
            self._automations(tenant_id)
            .where(filter=FieldFilter("configuration.connection_id", "==", connection_id))
            .where(filter=FieldFilter("configuration.on_change", "==", True))
            .where(filter=FieldFilter("status", "==", Status.ACTIVE))
        )
        return [_parse(snapshot) for snapshot in query.stream()]

    def of_connection(self, tenant_id: str, connection_id: str) -> list[Automation]:
        named = FieldFilter("configuration.connection_id", "==", connection_id)
        return [_parse(snapshot) for snapshot in self._automations(tenant_id).where(filter=named).stream()]

    def change(
        self, tenant_id: str, automation_id: str, change: Callable[[Automation], Automation], *, guard: Guard
    ) -> Automation:
        """Store what `change` makes of the automation as it is now, and move the claim when its tab is another.

        `change` may raise; it may be called again when someone else wrote meanwhile.
        """
        document = self._document(tenant_id, automation_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Automation:
            current = _parse(document.get(transaction=transaction))
            changed = change(current)
            guard(transaction)
            if _tab_of(changed) != _tab_of(current):
                self._ensure_free(changed, transaction)
                transaction.delete(self._claim(current))
                transaction.set(self._claim(changed), _claim_of(changed))
            transaction.set(document, changed.model_dump())
            return changed

        changed: Automation = apply(self._db.transaction())
        return changed

    def delete(self, tenant_id: str, automation_id: str) -> None:
        """Forget it and free its tab."""
        document = self._document(tenant_id, automation_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> None:
            automation = _parse(document.get(transaction=transaction))
            transaction.delete(self._claim(automation))
            transaction.delete(document)

        apply(self._db.transaction())

    def record_progress(self, automation: Automation, progress: Progress) -> bool:
        """Store how far a run came with this automation's tab; False when it has another tab by now, or is gone."""
        return self._record(automation, {"progress": progress.model_dump()})

    def doubt(self, automation: Automation) -> bool:
        """Let the next run go through everything; False when the automation has another tab by now, or is gone."""
        return self._record(automation, {"progress.fingerprint": None})

    def need_attention(self, automation: Automation, attention: Attention, *, along: Along = nothing) -> bool:
        """Stop an active automation until its merchant acts, and write with that what `along` does; False when its
        configuration has changed meanwhile.
        """

        def still_concerned(current: Automation) -> bool:
            return current.status is Status.ACTIVE and current.version == automation.version

        fields = {"status": Status.NEEDS_ATTENTION, "attention": attention.model_dump(), "next_run_at": None}
        return self._record(automation, fields, only_if=still_concerned, along=along)

    def ensure_connection_unused(
        self, tenant_id: str, connection_id: str, *, transaction: firestore.Transaction
    ) -> None:
        self._ensure_unnamed(tenant_id, "configuration.connection_id", connection_id, transaction=transaction)

    def ensure_account_unused(
        self, tenant_id: str, account_id: str, *, is_default: bool, transaction: firestore.Transaction
    ) -> None:
        """Automations that name no account use the default one."""
        for named in (account_id, None) if is_default else (account_id,):
            self._ensure_unnamed(tenant_id, "configuration.destination.account_id", named, transaction=transaction)

    def _ensure_unnamed(
        self, tenant_id: str, field: str, value: str | None, *, transaction: firestore.Transaction
    ) -> None:
        query = self._automations(tenant_id).where(filter=FieldFilter(field, "==", value)).limit(1)
        for snapshot in query.stream(transaction=transaction):
            raise Conflict(f"The automation “{_parse(snapshot).configuration.name}” still uses it.")

    def _record(
        self,
        automation: Automation,
        fields: dict[str, Any],
        *,
        only_if: Callable[[Automation], bool] = lambda _current: True,
        along: Along = nothing,
    ) -> bool:
        document = self._document(automation.tenant_id, automation.id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> bool:
            snapshot = document.get(transaction=transaction)
            if not snapshot.exists:
                return False
            current = _parse(snapshot)
            if _tab_of(current) != _tab_of(automation) or not only_if(current):
                return False
            transaction.update(document, fields)
            along(transaction)
            return True

        recorded: bool = apply(self._db.transaction())
        return recorded

    def _ensure_free(self, automation: Automation, transaction: firestore.Transaction) -> None:
        claim = self._claim(automation).get(transaction=transaction).to_dict()
        if claim and claim["automation_id"] != automation.id:
            whose = "another of your automations" if claim["tenant_id"] == automation.tenant_id else "someone else's"
            raise Conflict(f"This tab is already filled by {whose}. Choose another tab.")

    def _automations(self, tenant_id: str) -> firestore.CollectionReference:
        return self._db.collection("tenants", tenant_id, "automations")

    def _document(self, tenant_id: str, automation_id: str) -> firestore.DocumentReference:
        return self._automations(tenant_id).document(automation_id)

    def _claim(self, automation: Automation) -> firestore.DocumentReference:
        return self._db.collection("tabs").document(_tab_of(automation))


def _tab_of(automation: Automation) -> str:
    return tab_key(automation.configuration.destination.spreadsheet_id, automation.sheet_id)


def _claim_of(automation: Automation) -> dict[str, str]:
    return {"tenant_id": automation.tenant_id, "automation_id": automation.id}


def _parse(snapshot: firestore.DocumentSnapshot[Any]) -> Automation:
    if not snapshot.exists:
        raise NotFound("There is no such automation.")
    return Automation.model_validate(snapshot.to_dict())
