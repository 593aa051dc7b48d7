"""spreadsheets.batchUpdate: cells, all or nothing, limits, and the answer that shows what became of it."""

from collections.abc import Callable

import pytest

from tests.contract.sheets.book import Book, Json, box, cells, lines, refusal, typed, write_at

MONEY = {"numberFormat": {"type": "NUMBER", "pattern": "#,##0.00"}}


def test_typed_cells_are_kept_as_sent(book: Book) -> None:
    """UpdateCells interprets nothing: a text that looks like a number, a date or a formula stays that text."""
    book.update(write_at(0, 0, ["0042", 42, True, "2020-01-01"]))
    cell = {"userEnteredValue": {"stringValue": "=1+1"}}
    start = {"sheetId": 0, "rowIndex": 0, "columnIndex": 4}
    book.update({"updateCells": {"start": start, "fields": "userEnteredValue", "rows": [{"values": [cell]}]}})
    assert book.read("Sheet1!A1:E1") == [["0042", 42, True, "2020-01-01", "=1+1"]]


def test_a_batch_is_all_or_nothing(book: Book) -> None:
    """The third request cannot be applied, so the first two are not; the refusal names the third."""
    book.put("Sheet1!A1", [["before"]])
    refused = book.refused(
        write_at(0, 0, ["after"]),
        {"insertDimension": {"range": lines("ROWS", 0, 3)}},
        {"deleteSheet": {"sheetId": 99}},
    )
    assert (refused.status, refused.message) == (400, "Invalid requests[2].deleteSheet: No grid with id: 99")
    assert book.read("Sheet1") == [["before"]]
    assert book.values.get(spreadsheetId=book.id, range="Sheet1").execute()["range"] == "Sheet1!A1:F10"


def test_the_answer_shows_cells_as_they_are_afterwards(book: Book) -> None:
    """Only the ranges and fields asked for, after all requests were applied."""
    book.put("Sheet1!A1", [["id"], ["a"], ["b"]])
    answer = book.update(
        {"insertDimension": {"range": lines("ROWS", 1, 2)}},
        write_at(1, 0, ["new", 7]),
        fields="updatedSpreadsheet.sheets.data(startRow,rowData.values.userEnteredValue)",
        includeSpreadsheetInResponse=True,
        responseIncludeGridData=True,
        responseRanges=["Sheet1!A2:A4"],
    )
    rows = [{"values": [{"userEnteredValue": typed(value)}]} for value in ("new", "a", "b")]
    assert answer == {"updatedSpreadsheet": {"sheets": [{"data": [{"startRow": 1, "rowData": rows}]}]}}


def test_without_a_mask_grid_data_must_be_asked_for(book: Book) -> None:
    """ResponseIncludeGridData decides where no field mask does."""
    book.put("Sheet1!A1", [["a"]])
    shown = book.update(write_at(0, 1, ["b"]), includeSpreadsheetInResponse=True)["updatedSpreadsheet"]
    assert "data" not in shown["sheets"][0]
    shown = book.update(write_at(0, 1, ["b"]), includeSpreadsheetInResponse=True, responseIncludeGridData=True)[
        "updatedSpreadsheet"
    ]
    cell = shown["sheets"][0]["data"][0]["rowData"][0]["values"][1]
    assert (cell["formattedValue"], cell["effectiveValue"]) == ("b", {"stringValue": "b"})


def test_cells_without_values_are_cleared(book: Book) -> None:
    """UpdateCells clears what the mask names and the rows lack: in given cells, and in a given range."""
    book.put("Sheet1!A1", [["a", "b", "c"], ["d", "e", "f"]])
    book.update(write_at(0, 0, [None, "B"]))
    assert book.read("Sheet1!A1:C2") == [["", "B", "c"], ["d", "e", "f"]]
    book.update({"updateCells": {"range": box(0, 0, 2, 2), "fields": "userEnteredValue", "rows": []}})
    assert book.read("Sheet1!A1:C2") == [["", "", "c"], ["", "", "f"]]


