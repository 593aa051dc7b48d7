"""What stands in a row's managed cells beside what should. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.automations.model import Column
from backend.platforms.field import ColumnType
from jobs.export.rows import Row
from jobs.sheets.cells import content, date_text


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell; None is an empty one. `column` is its place in the automation's columns."""

    column: int
    before: str | None
    after: str | None


def differences(row: Row | None, shown: Sequence[object], columns: Sequence[Column]) -> Iterator[Difference]:
    """`shown` are the managed cells' unformatted values, '' where empty; None is a row that should not be there."""
    for place, value in enumerate(shown):
        wanted = content(row.cells[place]) if row else ""
        if not same(value, wanted):
            of_type = columns[place].type
            yield Difference(place, readable(value, of_type), readable(wanted, of_type))


def restruck(key: int, name: str | None, *, struck: bool) -> Difference:
    """That a row is struck through, or no longer, is told at its key, since it changes no value."""
    marked = f"{name or ''} (struck through)".lstrip()
    return Difference(key, name, marked) if struck else Difference(key, marked, name)


def same(value: object, wanted: object) -> bool:
    """1 and 1.0 are one number to a sheet; TRUE and 1 are not one value."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return value == wanted


def readable(value: object, of_type: ColumnType) -> str | None:
    """What a person is told of a cell that reads so, unformatted."""
    if value == "":
        return None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float) and of_type in {ColumnType.DATE, ColumnType.DATETIME}:
        return date_text(value, with_time=of_type is ColumnType.DATETIME)
    return str(value)
