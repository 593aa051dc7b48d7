"""What stands in a row's managed cells beside what should. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jobs.export.rows import Row
from jobs.sheets.cells import content


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell; None is an empty one. `column` is its place in the automation's columns."""

    column: int
    before: str | None
    after: str | None


def differences(row: Row | None, shown: Sequence[object]) -> Iterator[Difference]:
    """`shown` are the managed cells' unformatted values, '' where empty; None is a row that should not be there."""
    for column, value in enumerate(shown):
        wanted = content(row.cells[column]) if row else ""
        if not same(value, wanted):
            yield Difference(column, _text(value), _text(wanted))


def restruck(key: int, shown: Sequence[object], *, struck: bool) -> Difference:
    """That a row is struck through, or no longer, is told at its key, since it changes no value."""
    text = _text(shown[key])
    marked = f"{text or ''} (struck through)".lstrip()
    return Difference(key, text, marked) if struck else Difference(key, marked, text)


def same(value: object, wanted: object) -> bool:
    """1 and 1.0 are one number to a sheet; TRUE and 1 are not one value."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return value == wanted


def _text(value: object) -> str | None:
    if value == "":
        return None
    return str(value).upper() if isinstance(value, bool) else str(value)
