"""Data filters: places named by A1 notation, by indexes, or by the developer metadata on them."""

from infra.local.sheets.areas import Area
from infra.local.sheets.errors import Json, invalid
from infra.local.sheets.requests.metadata import selects
from infra.local.sheets.shifts import BOUNDS
from infra.local.sheets.spreadsheet import Spreadsheet


def areas_of(spreadsheet: Spreadsheet, data_filter: Json) -> list[Area]:
    if "a1Range" in data_filter:
        return [spreadsheet.area_at(data_filter["a1Range"])]
    if "gridRange" in data_filter:
        grid_range = data_filter["gridRange"]
        return [spreadsheet.sheet(grid_range.get("sheetId", 0)).area_within(grid_range)]
    lookup = data_filter.get("developerMetadataLookup")
    if lookup is None:
        raise invalid("Must specify a filter.")
    return [metadata_area(spreadsheet, item) for item in spreadsheet.developer_metadata if selects(lookup, item)]


def metadata_area(spreadsheet: Spreadsheet, item: Json) -> Area:
    """The cells that a piece of metadata is on."""
    location = item["location"]
    lines = location.get("dimensionRange")
    if lines is not None:
        sheet = spreadsheet.sheet(lines.get("sheetId", 0))
        bounds = dict(zip(BOUNDS[lines["dimension"]], (lines["startIndex"], lines["endIndex"]), strict=True))
        return sheet.area({"sheetId": sheet.sheet_id, **bounds})
    if "sheetId" in location:
        return spreadsheet.sheet(location["sheetId"]).whole()
    return spreadsheet.sheets[0].whole()
