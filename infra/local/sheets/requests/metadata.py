"""Requests about developer metadata, and looking it up."""

from collections import Counter

from infra.local.sheets.areas import as_google_writes
from infra.local.sheets.errors import Json, invalid
from infra.local.sheets.masks import overlaid
from infra.local.sheets.requests.draft import Apply, Draft
from infra.local.sheets.spreadsheet import Spreadsheet

MAX_CHARACTERS = 30_000
LOCATION_TYPES = {"ROWS": "ROW", "COLUMNS": "COLUMN"}


def create_developer_metadata(draft: Draft, request: Json) -> Json:
    wanted = request.get("developerMetadata", {})
    for name in ("metadataKey", "location", "visibility"):
        if name not in wanted:
            raise invalid(f"developerMetadata.{name} must be specified.")
    spreadsheet = draft.spreadsheet
    metadata_id = wanted.get("metadataId", spreadsheet.unused_id())
    if any(item["metadataId"] == metadata_id for item in spreadsheet.developer_metadata):
        raise invalid(f"Developer metadata with id {metadata_id} already exists.")
    item = {"metadataId": metadata_id, **wanted, "location": read_location(draft, wanted["location"])}
    spreadsheet.developer_metadata.append(item)
    check_size(spreadsheet)
    return {"developerMetadata": item}


def read_location(draft: Draft, location: Json) -> Json:
    """A location that exists, with the locationType that the server fills in."""
    if location.get("spreadsheet"):
        return {"locationType": "SPREADSHEET", "spreadsheet": True}
    if "sheetId" in location:
        return {"locationType": "SHEET", "sheetId": draft.sheet(location["sheetId"]).sheet_id}
    if "dimensionRange" not in location:
        raise invalid("developerMetadata.location must be specified.")
    sheet, dimension, start, end = draft.lines(location["dimensionRange"])
    if end != start + 1:
        raise invalid("developerMetadata.location.dimensionRange must represent a single row or column.")
    lines = {"sheetId": sheet.sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}
    return {"locationType": LOCATION_TYPES[dimension], "dimensionRange": as_google_writes(lines)}


def check_size(spreadsheet: Spreadsheet) -> None:
    """Keys and values of a tab, or of the spreadsheet itself, have so much room; what Google says then is a guess."""
    sizes: Counter[int | None] = Counter()
    for item in spreadsheet.developer_metadata:
        sizes[sheet_of(item)] += len(item["metadataKey"]) + len(item.get("metadataValue", ""))
    if any(size > MAX_CHARACTERS for size in sizes.values()):
        raise invalid(f"Developer metadata exceeds the limit of {MAX_CHARACTERS} characters.")


def sheet_of(item: Json) -> int | None:
    """The tab that a piece of metadata is on, None for the spreadsheet's own."""
    location = item["location"]
    if "dimensionRange" in location:
        return int(location["dimensionRange"].get("sheetId", 0))
    return int(location["sheetId"]) if "sheetId" in location else None


def update_developer_metadata(draft: Draft, request: Json) -> Json:
    mask = draft.mask(request, "DeveloperMetadata")
    new = dict(request.get("developerMetadata", {}))
    if "location" in new:
        new["location"] = read_location(draft, new["location"])
    chosen = matching(draft.spreadsheet, request.get("dataFilters", []))
    updated = []
    for item in chosen:
        changed = {**overlaid(item, new, mask), "metadataId": item["metadataId"]}
        position = draft.spreadsheet.developer_metadata.index(item)
        draft.spreadsheet.developer_metadata[position] = changed
        updated.append(changed)
    check_size(draft.spreadsheet)
    return {"developerMetadata": updated}


def delete_developer_metadata(draft: Draft, request: Json) -> Json:
    chosen = matching(draft.spreadsheet, [request.get("dataFilter", {})])
    kept = [item for item in draft.spreadsheet.developer_metadata if item not in chosen]
    draft.spreadsheet.developer_metadata = kept
    return {"deletedDeveloperMetadata": chosen} if chosen else {}


def matching(spreadsheet: Spreadsheet, data_filters: list[Json]) -> list[Json]:
    """The metadata that any of the filters selects, each once."""
    return [
        item
        for item in spreadsheet.developer_metadata
        if any(selects(data_filter.get("developerMetadataLookup"), item) for data_filter in data_filters)
    ]


def selects(lookup: Json | None, item: Json) -> bool:
    if lookup is None:
        return False
    for name in ("metadataId", "metadataKey", "metadataValue", "visibility"):
        if name in lookup and lookup[name] != item.get(name):
            return False
    location = item["location"]
    if "locationType" in lookup and lookup["locationType"] != location["locationType"]:
        return False
    wanted = lookup.get("metadataLocation")
    return wanted is None or located(
        wanted, location, exact=lookup.get("locationMatchingStrategy") != "INTERSECTING_LOCATION"
    )


def located(wanted: Json, location: Json, *, exact: bool) -> bool:
    """Intersecting takes in what lies inside the wanted place: a tab's columns, a spreadsheet's tabs."""
    if wanted.get("spreadsheet"):
        return not exact or bool(location.get("spreadsheet"))
    lines = location.get("dimensionRange")
    if "sheetId" in wanted:
        if location.get("sheetId") == wanted["sheetId"]:
            return True
        return not exact and lines is not None and lines.get("sheetId", 0) == wanted["sheetId"]
    asked = wanted.get("dimensionRange")
    if asked is None or lines is None:
        return False
    if lines.get("sheetId", 0) != asked.get("sheetId", 0) or lines["dimension"] != asked.get("dimension"):
        return False
    start, end = asked.get("startIndex", 0), asked.get("endIndex", lines["endIndex"])
    if exact:
        return bool((lines["startIndex"], lines["endIndex"]) == (start, end))
    return bool(start <= lines["startIndex"] < end)


METADATA_REQUESTS: dict[str, Apply] = {
    "createDeveloperMetadata": create_developer_metadata,
    "updateDeveloperMetadata": update_developer_metadata,
    "deleteDeveloperMetadata": delete_developer_metadata,
}
