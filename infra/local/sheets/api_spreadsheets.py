"""The methods of spreadsheets, of their tabs and of their developer metadata."""

from infra.local.sheets.areas import Area
from infra.local.sheets.call import Call, Handler
from infra.local.sheets.data_filters import areas_of
from infra.local.sheets.errors import ApiError, Json, not_found, unimplemented
from infra.local.sheets.masks import EVERYTHING, below
from infra.local.sheets.requests.catalog import apply_requests
from infra.local.sheets.requests.cells import area_from, write
from infra.local.sheets.requests.draft import Draft
from infra.local.sheets.requests.metadata import matching, selects
from infra.local.sheets.requests.sheets import copied, copy_title, new_sheet, place
from infra.local.sheets.resource import View, sheet_properties, spreadsheet_message
from infra.local.sheets.sheet import Sheet
from infra.local.sheets.spreadsheet import Sharing, Spreadsheet


def create(call: Call) -> Json:
    """The spreadsheet belongs to the caller; it has the tabs given, or one."""
    wanted = call.body.get("sheets") or [{"properties": {"sheetId": 0, "title": "Sheet1"}}]
    check_simulated(call.body, {"properties", "sheets"}, "spreadsheet")

    def fill(spreadsheet: Spreadsheet) -> None:
        for index, item in enumerate(wanted):
            check_simulated(item, {"properties", "data"}, f"sheets[{index}]")
            sheet = new_sheet(spreadsheet, item.get("properties", {}))
            place(spreadsheet, sheet, None)
            for position, data in enumerate(item.get("data", [])):
                fill_data(sheet, data, f"sheets[{index}].data[{position}]")

    spreadsheet = call.library.create(
        call.body.get("properties", {}), fill=fill, sharing=Sharing(owner=call.editor.user)
    )
    return spreadsheet_message(spreadsheet, View(call.editor, call.mask))


def check_simulated(message: Json, fields: set[str], where: str) -> None:
    """What a new spreadsheet cannot be given here is refused, not forgotten."""
    for name in message.keys() - fields:
        raise unimplemented(f"{where}.{name}")


def fill_data(sheet: Sheet, data: Json, where: str) -> None:
    check_simulated(data, {"startRow", "startColumn", "rowData"}, where)
    rows = data.get("rowData", [])
    try:
        write(sheet, area_from(sheet, data.get("startRow", 0), data.get("startColumn", 0), rows), rows, EVERYTHING)
    except ApiError as error:
        raise error.within(where) from error


def get(call: Call) -> Json:
    with call.library.reading(call.spreadsheet_id) as spreadsheet:
        grid_data = bool(call.query.get("includeGridData"))
        areas = areas_named(spreadsheet, call.query.get("ranges"))
        return spreadsheet_message(spreadsheet, View(call.editor, call.mask, areas, grid_data))


def get_by_data_filter(call: Call) -> Json:
    with call.library.reading(call.spreadsheet_id) as spreadsheet:
        filters = call.body.get("dataFilters", [])
        areas = tuple(area for item in filters for area in areas_of(spreadsheet, item)) if filters else None
        grid_data = bool(call.body.get("includeGridData"))
        return spreadsheet_message(spreadsheet, View(call.editor, call.mask, areas, grid_data))


def areas_named(spreadsheet: Spreadsheet, ranges: list[str] | None) -> tuple[Area, ...] | None:
    return tuple(spreadsheet.area_at(text) for text in ranges) if ranges else None


def batch_update(call: Call) -> Json:
    """Applies all requests or none; what is asked of the spreadsheet afterwards is read before anyone else writes."""
    body = call.body

    def edit(draft: Spreadsheet) -> Json:
        replies = apply_requests(Draft(draft, call.editor, call.schemas), body.get("requests", []))
        answer: Json = {"spreadsheetId": call.spreadsheet_id, "replies": replies}
        mask = below(call.mask, "updatedSpreadsheet")
        if body.get("includeSpreadsheetInResponse") and mask is not None:
            areas = areas_named(draft, body.get("responseRanges"))
            view = View(call.editor, mask, areas, bool(body.get("responseIncludeGridData")))
            answer["updatedSpreadsheet"] = spreadsheet_message(draft, view)
        return answer

    return call.library.change(call.spreadsheet_id, edit)


def copy_sheet_to(call: Call) -> Json:
    with call.library.reading(call.spreadsheet_id) as origin:
        source = origin.sheet(int(call.path["sheetId"])).copy()

    def edit(draft: Spreadsheet) -> Json:
        counts = {"rowCount": source.grid.row_count, "columnCount": source.grid.column_count}
        wanted = {name: value for name, value in source.properties.items() if name != "sheetId"}
        wanted["title"] = copy_title(draft, source.title)
        wanted["gridProperties"] = {**source.properties.get("gridProperties", {}), **counts}
        sheet = copied(source, new_sheet(draft, wanted))
        place(draft, sheet, None)
        return sheet_properties(draft, sheet)

    return call.library.change(call.body.get("destinationSpreadsheetId", ""), edit)


def get_metadata(call: Call) -> Json:
    with call.library.reading(call.spreadsheet_id) as spreadsheet:
        for item in spreadsheet.developer_metadata:
            if str(item["metadataId"]) == call.path["metadataId"]:
                return item
    raise not_found()


def search_metadata(call: Call) -> Json:
    filters = call.body.get("dataFilters", [])
    with call.library.reading(call.spreadsheet_id) as spreadsheet:
        found = [
            {
                "developerMetadata": item,
                "dataFilters": [f for f in filters if selects(f.get("developerMetadataLookup"), item)],
            }
            for item in matching(spreadsheet, filters)
        ]
    return {"matchedDeveloperMetadata": found} if found else {}


SPREADSHEET_METHODS: dict[str, Handler] = {
    "spreadsheets.create": create,
    "spreadsheets.get": get,
    "spreadsheets.getByDataFilter": get_by_data_filter,
    "spreadsheets.batchUpdate": batch_update,
    "sheets.copyTo": copy_sheet_to,
    "developerMetadata.get": get_metadata,
    "developerMetadata.search": search_metadata,
}
