"""Requests about protected ranges."""

from infra.local.sheets.errors import Json, invalid, required
from infra.local.sheets.masks import overlaid
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.resource import protected_message
from infra.local.sheets.sheet import Sheet

OURS = {"requestingUserCanEdit", "namedRangeId", "tableId"}


def add_protected_range(draft: Draft, request: Json) -> Json:
    """Whoever protects a range may go on editing it."""
    wanted = required(request, "protectedRange")
    spreadsheet = draft.spreadsheet
    grid_range = wanted.get("range")
    if grid_range is None:
        named = next((n for n in spreadsheet.named_ranges if n["namedRangeId"] == wanted.get("namedRangeId")), None)
        if named is None:
            raise invalid("Must specify a range.")
        grid_range = named["range"]
    sheet = draft.sheet(grid_range.get("sheetId", 0))
    sheet.area_within(grid_range)
    protected = {
        "protectedRangeId": wanted.get("protectedRangeId", spreadsheet.unused_id()),
        "range": grid_range,
        **{name: value for name, value in wanted.items() if name not in OURS and value},
        "editors": with_editor(draft, wanted.get("editors", {})),
    }
    sheet.protected_ranges.append(protected)
    return {"protectedRange": protected_message(spreadsheet, protected, draft.editor)}


def with_editor(draft: Draft, editors: Json) -> Json:
    listed = {name: value for name, value in editors.items() if value}
    user = draft.editor.user
    if user is not None and not draft.editor.is_owner(draft.spreadsheet):
        listed["users"] = sorted({*listed.get("users", []), user})
    return listed


def find_protected(draft: Draft, protected_range_id: int) -> tuple[Sheet, int]:
    for sheet in draft.spreadsheet.sheets:
        for position, protected in enumerate(sheet.protected_ranges):
            if protected["protectedRangeId"] == protected_range_id:
                return sheet, position
    raise invalid(f"No protected range with ID: {protected_range_id}")


def check_may_edit(draft: Draft, protected: Json) -> None:
    if not draft.editor.may_edit(draft.spreadsheet, protected):
        raise invalid("You do not have permission to edit this protected range.")


def update_protected_range(draft: Draft, request: Json) -> Json:
    new = required(request, "protectedRange")
    mask = draft.mask(request, "ProtectedRange")
    sheet, position = find_protected(draft, new.get("protectedRangeId", 0))
    present = sheet.protected_ranges[position]
    check_may_edit(draft, present)
    changed = {**overlaid(present, new, mask), "protectedRangeId": present["protectedRangeId"]}
    changed.setdefault("range", present["range"])
    sheet.protected_ranges[position] = {name: value for name, value in changed.items() if name not in OURS}
    return {}


def delete_protected_range(draft: Draft, request: Json) -> Json:
    sheet, position = find_protected(draft, request.get("protectedRangeId", 0))
    check_may_edit(draft, sheet.protected_ranges[position])
    del sheet.protected_ranges[position]
    return {}


PROTECTION_REQUESTS: dict[str, Apply] = {
    "addProtectedRange": add_protected_range,
    "updateProtectedRange": update_protected_range,
    "deleteProtectedRange": delete_protected_range,
}
