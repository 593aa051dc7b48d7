"""States of consent in Firestore. Like sessions they are found before the tenant is known: they are what names it."""

from google.cloud import firestore

from backend.consents.model import ConsentState


class ConsentRepository:
    def __init__(self, db: firestore.Client) -> None:
        self._db = db

    def add(self, state: ConsentState) -> None:
        self._document(state.id).create(state.model_dump())

    def take(self, state_id: str) -> ConsentState | None:
        """The state, which is gone from then on: of several takers one gets it."""
        document = self._document(state_id)

        @firestore.transactional
        def apply(transaction: firestore.Transaction) -> ConsentState | None:
            found = document.get(transaction=transaction).to_dict()
            if found is None:
                return None
            transaction.delete(document)
            return ConsentState.model_validate(found)

        taken: ConsentState | None = apply(self._db.transaction())
        return taken

    def _document(self, state_id: str) -> firestore.DocumentReference:
        return self._db.collection("oauth_states").document(state_id)
