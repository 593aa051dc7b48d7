"""What became of the shop's orders and of people's notes in a tab. Pure."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's times are those of its own zone


@dataclass(frozen=True)
class Verdict:
    doubled: int
    """Rows more than one of their order."""
    missing: int
    """Orders without a row."""
    altered: Counter[str]
    """Cells that are not what the shop has, by header; of an order with several rows, in the first."""
    wrong: int
    """Orders with such a cell, those that hold what a tool always alters left aside."""
    lost: dict[str, int]
    """Notes that stand in no row of their order, by the header of the owner's column."""


def judge(
    grid: Sequence[Sequence[Any]],
    *,
    headers: Sequence[str],
    rows: Sequence[Sequence[str | float]],
    notes: Sequence[str] = (),
    aside: Sequence[str] = (),
) -> Verdict:
    """`notes` are the owner's columns, `aside` the headers whose cells a tool alters in any tab."""
    head, *found = grid or [[]]
    standing: dict[Any, list[Sequence[Any]]] = {}
    for row in found:
        standing.setdefault(cell(row, 0), []).append(row)
    altered: Counter[str] = Counter()
    wrong = 0
    for row in rows:
        if row[0] in standing:
            off = list(differing(head, standing[row[0]][0], headers=headers, row=row))
            altered.update(off)
            wrong += any(header not in aside for header in off)
    keys = [str(row[0]) for row in rows]
    return Verdict(
        doubled=sum(len(standing.get(key, [None])) - 1 for key in keys),
        missing=sum(key not in standing for key in keys),
        altered=altered,
        wrong=wrong,
        lost={header: sum(not noted(head, standing.get(key, []), header, key) for key in keys) for header in notes},
    )


def differing(
    head: Sequence[Any], found: Sequence[Any], *, headers: Sequence[str], row: Sequence[str | float]
) -> Iterator[str]:
    for header, wanted in zip(headers, row, strict=True):
        if header not in head or not same(cell(found, head.index(header)), wanted):
            yield header


def same(found: Any, wanted: str | float) -> bool:
    """A text of digits that became the same number, and a time that became a date, say what they said.

    The shop has no truth values.
    """
    if isinstance(found, bool):
        return False
    if isinstance(found, str):
        return found == wanted
    if isinstance(wanted, str):
        return f"{found:.15g}" == wanted or shown(found) == wanted
    return math.isclose(found, wanted, abs_tol=1e-9)


def shown(serial: float) -> str:
    """The instant of a serial number, to the second; nothing for a number that is none."""
    if not 0 < serial < 100_000:
        return ""
    return (SERIAL_EPOCH + timedelta(seconds=round(serial * 86_400))).strftime("%Y-%m-%d %H:%M:%S")


def noted(head: Sequence[Any], found: Sequence[Sequence[Any]], header: str, key: str) -> bool:
    at = [place for place, text in enumerate(head) if text == header]
    return any(cell(row, place) == note(header, key) for row in found for place in at)


def note(header: str, key: str) -> str:
    """What the owner writes into a column of hers beside an order."""
    return f"{header}: {key}"


def cell(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else ""
