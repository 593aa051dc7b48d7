"""The methods of spreadsheets.values."""

from infra.local.sheets.a1 import Reference
from infra.local.sheets.areas import Area
from infra.local.sheets.call import Call, Handler
from infra.local.sheets.data_filters import areas_of
from infra.local.sheets.errors import ApiError, Json, invalid
from infra.local.sheets.rows import EMPTY
from infra.local.sheets.shifts import Splice
from infra.local.sheets.spreadsheet import Spreadsheet
from infra.local.sheets.tables import find_table
from infra.local.sheets.values import (
    Rendering,
    as_rows,
    check_fits,
    clear_values,
    range_text,
    read_range,
    write_range,
)


def get(call: Call) -> Json:
    with call.library.reading(call.spreadsheet_id) as spreadsheet:
        area = spreadsheet.area_at(call.path["range"])
        return read_range(spreadsheet, area, Rendering.of(call.query))


def batch_get(call: Call) -> Json:
    with call.library.reading(call.spreadsheet_id) as spreadsheet:
        rendering = Rendering.of(call.query)
        areas = [spreadsheet.area_at(text) for text in call.query.get("ranges", [])]
        answer: Json = {"spreadsheetId": call.spreadsheet_id}
        if areas:
            answer["valueRanges"] = [read_range(spreadsheet, area, rendering) for area in areas]
        return answer


def batch_get_by_data_filter(call: Call) -> Json:
    with call.library.reading(call.spreadsheet_id) as spreadsheet:
        rendering = Rendering.of(call.body)
        found = [
            {"valueRange": read_range(spreadsheet, area, rendering), "dataFilters": [data_filter]}
            for data_filter in call.body.get("dataFilters", [])
            for area in areas_of(spreadsheet, data_filter)
        ]
        return {"spreadsheetId": call.spreadsheet_id, **({"valueRanges": found} if found else {})}


def update(call: Call) -> Json:
    def edit(draft: Spreadsheet) -> Json:
        area, reference = draft.place_at(call.path["range"])
        stated = call.body.get("range")
        if stated is not None and draft.area_at(stated) != area:
            raise invalid(f"Request range[{call.path['range']}] does not match value's range[{stated}]")
        return put(draft, call, area=area, reference=reference, value_range=call.body, options=call.query)

    return call.library.change(call.spreadsheet_id, edit)


def batch_update(call: Call) -> Json:
    def edit(draft: Spreadsheet) -> Json:
        responses = []
        for index, value_range in enumerate(call.body.get("data", [])):
            try:
                area, reference = draft.place_at(value_range.get("range", ""))
                responses.append(
                    put(draft, call, area=area, reference=reference, value_range=value_range, options=call.body)
                )
            except ApiError as error:
                raise error.within(f"data[{index}]") from error
        return {"spreadsheetId": call.spreadsheet_id, **totals(responses), "responses": responses}

    required_option(call.body)
    return call.library.change(call.spreadsheet_id, edit)


def batch_update_by_data_filter(call: Call) -> Json:
    def edit(draft: Spreadsheet) -> Json:
        responses = [
            {
                **put(draft, call, area=area, reference=None, value_range=item, options=call.body),
                "dataFilter": item.get("dataFilter", {}),
            }
            for item in call.body.get("data", [])
            for area in areas_of(draft, item.get("dataFilter", {}))
        ]
        return {"spreadsheetId": call.spreadsheet_id, **totals(responses), "responses": responses}

    required_option(call.body)
    return call.library.change(call.spreadsheet_id, edit)


def append(call: Call) -> Json:
    """Below the table found in the range; the tab grows where it must."""
    typed_in = required_option(call.query)

    def edit(draft: Spreadsheet) -> Json:
        searched = draft.area_at(call.path["range"])
        sheet = draft.sheet(searched.sheet_id)
        rows = as_rows(call.body.get("values", []), call.body.get("majorDimension", "ROWS"))
        table = find_table(sheet.grid, searched)
        top, left = (table.bottom, table.left) if table else (searched.top, searched.left)
        answer: Json = {"spreadsheetId": call.spreadsheet_id}
        if table:
            answer["tableRange"] = range_text(draft, table)
        if call.query.get("insertDataOption") == "INSERT_ROWS":
            sheet.grid.splice(top, inserted=[EMPTY] * len(rows))
            draft.follow(Splice(sheet.sheet_id, "ROWS", top, inserted=len(rows)))
        width = max((len(row) for row in rows), default=0)
        sheet.grid.resize(max(sheet.grid.row_count, top + len(rows)), max(sheet.grid.column_count, left + width))
        draft.check_size()
        start = Area(searched.sheet_id, top, left, top + 1, left + 1)
        covered, written = write_range(draft, start, rows, typed_in=typed_in, editor=call.editor)
        answer["updates"] = updated(draft, call, covered=covered, written=written, options=call.query)
        return answer

    return call.library.change(call.spreadsheet_id, edit)


