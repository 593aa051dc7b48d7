"""Requests about filters: they hide rows, and sort them where they have an order."""

from collections.abc import Callable

from infra.local.sheets.areas import Area
from infra.local.sheets.errors import Json, invalid, required
from infra.local.sheets.evaluation import Evaluator
from infra.local.sheets.masks import overlaid
from infra.local.sheets.number_formats import shown
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.requests.sorting import sort_rows
from infra.local.sheets.resource import shown_item
from infra.local.sheets.rows import Row
from infra.local.sheets.sheet import Sheet


def set_basic_filter(draft: Draft, request: Json) -> Json:
    """At most one a tab; its first row is the header."""
    wanted = required(request, "filter")
    grid_range = wanted.get("range", {})
    sheet = draft.sheet(grid_range.get("sheetId", 0))
    area = sheet.area_within(grid_range)
    unhide(sheet)
    sheet.basic_filter = {**wanted, "range": area.grid_range()}
    if wanted.get("sortSpecs"):
        below_header = Area(area.sheet_id, area.top + 1, area.left, area.bottom, area.right)
        draft.editor.check(draft.spreadsheet, below_header)
        sort_rows(draft, below_header, wanted["sortSpecs"])
    hide_filtered(draft, sheet, area, criteria_of(wanted))
    return {}


def criteria_of(wanted: Json) -> dict[int, Json]:
    """By column of the tab, from either way of writing them."""
    criteria = {int(column): criterion for column, criterion in wanted.get("criteria", {}).items()}
    for spec in wanted.get("filterSpecs", []):
        criteria[spec.get("columnIndex", 0)] = spec.get("filterCriteria", {})
    return criteria


def hide_filtered(draft: Draft, sheet: Sheet, area: Area, criteria: dict[int, Json]) -> None:
    if not criteria:
        return
    evaluator = Evaluator(draft.spreadsheet)

    def passes(row: Row) -> bool:
        return all(
            meets(
                criterion,
                shown(evaluator.result(row.value(column), sheet), (row.format(column) or {}).get("numberFormat")),
            )
            for column, criterion in criteria.items()
        )

    def filtered(row: Row) -> Row:
        return row if passes(row) else row.with_properties({**row.properties, "hiddenByFilter": True})

    sheet.grid.edit(area.top + 1, area.bottom, filtered)


def meets(criterion: Json, text: str) -> bool:
    if text in criterion.get("hiddenValues", []):
        return False
    condition = criterion.get("condition")
    if condition is None:
        return True
    kind = condition["type"]
    wanted = [value.get("userEnteredValue", "") for value in condition.get("values", [])]
    test = CONDITIONS.get(kind)
    if test is None:
        raise invalid(f"condition.type {kind} is not simulated by the local Sheets service.")
    return test(text.lower(), wanted[0].lower() if wanted else "")


CONDITIONS: dict[str, Callable[[str, str], bool]] = {
    "BLANK": lambda text, _: not text,
    "NOT_BLANK": lambda text, _: bool(text),
    "TEXT_EQ": lambda text, wanted: text == wanted,
    "TEXT_CONTAINS": lambda text, wanted: wanted in text,
    "TEXT_NOT_CONTAINS": lambda text, wanted: wanted not in text,
    "TEXT_STARTS_WITH": lambda text, wanted: text.startswith(wanted),
    "TEXT_ENDS_WITH": lambda text, wanted: text.endswith(wanted),
    "NUMBER_EQ": lambda text, wanted: number(text) == number(wanted),
    "NUMBER_GREATER": lambda text, wanted: number(text) > number(wanted),
    "NUMBER_LESS": lambda text, wanted: number(text) < number(wanted),
}


def number(text: str) -> float:
    """Not a number compares as false."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return float("nan")


def unhide(sheet: Sheet) -> None:
    def shown_again(row: Row) -> Row:
        if "hiddenByFilter" not in row.properties:
            return row
        return row.with_properties({name: value for name, value in row.properties.items() if name != "hiddenByFilter"})

    if sheet.basic_filter is not None:
        area = sheet.area(sheet.basic_filter["range"])
        sheet.grid.edit(area.top, area.bottom, shown_again)


def clear_basic_filter(draft: Draft, request: Json) -> Json:
    sheet = draft.sheet(request.get("sheetId", 0))
    unhide(sheet)
    sheet.basic_filter = None
    return {}


def add_filter_view(draft: Draft, request: Json) -> Json:
    wanted = required(request, "filter")
    grid_range = wanted.get("range", {})
    sheet = draft.sheet(grid_range.get("sheetId", 0))
    area = sheet.area_within(grid_range)
    title = wanted.get("title") or f"Filter {len(sheet.filter_views) + 1}"
    if any(view["title"] == title for view in sheet.filter_views):
        raise invalid(f'A filter view with the name "{title}" already exists.')
    view_id = wanted.get("filterViewId", draft.spreadsheet.unused_id())
    view = {**wanted, "filterViewId": view_id, "title": title, "range": area.grid_range()}
    sheet.filter_views.append(view)
    return {"filter": shown_item(view)}


def update_filter_view(draft: Draft, request: Json) -> Json:
    new = required(request, "filter")
    mask = draft.mask(request, "FilterView")
    sheet, position = find_view(draft, new.get("filterViewId", 0))
    present = sheet.filter_views[position]
    sheet.filter_views[position] = {**overlaid(present, new, mask), "filterViewId": present["filterViewId"]}
    return {}


def delete_filter_view(draft: Draft, request: Json) -> Json:
    sheet, position = find_view(draft, request.get("filterId", 0))
    del sheet.filter_views[position]
    return {}


def find_view(draft: Draft, view_id: int) -> tuple[Sheet, int]:
    for sheet in draft.spreadsheet.sheets:
        for position, view in enumerate(sheet.filter_views):
            if view["filterViewId"] == view_id:
                return sheet, position
    raise invalid(f"No filter view with id: {view_id}")


FILTER_REQUESTS: dict[str, Apply] = {
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
    "addFilterView": add_filter_view,
    "updateFilterView": update_filter_view,
    "deleteFilterView": delete_filter_view,
}
