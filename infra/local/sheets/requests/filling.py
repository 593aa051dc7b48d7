"""Requests that make cells out of other cells: autoFill, findReplace, trimWhitespace, deleteDuplicates."""

import re
from collections.abc import Callable, Iterator
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
    i, t, l, b, r = source.sheet_id, source.top, source.left, source.bottom, source.right
    if rows:
        return Area(i, b, l, b + length, r) if length > 0 else Area(i, t + length, l, t, r)
    return Area(i, t, r, b, r + length) if length > 0 else Area(i, t, l + length, b, l)


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


def find_replace(draft: Draft, request: Json) -> Json:
    """Text that results is typed anew, so that "12" becomes a number; formulas change only if asked."""
    finder = pattern_of(request)
    replacement = request.get("replacement", "")
    if not request.get("searchByRegex"):
        replacement = replacement.replace("\\", "\\\\")
    counts = {"rowsChanged": 0, "sheetsChanged": 0, "valuesChanged": 0, "occurrencesChanged": 0, "formulasChanged": 0}
    for area in searched(draft, request):
        draft.editor.check(draft.spreadsheet, area)
        if replace_in(
            draft.sheet(area.sheet_id), area, finder, replacement, counts, bool(request.get("includeFormulas"))
        ):
            counts["sheetsChanged"] += 1
    return {name: count for name, count in counts.items() if count}


def pattern_of(request: Json) -> re.Pattern[str]:
    find = request.get("find", "")
    if not find:
        raise invalid("Must specify a find string.")
    text = find if request.get("searchByRegex") else re.escape(find)
    try:
        return re.compile(
            f"^(?:{text})$" if request.get("matchEntireCell") else text,
            0 if request.get("matchCase") else re.IGNORECASE,
        )
    except re.error as error:
        raise invalid(f"Invalid regular expression: {error}") from error


def searched(draft: Draft, request: Json) -> Iterator[Area]:
    if request.get("allSheets"):
        yield from (sheet.whole() for sheet in draft.spreadsheet.sheets)
    elif "range" in request:
        yield draft.area(required(request, "range"))
    else:
        yield draft.sheet(request.get("sheetId", 0)).whole()


def replace_in(
    sheet: Sheet, area: Area, finder: re.Pattern[str], replacement: str, counts: dict[str, int], formulas: bool
) -> bool:
    changed_any = False
    for index, row in enumerate(list(sheet.grid.rows(area.top, area.bottom)), start=area.top):
        changed = False
        values = list(row.values)
        for column in range(area.left, min(area.right, len(values))):
            new, times = replaced_value(values[column], finder, replacement, formulas=formulas)
            if times:
                counts["occurrencesChanged"] += times
                counts["formulasChanged" if isinstance(values[column], Formula) else "valuesChanged"] += 1
                values[column] = new
                changed = True
        if changed:
            counts["rowsChanged"] += 1
            sheet.grid.replace(index, [row.with_values(0, values)])
        changed_any = changed_any or changed
    return changed_any


def replaced_value(value: Value, finder: re.Pattern[str], replacement: str, *, formulas: bool) -> tuple[Value, int]:
    if isinstance(value, Formula):
        if not formulas:
            return value, 0
        text, times = finder.subn(replacement, value.text)
        return typed(text)[0], times
    if value is None:
        return None, 0
    shown = str(value).upper() if isinstance(value, bool) else str(value)
    text, times = finder.subn(replacement, shown)
    return (typed(text)[0], times) if times else (value, 0)


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