def clear(call: Call) -> Json:
    def edit(draft: Spreadsheet) -> Json:
        area = draft.area_at(call.path["range"])
        clear_values(draft, area, editor=call.editor)
        return {"spreadsheetId": call.spreadsheet_id, "clearedRange": range_text(draft, area)}

    return call.library.change(call.spreadsheet_id, edit)


def batch_clear(call: Call) -> Json:
    def edit(draft: Spreadsheet) -> Json:
        cleared = []
        for index, text in enumerate(call.body.get("ranges", [])):
            try:
                area = draft.area_at(text)
                clear_values(draft, area, editor=call.editor)
            except ApiError as error:
                raise error.within(f"ranges[{index}]") from error
            cleared.append(range_text(draft, area))
        return {"spreadsheetId": call.spreadsheet_id, "clearedRanges": cleared}

    return call.library.change(call.spreadsheet_id, edit)


def batch_clear_by_data_filter(call: Call) -> Json:
    def edit(draft: Spreadsheet) -> Json:
        areas = [area for item in call.body.get("dataFilters", []) for area in areas_of(draft, item)]
        for area in areas:
            clear_values(draft, area, editor=call.editor)
        return {"spreadsheetId": call.spreadsheet_id, "clearedRanges": [range_text(draft, area) for area in areas]}

    return call.library.change(call.spreadsheet_id, edit)


def required_option(options: Json) -> bool:
    """Whether values are read as if typed."""
    option = options.get("valueInputOption", "INPUT_VALUE_OPTION_UNSPECIFIED")
    if option == "INPUT_VALUE_OPTION_UNSPECIFIED":
        raise invalid("'valueInputOption' is required but not specified")
    return bool(option == "USER_ENTERED")


def put(
    draft: Spreadsheet, call: Call, *, area: Area, reference: Reference | None, value_range: Json, options: Json
) -> Json:
    """Write one ValueRange; an UpdateValuesResponse."""
    typed_in = required_option(options)
    rows = as_rows(value_range.get("values", []), value_range.get("majorDimension", "ROWS"))
    check_fits(draft, area, rows, reference)
    covered, written = write_range(draft, area, rows, typed_in=typed_in, editor=call.editor)
    return updated(draft, call, covered=covered, written=written, options=options)


def updated(draft: Spreadsheet, call: Call, *, covered: Area, written: int, options: Json) -> Json:
    answer: Json = {"spreadsheetId": call.spreadsheet_id, "updatedRange": range_text(draft, covered)}
    if written:
        answer |= {"updatedRows": covered.height, "updatedColumns": covered.width, "updatedCells": written}
    if options.get("includeValuesInResponse"):
        answer["updatedData"] = read_range(draft, covered, Rendering.of(options, prefix="response"))
    return answer


def totals(responses: list[Json]) -> Json:
    def total(name: str) -> int:
        return sum(response.get(name, 0) for response in responses)

    return {
        "totalUpdatedRows": total("updatedRows"),
        "totalUpdatedColumns": max((response.get("updatedColumns", 0) for response in responses), default=0),
        "totalUpdatedCells": total("updatedCells"),
        "totalUpdatedSheets": len({response["updatedRange"].rpartition("!")[0] for response in responses}),
    }


VALUE_METHODS: dict[str, Handler] = {
    "values.get": get,
    "values.batchGet": batch_get,
    "values.batchGetByDataFilter": batch_get_by_data_filter,
    "values.update": update,
    "values.batchUpdate": batch_update,
    "values.batchUpdateByDataFilter": batch_update_by_data_filter,
    "values.append": append,
    "values.clear": clear,
    "values.batchClear": batch_clear,
    "values.batchClearByDataFilter": batch_clear_by_data_filter,
}
