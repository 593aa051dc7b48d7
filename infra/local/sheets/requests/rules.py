"""Requests about how cells look and what they accept: conditional formats, borders, validation."""

from dataclasses import replace

from infra.local.sheets.areas import Area
from infra.local.sheets.colors import with_both_colors
from infra.local.sheets.errors import Json, invalid, required
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.resource import shown_item
from infra.local.sheets.rows import Format, FormatChange, Row
from infra.local.sheets.sheet import Sheet


def add_conditional_format_rule(draft: Draft, request: Json) -> Json:
    rule = required(request, "rule")
    sheet = rule_sheet(draft, rule)
    index = request.get("index", 0)
    if not 0 <= index <= len(sheet.conditional_formats):
        raise invalid(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    sheet.conditional_formats.insert(index, with_both_colors(rule))
    return {}


def rule_sheet(draft: Draft, rule: Json) -> Sheet:
    ranges = rule.get("ranges", [])
    if not ranges:
        raise invalid("Must specify at least one range.")
    sheet = draft.sheet(ranges[0].get("sheetId", 0))
    for part in ranges:
        if part.get("sheetId", 0) != sheet.sheet_id:
            raise invalid("All ranges must be on the same sheet.")
        sheet.area_within(part)
    return sheet


def update_conditional_format_rule(draft: Draft, request: Json) -> Json:
    sheet = draft.sheet(request.get("sheetId", 0))
    index = request.get("index", 0)
    old = rule_at(sheet, index)
    reply: Json = {"oldRule": shown_item(old)}
    if "newIndex" in request:
        rules = [rule for rule in sheet.conditional_formats if rule is not old]
        rules.insert(request["newIndex"], old)
        sheet.conditional_formats = rules
        return {**reply, "oldIndex": index, "newIndex": request["newIndex"], "newRule": shown_item(old)}
    rule_sheet(draft, required(request, "rule"))
    sheet.conditional_formats[index] = with_both_colors(required(request, "rule"))
    return {**reply, "newIndex": index, "newRule": shown_item(sheet.conditional_formats[index])}


def delete_conditional_format_rule(draft: Draft, request: Json) -> Json:
    sheet = draft.sheet(request.get("sheetId", 0))
    rule = rule_at(sheet, request.get("index", 0))
    sheet.conditional_formats = [kept for kept in sheet.conditional_formats if kept is not rule]
    return {"rule": shown_item(rule)}


def rule_at(sheet: Sheet, index: int) -> Json:
    if not 0 <= index < len(sheet.conditional_formats):
        raise invalid(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    return sheet.conditional_formats[index]


def set_data_validation(draft: Draft, request: Json) -> Json:
    """No rule: the range accepts anything again."""
    area = draft.area(required(request, "range"))
    rule = request.get("rule")

    def ruled(row: Row) -> Row:
        extras = dict(row.extras)
        for column in area.columns:
            kept = {name: value for name, value in extras.get(column, {}).items() if name != "dataValidation"}
            if rule:
                kept["dataValidation"] = rule
            if kept:
                extras[column] = kept
            else:
                extras.pop(column, None)
        return row.with_extras(extras)

    draft.sheet(area.sheet_id).grid.edit(area.top, area.bottom, ruled)
    return {}


def update_borders(draft: Draft, request: Json) -> Json:
    """Each border named is drawn; inner ones lie between the cells of the range."""
    area = draft.area(required(request, "range"))
    grid = draft.sheet(area.sheet_id).grid
    for part, side, border in borders_of(request, area):
        if part.height > 0 and part.width > 0:
            change = FormatChange(part.left, part.right, lambda present: bordered(present, side, border))  # noqa: B023
            grid.edit(part.top, part.bottom, change.apply)
    return {}


def borders_of(request: Json, area: Area) -> list[tuple[Area, str, Json]]:
    """(cells, their side, border)."""
    parts = {
        "top": [(replace(area, bottom=area.top + 1), "top")],
        "bottom": [(replace(area, top=area.bottom - 1), "bottom")],
        "left": [(replace(area, right=area.left + 1), "left")],
        "right": [(replace(area, left=area.right - 1), "right")],
        "innerHorizontal": [
            (replace(area, bottom=area.bottom - 1), "bottom"),
            (replace(area, top=area.top + 1), "top"),
        ],
        "innerVertical": [
            (replace(area, right=area.right - 1), "right"),
            (replace(area, left=area.left + 1), "left"),
        ],
    }
    return [(part, side, request[name]) for name, cells in parts.items() if name in request for part, side in cells]


def bordered(present: Format | None, side: str, border: Json) -> Format:
    borders = {name: value for name, value in (present or {}).get("borders", {}).items() if name != side}
    if border.get("style", "NONE") != "NONE":
        borders[side] = with_both_colors(border)
    rest = {name: value for name, value in (present or {}).items() if name != "borders"}
    return {**rest, "borders": borders} if borders else rest


RULE_REQUESTS: dict[str, Apply] = {
    "addConditionalFormatRule": add_conditional_format_rule,
    "updateConditionalFormatRule": update_conditional_format_rule,
    "deleteConditionalFormatRule": delete_conditional_format_rule,
    "setDataValidation": set_data_validation,
    "updateBorders": update_borders,
}
