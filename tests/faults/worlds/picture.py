"""What a tab shows at one moment."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobs.sheets.system_cell import parse
from tests.contract.tab.orders import CATALOGUE, LINE_COLUMNS, ORDER_COLUMNS
from tests.faults.worlds.shop import Identity

KEY = "name"
_HEADERS = {CATALOGUE[key].label for key in (*ORDER_COLUMNS, *LINE_COLUMNS)}
_KEY = re.compile(r"#\d+")
_WORD = re.compile(r"word-\d+")


def is_word(value: object) -> bool:
    """Whether a person of these worlds wrote it: all they write is told apart by a number."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


@dataclass(frozen=True)
class Word:
    """`identity` is that of the row it stands in; None for a row that is not Tabkeeper's."""

    text: str
    identity: Identity | None


@dataclass(frozen=True)
class Picture:
    """`rows` are those below the header that hold anything; `places` tells the managed columns by key.

    Of columns that a person deleted there is no place, and -1 is that of the system column then.
    """

    headers: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    grid_rows: int
    grid_columns: int
    places: Mapping[str, int]
    system: int

    def identity(self, row: Sequence[Any]) -> Identity | None:
        cell = parse(row[self.system]) if self.system >= 0 else None
        return (cell.order_id, cell.line_id) if cell else None

    @property
    def own_columns(self) -> list[int]:
        """People's. One that was managed and kept its header is taken up again where the automation asks for it."""
        managed = {self.system, *self.places.values()}
        managed |= {place for place, header in enumerate(self.headers) if header in _HEADERS}
        return [place for place in range(self.grid_columns) if place not in managed]

    def identities(self) -> Counter[Identity]:
        return Counter(found for row in self.rows if (found := self.identity(row)))

    def managed(self, keys: Sequence[str]) -> dict[Identity, tuple[Any, ...]]:
        """The managed cells of Tabkeeper's rows; of the last one where an identity is there twice."""
        return {
            found: tuple(row[self.places[key]] if key in self.places else None for key in keys)
            for row in self.rows
            if (found := self.identity(row))
        }

    def words(self) -> Iterator[Word]:
        """Where they are people's: a word that a sort brought into a managed cell of our rows is written over, as it is
        in a row that shows an order's key and has lost its system cell.
        """
        own = set(self.own_columns)
        for row in self.rows:
            ours = self.identity(row) is not None or self._shows_key(row)
            for place, value in enumerate(row):
                if is_word(value) and (place in own or not ours):
                    yield Word(value, self.identity(row))

    def _shows_key(self, row: Sequence[Any]) -> bool:
        return KEY in self.places and _KEY.fullmatch(str(row[self.places[KEY]])) is not None

    def strays(self) -> list[Any]:
        """What neither Tabkeeper nor people put there: managed values in columns or rows that are not ours."""
        own = {*self.own_columns}
        return [
            value
            for row in self.rows
            for place, value in enumerate(row)
            if value != "" and not is_word(value) and (place in own or self.identity(row) is None)
        ]
