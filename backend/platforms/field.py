"""What a platform can put into a column: its fields, their types and where in an order they stand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = str | int | Decimal | bool | date | datetime | None
"""One cell's content before it is written. Floats are absent on purpose: money is exact, and ids are text."""


class ColumnType(StrEnum):
    """How a value is written and shown."""

    TEXT = "text"  #: as it is: ids, SKUs, phones and zips keep their zeros, a leading `=` stays a character
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    DATETIME = "datetime"  #: shown in the spreadsheet's time zone
    BOOLEAN = "boolean"
    URL = "url"


class Level(StrEnum):
    """Where in an order a field stands. A field of a line is no column of a tab with one row an order."""

    ORDER = "order"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    label: str
    type: ColumnType
    level: Level = Level.ORDER
    identifies: bool = False
    """A person can tell the order by it, so it may be the tab's visible key column."""
    choices: tuple[str, ...] = ()
    """What it can be, where that is a short list; a platform may add to it at any time."""


class Catalogue(Mapping[str, Field]):
    """The fields of one resource of one platform, by key, in the order they are offered."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields = {field.key: field for field in fields}

    def __getitem__(self, key: str) -> Field:
        return self._fields[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)
