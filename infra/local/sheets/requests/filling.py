"""Requests that make cells out of other cells: autoFill, findReplace, trimWhitespace, deleteDuplicates."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from infra.local.sheets.areas import Area
from infra.local.sheets.entry import as_double, typed
from infra.local.sheets.errors import Json, invalid, required
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.requests.ranges import put_cells, take_cells, translated
from infra.local.sheets.rows import BLANK, Cell, Formula, Row, Value
from infra.local.sheets.sheet import Sheet


def auto_fill(draft: Draft, request: Json) -> Json:
    """Numbers with an even step go on as a series, everything else is repeated."""
    if "sourceAndDestination" not in request:
        raise invalid("autoFill.range is not simulated by the local Sheets service; use sourceAndDestination.")
    wanted = request["sourceAndDestination"]
    source = draft.sheet(required(wanted, "source").get("sheetId", 0)).area_within(required(wanted, "source"))
    length, rows = wanted.get("fillLength", 0), wanted.get("dimension") == "ROWS"
    target = filled_area(source, length, rows=rows)
    sheet = draft.sheet(source.sheet_id)
    if (
        target.top < 0
        or target.left < 0
        or target.bottom > sheet.grid.row_count
        or target.right > sheet.grid.column_count
    ):
        raise invalid("Cannot autoFill outside of the grid.")
    draft.editor.check(draft.spreadsheet, target)
    cells = take_cells(sheet, source)
    lines = [list(line) for line in zip(*cells, strict=True)] if rows else cells
    made = [continued(line, abs(length), backwards=length < 0, rows=rows) for line in lines]
    put_cells(sheet, target.top, target.left, [list(line) for line in zip(*made, strict=True)] if rows else made)
    return {}


def filled_area(source: Area, length: int, *, rows: bool) -> Area:
    """`length` lines after the source, or before it where negative."""
    if rows:
        edge = source.bottom if length > 0 else source.top
        return replace(source, top=min(edge, edge + length), bottom=max(edge, edge + length))
    edge = source.right if length > 0 else source.left
    return replace(source, left=min(edge, edge + length), right=max(edge, edge + length))


def continued(line: list[Cell], length: int, *, backwards: bool, rows: bool) -> list[Cell]:
    source = line[::-1] if backwards else line
    step = step_of([cell.value for cell in source])
    made = []
    for index in range(length):
        cell = source[index % len(source)]
        distance = (index // len(source) + 1) * len(source) * (-1 if backwards else 1)
        last = source[-1].value
        if step is not None and isinstance(last, int | float):
            cell = Cell(as_double(last + step * (index + 1)), cell.format, cell.extras)
        made.append(translated(cell, rows=distance if rows else 0, columns=0 if rows else distance))
    return made[::-1] if backwards else made


def step_of(values: list[Value]) -> float | None:
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) != len(values) or len(numbers) < 2:
        return None
    steps = {round(after - before, 12) for before, after in pairwise(numbers)}
    return steps.pop() if len(steps) == 1 else None


@dataclass(frozen=True)
class Search:
    """What to find, and what to put in its place."""

    pattern: re.Pattern[str]
    replacement: str
    in_formulas: bool

    @classmethod
    def of(cls, request: Json) -> "Search":
        find, replacement = request.get("find", ""), request.get("replacement", "")
        if not find:
            raise invalid("Must specify a find string.")
        if not request.get("searchByRegex"):
            find, replacement = re.escape(find), replacement.replace("\\", "\\\\")
        text = f"^(?:{find})$" if request.get("matchEntireCell") else find
        try:
            pattern = re.compile(text, 0 if request.get("matchCase") else re.IGNORECASE)
        except re.error as error:
            raise invalid(f"Invalid regular expression: {error}") from error
        return cls(pattern, replacement, bool(request.get("includeFormulas")))

    def replaced(self, value: Value) -> tuple[Value, int]:
        """The new value and how often it was found; text that results is typed anew, so "12" becomes a number."""
        if value is None or (isinstance(value, Formula) and not self.in_formulas):
            return value, 0
        if isinstance(value, Formula):
            present = value.text
        else:
            present = str(value).upper() if isinstance(value, bool) else str(value)
        text, times = self.pattern.subn(self.replacement, present)
        return (typed(text)[0], times) if times else (value, 0)


def find_replace(draft: Draft, request: Json) -> Json:
    search = Search.of(request)
    counts: Counter[str] = Counter()
    for area in searched(draft, request):
        draft.editor.check(draft.spreadsheet, area)
        if replace_in(draft.sheet(area.sheet_id), area, search, counts):
            counts["sheetsChanged"] += 1
    return dict(counts)


def searched(draft: Draft, request: Json) -> Iterator[Area]:
    if request.get("allSheets"):
        yield from (sheet.whole() for sheet in draft.spreadsheet.sheets)
    elif "range" in request:
        yield draft.area(request["range"])
    else:
        yield draft.sheet(request.get("sheetId", 0)).whole()


def replace_in(sheet: Sheet, area: Area, search: Search, counts: Counter[str]) -> bool:
    """Whether anything was found."""
    before = counts["rowsChanged"]
    for index, row in enumerate(list(sheet.grid.rows(area.top, area.bottom)), start=area.top):
        values = list(row.values)
        for column in range(area.left, min(area.right, len(values))):
            new, times = search.replaced(values[column])
            if times:
                counts["occurrencesChanged"] += times
                counts["formulasChanged" if isinstance(values[column], Formula) else "valuesChanged"] += 1
                values[column] = new
        if tuple(values) != row.values:
            counts["rowsChanged"] += 1
            sheet.grid.replace(index, [row.with_values(0, values)])
    return counts["rowsChanged"] > before


def trim_whitespace(draft: Draft, request: Json) -> Json:
    """At both ends, and to one space within."""
    area = draft.area(required(request, "range"))
    counts = {"cellsChangedCount": 0}

    def trimmed(value: Value) -> Value:
        text = " ".join(value.split()) if isinstance(value, str) else value
        counts["cellsChangedCount"] += text != value
        return text or None if isinstance(text, str) else text

    change_values(draft.sheet(area.sheet_id), area, trimmed)
    return {name: count for name, count in counts.items() if count}


def change_values(sheet: Sheet, area: Area, change: Callable[[Value], Value]) -> None:
    def changed(row: Row) -> Row:
        right = min(area.right, len(row.values))
        if right <= area.left:
            return row
        return row.with_values(area.left, [change(value) for value in row.values[area.left : right]])

    sheet.grid.edit(area.top, area.bottom, changed)


def delete_duplicates(draft: Draft, request: Json) -> Json:
    """Of rows with equal values in the range the first stays; those below move up."""
    area = draft.area(required(request, "range"))
    sheet = draft.sheet(area.sheet_id)
    compared = [c for part in request.get("comparisonColumns", []) for c in range(part["startIndex"], part["endIndex"])]
    columns = [column - area.left for column in compared or area.columns]
    seen: set[str] = set()
    kept = []
    cells = take_cells(sheet, area)
    for line in cells:
        key = repr([line[column].value for column in columns]).lower()
        if key not in seen:
            seen.add(key)
            kept.append(line)
    removed = len(cells) - len(kept)
    put_cells(sheet, area.top, area.left, kept + [[BLANK] * area.width for _ in range(removed)])
    return {"duplicatesRemovedCount": removed} if removed else {}


FILLING_REQUESTS: dict[str, Apply] = {
    "autoFill": auto_fill,
    "findReplace": find_replace,
    "trimWhitespace": trim_whitespace,
    "deleteDuplicates": delete_duplicates,
}
