"""All spreadsheets, each behind its own lock; a change is all or nothing, and stored before it shows."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from infra.local.sheets.errors import Json, not_found, unavailable
from infra.local.sheets.spreadsheet import Sharing, Spreadsheet
from infra.local.sheets.store import Store
from infra.local.sheets.theme import new_properties

Result = TypeVar("Result")


class Shelf:
    """One spreadsheet and its lock."""

    def __init__(self, spreadsheet: Spreadsheet) -> None:
        self.spreadsheet = spreadsheet
        self.lock = threading.RLock()
        self.changes = 0
        self._name = secrets.token_hex(4)

    @property
    def revision(self) -> str:
        """Another text after each change, and after a restart."""
        return f"{self._name}.{self.changes}"


class Library:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._shelves = {spreadsheet.spreadsheet_id: Shelf(spreadsheet) for spreadsheet in store.load()}
        self._lock = threading.Lock()
        self._closed = False

    def create(
        self,
        properties: Json,
        *,
        fill: Callable[[Spreadsheet], None],
        sharing: Sharing | None = None,
        spreadsheet_id: str | None = None,
    ) -> Spreadsheet:
        """A new spreadsheet, given its tabs by `fill`; one that bore the same id before is replaced."""
        spreadsheet = Spreadsheet(
            spreadsheet_id or secrets.token_urlsafe(33), new_properties(properties), sharing or Sharing()
        )
        fill(spreadsheet)
        with self._lock:
            self._store.save(spreadsheet, before=None)
            self._shelves[spreadsheet.spreadsheet_id] = Shelf(spreadsheet)
        return spreadsheet

    def all(self) -> list[Spreadsheet]:
        with self._lock:
            return [shelf.spreadsheet for shelf in self._shelves.values()]

    def sharing(self, spreadsheet_id: str) -> Sharing:
        return self._shelf(spreadsheet_id).spreadsheet.sharing

    def revision(self, spreadsheet_id: str) -> str:
        return self._shelf(spreadsheet_id).revision

    @contextmanager
    def reading(self, spreadsheet_id: str) -> Iterator[Spreadsheet]:
        """The spreadsheet as it is, not to be changed."""
        shelf = self._shelf(spreadsheet_id)
        with shelf.lock:
            yield shelf.spreadsheet

    def change(self, spreadsheet_id: str, edit: Callable[[Spreadsheet], Result]) -> Result:
        """Apply `edit` to a draft; the spreadsheet is as before if it raises."""
        shelf = self._shelf(spreadsheet_id)
        with shelf.lock:
            if self._closed:
                raise unavailable()
            draft = shelf.spreadsheet.draft()
            result = edit(draft)
            self._store.save(draft, before=shelf.spreadsheet)
            shelf.spreadsheet = draft
            shelf.changes += 1
        return result

    def close(self) -> None:
        """Finishes the changes in hand and refuses new ones."""
        self._closed = True
        for shelf in list(self._shelves.values()):
            with shelf.lock:
                pass
        self._store.close()

    def _shelf(self, spreadsheet_id: str) -> Shelf:
        with self._lock:
            shelf = self._shelves.get(spreadsheet_id)
        if shelf is None:
            raise not_found()
        return shelf
