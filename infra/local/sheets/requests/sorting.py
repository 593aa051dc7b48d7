"""Requests that put rows in another order: sortRange, randomizeRange."""

import random
from typing import Any

from infra.local.sheets.areas import Area
from infra.local.sheets.errors import Json, invalid, required
from infra.local.sheets.evaluation import CellError, Evaluator, Result
from infra.local.sheets.formulas import translated_formula
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.rows import Formula, Row
from infra.local.sheets.sheet import Sheet


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
    order = list(enumerate(sheet.grid.rows(area.top, area.bottom)))
    for spec in reversed(specs):
        column = spec.get("dimensionIndex", 0)
        results = [(item, evaluator.result(item[1].value(column), sheet)) for item in order]
        filled = [found for found in results if found[1] is not None]
        filled.sort(key=lambda found: sort_key(found[1]), reverse=spec.get("sortOrder") == "DESCENDING")
        order = [item for item, _ in filled] + [item for item, result in results if result is None]
    put_in_order(sheet, area, order)


def put_in_order(sheet: Sheet, area: Area, order: list[tuple[int, Row]]) -> None:
    """Each row comes with where it stood in the area."""
    places = list(sheet.grid.rows(area.top, area.bottom))
    moved = [
        place.with_part(
            with_formulas_moved(row, index - before) if sheet.grid.has_formulas else row, area.left, area.right
        )
        for index, (place, (before, row)) in enumerate(zip(places, order, strict=True))
    ]
    sheet.grid.replace(area.top, moved)


def with_formulas_moved(row: Row, rows: int) -> Row:
    values = [
        Formula(translated_formula(value.text, rows=rows, columns=0)) if isinstance(value, Formula) else value
        for value in row.values
    ]
    return row.with_values(0, values)


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
    sheet = draft.sheet(area.sheet_id)
    order = list(enumerate(sheet.grid.rows(area.top, area.bottom)))
    random.shuffle(order)
    put_in_order(sheet, area, order)
    return {}


SORTING_REQUESTS: dict[str, Apply] = {
    "sortRange": sort_range,
    "randomizeRange": randomize_range,
}
