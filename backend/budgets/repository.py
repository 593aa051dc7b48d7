"""Ledgers in Firestore, budgets/{ledger_id}: of the whole system, since a Google user may be linked by several tenants.

Two documents change with each question, the user's ledger and the project's, of reads or of writes. Firestore takes
about one write a second to a document for long. Grants are of a twelfth of a user's quota, five calls: a project that
spends its 300 writes a minute in them asks once a second. Jobs so slow that their grants are void before they are
spent ask more often; contention then makes questions slower, and a job that was aborted too often asks again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from google.api_core.exceptions import Aborted
from google.cloud import firestore

from backend.budgets.model import Grant, Ledger, Quota, Use, Wait, take

MAX_TRIES = 10
CONTENDED = Wait(wait_s=1.0)


class BudgetRepository:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def ask(self, quotas: Sequence[Quota], *, holder: str, calls: int, used: Use | None, at: datetime) -> Grant | Wait:
        """From each of the quotas alike, or from none."""
        documents = [self._document(quota.ledger_id) for quota in quotas]

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> Grant | Wait:
            found = {each.id: _parse(each) for each in self._db.get_all(documents, transaction=transaction)}
            books = [(quota, found[quota.ledger_id]) for quota in quotas]
            ledgers, answer = take(books, holder=holder, calls=calls, used=used, now=at)
            for document, ledger in zip(documents, ledgers, strict=True):
                transaction.set(document, ledger.model_dump())
            return answer

        try:
            answer: Grant | Wait = apply(self._db.transaction(max_attempts=MAX_TRIES))
        except ValueError as error:  # what the client makes of the last Aborted
            if isinstance(error.__cause__, Aborted):
                return CONTENDED
            raise
        return answer

    def close(self, quota: Quota, *, until: datetime) -> None:
        """Nobody takes from it before that."""
        document = self._document(quota.ledger_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> None:
            ledger = _parse(document.get(transaction=transaction))
            transaction.set(document, ledger.closed(until).model_dump())

        apply(self._db.transaction(max_attempts=MAX_TRIES))

    def _document(self, ledger_id: str) -> firestore.DocumentReference:
        return self._db.collection("budgets").document(ledger_id)


def _parse(snapshot: Any) -> Ledger:
    return Ledger.model_validate(snapshot.to_dict() or {})