def test_formats_and_values_do_not_touch_each_other(book: Book) -> None:
    """Writing values leaves formats and notes; repeatCell of a number format leaves values."""
    book.update(
        write_at(0, 0, [1234.5]),
        {
            "repeatCell": {
                "range": box(0, 0, 3, 1),
                "cell": {"userEnteredFormat": MONEY},
                "fields": "userEnteredFormat.numberFormat",
            }
        },
        {"updateCells": {"range": box(0, 0, 1, 1), "rows": [{"values": [{"note": "check"}]}], "fields": "note"}},
        write_at(0, 0, [7]),
    )
    row = book.sheet("data.rowData.values(formattedValue,note,userEnteredFormat)", ["Sheet1!A1"])["data"][0]["rowData"]
    assert row == [{"values": [{"formattedValue": "7.00", "note": "check", "userEnteredFormat": MONEY}]}]


def test_one_part_of_a_format_can_be_set(book: Book) -> None:
    """A mask below userEnteredFormat leaves the other parts of the format alone."""
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    book.update(
        {"repeatCell": {"range": box(0, 0, 1, 1), "cell": {"userEnteredFormat": MONEY}, "fields": "userEnteredFormat"}},
        {"repeatCell": {"range": box(0, 0, 1, 1), "cell": bold, "fields": "userEnteredFormat.textFormat.bold"}},
    )
    (row,) = book.sheet("data.rowData.values.userEnteredFormat", ["Sheet1!A1"])["data"][0]["rowData"]
    assert row["values"][0]["userEnteredFormat"] == {**MONEY, "textFormat": {"bold": True}}


def test_appended_cells_go_below_the_last_row_with_values(book: Book) -> None:
    """AppendCells grows the grid when it is full."""
    book.put("Sheet1!A1", [["x"]] * 10)
    book.update(
        {"appendCells": {"sheetId": 0, "rows": [{"values": [{"userEnteredValue": typed("y")}]}], "fields": "*"}}
    )
    assert book.read("Sheet1!A10:A11") == [["x"], ["y"]]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (write_at(10, 0, ["x"]), "updateCells: Range (Sheet1!A11) exceeds grid limits. Max rows: 10, max columns: 6"),
        (
            write_at(9, 0, ["x"], ["y"]),
            "updateCells: Attempting to write row: 10, beyond the last requested row of: 9",
        ),
        (
            write_at(0, 5, ["x", "y"]),
            "updateCells: Attempting to write column: 6, beyond the last requested column of: 5",
        ),
        (
            {"deleteDimension": {"range": lines("ROWS", 10, 11)}},
            (
                "deleteDimension: Cannot delete a row that doesn't exist. "
                "Tried to delete row index 10 but there are only 10 rows."
            ),
        ),
        (
            {"repeatCell": {"range": {"sheetId": 0, "startRowIndex": 10}, "cell": {}, "fields": "note"}},
            "repeatCell: Range (Sheet1!A11) exceeds grid limits. Max rows: 10, max columns: 6",
        ),
        (
            {"updateCells": {"range": box(0, 0, 1, 1), "fields": "", "rows": []}},
            "updateCells: At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)",
        ),
        (
            {"addSheet": {"properties": {"title": "sheet1"}}},
            'addSheet: A sheet with the name "sheet1" already exists. Please enter another name.',
        ),
        ({"deleteSheet": {"sheetId": 0}}, "deleteSheet: You can't remove all the visible sheets in a document."),
        (
            {"deleteDimension": {"range": lines("ROWS", 0, 10)}},
            "deleteDimension: You can't delete all the rows on the sheet.",
        ),
        (
            {"insertDimension": {"range": lines("ROWS", 10, 11)}},
            "insertDimension: range.startIndex must be less than the grid size (10) if inheritFromBefore is false.",
        ),
    ],
)
def test_refusals_are_googles(book: Book, request_: dict[str, object], message: str) -> None:
    """The words in which Google refuses what cannot be done."""
    refused = book.refused(request_)
    assert (refused.status, refused.message) == (400, f"Invalid requests[0].{message}")


