"""A1 notation: `Sheet1!A2:C`, `'Q3 Budget'!1:3`, `NamedRange`, and back."""

import re
from dataclasses import dataclass

CORNER = r"\$?([A-Za-z]{0,3})\$?(\d*)"
REFERENCE = re.compile(rf"{CORNER}(?::{CORNER})?")
PLAIN_TITLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")
WITH_TITLE = re.compile(r"(?:('(?:[^']|'')*'|[^!]*)!)?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reference:
    """Half-open bounds; None where the notation leaves them open."""

    top: int | None
    left: int | None
    bottom: int | None
    right: int | None

    @property
    def single(self) -> bool:
        if self.top is None or self.left is None or self.bottom is None or self.right is None:
            return False
        return self.bottom == self.top + 1 and self.right == self.left + 1


def column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def quoted(title: str) -> str:
    """A title as it stands before `!`: in quotes unless it is a plain word that could not be a cell."""
    if PLAIN_TITLE.fullmatch(title) and not LOOKS_LIKE_CELL.fullmatch(title):
        return title
    return "'" + title.replace("'", "''") + "'"


def unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text


def split_title(text: str) -> tuple[str | None, str]:
    """(title or None, what follows the `!`)."""
    match = WITH_TITLE.fullmatch(text)
    if match is None:
        return None, text
    return (None if match[1] is None else unquoted(match[1])), match[2]


def parse_reference(text: str) -> Reference | None:
    """`B2`, `A1:C`, `A:A`, `1:3`; corners may come in any order. None if it is none of these."""
    match = REFERENCE.fullmatch(text)
    if match is None or not (match[1] or match[2]):
        return None
    first_column, first_row, second_column, second_row = match.groups()
    if ":" not in text:
        if not (first_column and first_row):
            return None
        second_column, second_row = first_column, first_row
    elif not (second_column or second_row):
        return None
    if "0" in {first_row, second_row}:
        return None
    left, right = ordered(
        column_index(first_column) if first_column else None, second_column and column_index(second_column)
    )
    top, bottom = ordered(int(first_row) - 1 if first_row else None, second_row and int(second_row) - 1)
    return Reference(top, left, None if bottom is None else bottom + 1, None if right is None else right + 1)


def ordered(first: int | None, second: int | str | None) -> tuple[int | None, int | None]:
    """Corners in order; an open corner stays open."""
    last = second if isinstance(second, int) else None
    if first is not None and last is not None and last < first:
        return last, first
    return first, last


def cells_text(*, top: int, left: int, bottom: int, right: int) -> str:
    """`A1` or `A1:B2`, for half-open bounds."""
    start = f"{column_letters(left)}{top + 1}"
    end = f"{column_letters(right - 1)}{bottom}"
    return start if start == end else f"{start}:{end}"


def open_text(grid_range: dict[str, int]) -> str:
    """A GridRange with open ends as Google's errors show it: `A1001:B`, `AA1:2`."""
    left, top = grid_range.get("startColumnIndex", 0), grid_range.get("startRowIndex", 0)
    start = f"{column_letters(left)}{top + 1}"
    right, bottom = grid_range.get("endColumnIndex"), grid_range.get("endRowIndex")
    if right is None and bottom is None:
        return start
    end = (column_letters(right - 1) if right else "") + (str(bottom) if bottom else "")
    return start if start == end else f"{start}:{end}"
