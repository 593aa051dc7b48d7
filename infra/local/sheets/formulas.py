"""The text of formulas: finding the references in it and moving them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from infra.local.sheets.a1 import column_index, column_letters, quoted, unquoted
from infra.local.sheets.shifts import Shift

GONE = "#REF!"
CORNER = r"\$?[A-Za-z]{1,3}\$?\d+"
TEXT = r'"(?:[^"]|"")*"'
CELLS = (
    r"(?<![\w.$])(?P<title>(?:'(?:[^']|'')*'|[A-Za-z_][\w.]*)!)?"
    rf"(?P<cells>{CORNER}(?::{CORNER})?|\$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}|\$?\d+:\$?\d+)(?![\w(.!])"
)
REFERENCE = re.compile(f"{TEXT}|{CELLS}")  # text is matched so that it is passed over
PARTS = re.compile(r"(\$?)([A-Za-z]*)(\$?)(\d*)")


@dataclass(frozen=True)
class Corner:
    """One end of a reference; None where it names no row or no column."""

    row: int | None
    column: int | None
    row_fixed: bool = False
    column_fixed: bool = False

    def text(self) -> str:
        column = "" if self.column is None else ("$" if self.column_fixed else "") + column_letters(self.column)
        row = "" if self.row is None else ("$" if self.row_fixed else "") + str(self.row + 1)
        return column + row


def parse_corners(cells: str) -> list[Corner]:
    """The one or two corners of `$A1`, `A1:B2`, `A:A` or `1:3`."""
    corners = []
    for part in cells.split(":"):
        match = PARTS.fullmatch(part)
        if match is None:
            raise ValueError(cells)
        first, letters, second, digits = match.groups()
        row_mark = second if letters else first
        corners.append(
            Corner(
                row=int(digits) - 1 if digits else None,
                column=column_index(letters) if letters else None,
                row_fixed=bool(row_mark),
                column_fixed=bool(first and letters),
            )
        )
    return corners


def rewritten(text: str, rewrite: Callable[[str | None, list[Corner]], list[Corner] | None]) -> str:
    """The formula with each reference replaced by what `rewrite(title, corners)` makes of it, None being #REF!."""

    def substitute(match: re.Match[str]) -> str:
        cells = match["cells"]
        if cells is None:
            return match[0]
        title = match["title"]
        corners = parse_corners(cells)
        moved = rewrite(None if title is None else unquoted(title[:-1]), corners)
        if moved is None:
            return GONE
        return match[0] if moved == corners else (title or "") + ":".join(corner.text() for corner in moved)

    return REFERENCE.sub(substitute, text)


def shifted_formula(text: str, shift: Shift, *, title: str, home: str) -> str:
    """After lines of the tab `title` moved; `home` is the tab that the formula stands on."""

    def follow(named: str | None, corners: list[Corner]) -> list[Corner] | None:
        if (named or home).lower() != title.lower():
            return corners
        rows = shift.dimension == "ROWS"
        first = corners[0].row if rows else corners[0].column
        last = corners[-1].row if rows else corners[-1].column
        if first is None or last is None:
            return corners
        interval = shift.interval(min(first, last), max(first, last) + 1)
        if interval is None or interval[1] is None:
            return None
        ends = (interval[0], interval[1] - 1)
        return [placed(corner, end, rows=rows) for corner, end in zip(corners, ends, strict=False)]

    return rewritten(text, follow)


def translated_formula(text: str, *, rows: int, columns: int) -> str:
    """Copied `rows` down and `columns` to the right: relative references move along, fixed ones do not."""

    def translate(named: str | None, corners: list[Corner]) -> list[Corner] | None:
        del named
        moved = []
        for corner in corners:
            row = corner.row if corner.row is None or corner.row_fixed else corner.row + rows
            column = corner.column if corner.column is None or corner.column_fixed else corner.column + columns
            if (row is not None and row < 0) or (column is not None and column < 0):
                return None
            moved.append(Corner(row, column, corner.row_fixed, corner.column_fixed))
        return moved

    return rewritten(text, translate)


def placed(corner: Corner, line: int, *, rows: bool) -> Corner:
    if rows:
        return Corner(line, corner.column, corner.row_fixed, corner.column_fixed)
    return Corner(corner.row, line, corner.row_fixed, corner.column_fixed)


def retitled_formula(text: str, *, old: str, new: str | None) -> str:
    """After the tab `old` was renamed; None: it is gone, and what named it is #REF!."""

    def substitute(match: re.Match[str]) -> str:
        title = match["title"]
        if title is None or unquoted(title[:-1]).lower() != old.lower():
            return match[0]
        return GONE if new is None else f"{quoted(new)}!{match['cells']}"

    return REFERENCE.sub(substitute, text)