def test_bodies_are_checked_against_the_schema(book: Book) -> None:
    """Unknown names, wrong types and unknown enum values are all told at once, with their paths."""
    refused = book.refused(
        {"addSheet": {"properties": {"title": "x", "gridProperties": {"rowCont": 5}}}},
        {"appendDimension": {"sheetId": "a", "dimension": "ROW", "length": 3}},
    )
    grid, sheet_id, dimension = refused.message.split("\n")
    assert grid == (
        'Invalid JSON payload received. Unknown name "rowCont" '
        "at 'requests[0].add_sheet.properties.grid_properties': Cannot find field."
    )
    assert sheet_id == "Invalid value at 'requests[1].append_dimension.sheet_id' (TYPE_INT32), \"a\""
    assert dimension == (
        "Invalid value at 'requests[1].append_dimension.dimension' "
        '(type.googleapis.com/google.apps.sheets.v4.Dimension), "ROW"'
    )
    (details,) = refused.error["details"]
    fields = [violation["field"] for violation in details["fieldViolations"]]
    assert fields[0] == "requests[0].add_sheet.properties.grid_properties"


def test_kinds_that_are_not_simulated_say_so(book: Book) -> None:
    """They are not accepted and forgotten."""
    refused = book.refused({"addChart": {}})
    assert (refused.status, refused.error["status"]) == (501, "UNIMPLEMENTED")
    assert "addChart" in refused.message


def test_a_workbook_holds_ten_million_cells(new_book: Callable[..., Book]) -> None:
    """Blank cells count; a batch that would exceed the limit changes nothing."""
    book = new_book(sheets=[{"title": "Big", "sheetId": 0, "rowCount": 999_999, "columnCount": 10}])
    book.update({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 1}})
    refused = book.refused({"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 1}})
    assert refused.message == (
        "Invalid requests[0].appendDimension: This action would increase the number of cells in the workbook "
        "above the limit of 10000000 cells."
    )


def test_a_batch_takes_a_hundred_thousand_requests(book: Book) -> None:
    """One more is refused, as is none."""
    request: Json = {"clearBasicFilter": {}}
    assert book.refused(*[request] * 100_001).status == 400
    assert book.refused().message == "Must specify at least one request."


def test_a_spreadsheet_is_made_with_its_cells(book: Book) -> None:
    """spreadsheets.create takes tabs with data; what is not simulated is refused, and nothing is made."""
    data = {"startRow": 1, "startColumn": 1, "rowData": cells(["a", 1])}
    tab = {"properties": {"title": "T"}, "data": [data]}
    made = book.spreadsheets.create(body={"properties": {"title": "New"}, "sheets": [tab]}).execute()
    answer = book.values.get(spreadsheetId=made["spreadsheetId"], range="T").execute()
    assert answer["values"] == [[], ["", "a", "1"]]
    assert refusal(book.spreadsheets.create(body={"sheets": [{"charts": []}]})).status == 501


def test_unknown_spreadsheets_and_fields(book: Book) -> None:
    """404 for a spreadsheet that is not, 400 with the path for a field that is not."""
    gone = refusal(book.spreadsheets.get(spreadsheetId="nowhere"))
    assert (gone.status, gone.message) == (404, "Requested entity was not found.")
    mask = refusal(book.spreadsheets.get(spreadsheetId=book.id, fields="sheets.sheetProperties"))
    assert mask.message == "Request contains an invalid argument."
    (violation,) = mask.error["details"][0]["fieldViolations"]
    assert violation["description"] == (
        "Error expanding 'fields' parameter. Cannot find matching fields for path 'sheets.sheetProperties'."
    )
