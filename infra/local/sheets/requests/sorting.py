"""Requests that put rows in another order: sortRange, randomizeRange."""

import random
from typing import Any

from infra.local.sheets.areas import Area
from infra.local.sheets.errors import Json, invalid, required
from infra.local.sheets.evaluation import CellError, Evaluator, Result
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.requests.ranges import put_cells, take_cells, translated
from infra.local.sheets.rows import Cell


def sort_range(draft: Draft, request: Json) -> Json:
    area = draft.area(required(request, "range"))
    specs = request.get("sortSpecs", [])
    if not specs:
        raise invalid("Must specify at least one sort spec.")
    for spec in specs:
        if spec.get("dimensionIndex", 0) not in area.columns:
            raise invalid(f"sortSpecs.dimensionIndex[{spec.get('dimensionIndex', 0)}] is outside of the range.")
    sort_rows(draft, area, specs)
    return {}


def sort_rows(draft: Draft, area: Area, specs: list[Json]) -> None:
    """Cells move with their formats and notes, rows with their heights and hiding stay where they are."""
    sheet = draft.sheet(area.sheet_id)
    evaluator = Evaluator(draft.spreadsheet)
    order = list(enumerate(take_cells(sheet, area)))
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0) - area.left
        descending = spec.get("sortOrder") == "DESCENDING"
        results = {index: evaluator.result(line[column].value, sheet) for index, line in order}
        filled = [item for item in order if results[item[0]] is not None]
        blank = [item for item in order if results[item[0]] is None]
        filled.sort(key=lambda item: sort_key(results[item[0]]), reverse=descending)
        order = filled + blank
    put_in_order(draft, area, order)


def put_in_order(draft: Draft, area: Area, order: list[tuple[int, list[Cell]]]) -> None:
    """Each line is (where it stood in the area, its cells)."""
    moved = [
        [translated(cell, rows=position - before, columns=0) for cell in line]
        for position, (before, line) in enumerate(order)
    ]
    put_cells(draft.sheet(area.sheet_id), area.top, area.left, moved)


def sort_key(result: Result) -> tuple[int, Any]:
    """Numbers before text before booleans before errors; text without regard to case."""
    if isinstance(result, bool):
        return 2, result
    if isinstance(result, int | float):
        return 0, result
    if isinstance(result, CellError) or result is None:
        return 3, ""
    return 1, result.lower()


def randomize_range(draft: Draft, request: Json) -> Json:
    area = draft.area(required(request, "range"))
    order = list(enumerate(take_cells(draft.sheet(area.sheet_id), area)))
    random.shuffle(order)
    put_in_order(draft, area, order)
    return {}


SORTING_REQUESTS: dict[str, Apply] = {
    "sortRange": sort_range,
    "randomizeRange": randomize_range,
}
