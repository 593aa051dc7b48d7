"""spreadsheets.values, as the client library calls it."""

import json

import pytest

from tests.contract.sheets.book import Book, box, refusal, write_at


def test_values_come_back_typed(book: Book) -> None:
    """RAW values are kept as they are: text stays text, numbers and booleans keep their type."""
    book.put("Sheet1!A1", [["0042", 42, 1.5, True, "=1+1", "2020-01-01"]])
    assert book.read("Sheet1!A1:F1") == [["0042", 42, 1.5, True, "=1+1", "2020-01-01"]]


def test_typed_in_values_are_interpreted(book: Book) -> None:
    """USER_ENTERED reads numbers, dates, percentages, booleans and formulas out of text, as a person's typing does."""
    book.put("Sheet1!A1", [["0042", "2020-01-01", "12%", "true", "=A1*2", "'007"]], "USER_ENTERED")
    assert book.read("Sheet1!A1:F1") == [[42, 43831, 0.12, True, 84, "007"]]
    formatted = book.read("Sheet1!A1:F1", valueRenderOption="FORMATTED_VALUE")
    assert formatted == [["42", "2020-01-01", "12%", "TRUE", "84", "007"]]
    assert book.read("Sheet1!E1", valueRenderOption="FORMULA") == [["=A1*2"]]


def test_dates_may_come_formatted_or_as_serial_numbers(book: Book) -> None:
    """DateTimeRenderOption decides for unformatted values only."""
    book.put("Sheet1!A1", [["2020-01-01 12:00", 5]], "USER_ENTERED")
    assert book.read("Sheet1!A1:B1", dateTimeRenderOption="SERIAL_NUMBER") == [[43831.5, 5]]
    assert book.read("Sheet1!A1:B1", dateTimeRenderOption="FORMATTED_STRING") == [["2020-01-01 12:00:00", 5]]


def test_empty_ends_are_trimmed(book: Book) -> None:
    """Trailing empty cells and rows are left out, inner empty rows are [], and no values is no `values`."""
    book.put("Sheet1!A1", [["a", "", ""], ["", "", ""], ["", "c", ""]])
    assert book.read("Sheet1!A1:F9") == [["a"], [], ["", "c"]]
    assert book.read("Sheet1!A1:F9", majorDimension="COLUMNS") == [["a"], ["", "", "c"]]
    empty = book.values.get(spreadsheetId=book.id, range="Sheet1!D1:D").execute()
    assert empty == {"range": "Sheet1!D1:D10", "majorDimension": "ROWS"}


def test_null_leaves_a_cell_and_empty_text_clears_it(book: Book) -> None:
    """A null in a write skips the cell."""
    book.put("Sheet1!A1", [["a", "b"]])
    answer = book.put("Sheet1!A1", [[None, ""]])
    assert book.read("Sheet1!A1:B1") == [["a"]]
    assert answer["updatedCells"] == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Sheet1!A2:C", "Sheet1!A2:C10"),
        ("Sheet1!2:3", "Sheet1!A2:F3"),
        ("sheet1!c3:a1", "Sheet1!A1:C3"),
        ("'Sheet1'!$B$2", "Sheet1!B2"),
        ("Sheet1", "Sheet1!A1:F10"),
        ("B2:ZZ99", "Sheet1!B2:F10"),
        ("Prices", "Sheet1!B1:B4"),
    ],
)
def test_ranges_are_read_as_people_write_them(book: Book, asked: str, told: str) -> None:
    """A1 notation with open ends, swapped corners, quotes, whole tabs and named ranges; the echo is cut to the grid."""
    book.update({"addNamedRange": {"namedRange": {"name": "Prices", "range": box(0, 1, 4, 2)}}})
    assert book.values.get(spreadsheetId=book.id, range=asked).execute()["range"] == told


@pytest.mark.parametrize("title", ["It's", "a/b:c!d", "A1", "Ünï", "2026", "x y"])
def test_titles_that_need_quotes(book: Book, title: str) -> None:
    """A tab of any title can be addressed, and its title is quoted in answers."""
    request = {"properties": {"sheetId": 0, "title": title}, "fields": "title"}
    book.update({"updateSheetProperties": request})
    quoted = "'" + title.replace("'", "''") + "'"
    assert book.put(f"{quoted}!A1", [["x"]])["updatedRange"] == f"{quoted}!A1"
    assert book.read(f"{quoted}!A1:A1") == [["x"]]


def test_range_errors_are_googles(book: Book) -> None:
    """What cannot be parsed, and what lies beyond the grid, is refused in Google's words."""
    parse = refusal(book.values.get(spreadsheetId=book.id, range="Nope!A1"))
    assert (parse.status, parse.message) == (400, "Unable to parse range: Nope!A1")
    beyond = refusal(book.values.get(spreadsheetId=book.id, range="Sheet1!A11"))
    assert beyond.message == "Range (Sheet1!A11) exceeds grid limits. Max rows: 10, max columns: 6"
    tall = refusal(
        book.values.update(
            spreadsheetId=book.id, range="Sheet1!A1:B1", valueInputOption="RAW", body={"values": [["a"], ["b"]]}
        )
    )
    assert tall.message == "Requested writing within range [Sheet1!A1:B1], but tried writing to row [2]"
    flat = refusal(
        book.values.update(spreadsheetId=book.id, range="Sheet1!A1", valueInputOption="RAW", body={"values": ["a"]})
    )
    assert flat.message == ("Invalid value at 'data.values[0]' (type.googleapis.com/google.protobuf.ListValue), \"a\"")
    optionless = refusal(book.values.update(spreadsheetId=book.id, range="Sheet1!A1", body={"values": [["a"]]}))
    assert optionless.message == "'valueInputOption' is required but not specified"


def test_nan_is_no_json(book: Book) -> None:
    """The client sends NaN for a float that is none; Google cannot read it."""
    refused = refusal(
        book.values.update(
            spreadsheetId=book.id, range="Sheet1!A1", valueInputOption="RAW", body={"values": [[float("nan")]]}
        )
    )
    assert refused.status == 400
    assert refused.message.startswith("Invalid JSON payload received. Unexpected token.")


def test_numbers_are_doubles(book: Book) -> None:
    """Integers beyond 2^53 lose their last digits, so ids must be text."""
    book.put("Sheet1!A1", [[9007199254740993, "9007199254740993"]])
    assert book.read("Sheet1!A1:B1") == [[9007199254740992, "9007199254740993"]]


def test_a_cell_holds_fifty_thousand_characters(book: Book) -> None:
    """One more is refused."""
    book.put("Sheet1!A1", [["x" * 50_000]])
    refused = book.refused(write_at(0, 0, ["x" * 50_001]))
    assert refused.message == (
        "Invalid requests[0].updateCells: "
        "Your input contains more than the maximum of 50000 characters in a single cell."
    )


def test_append_finds_the_table_and_shifts_columns(book: Book) -> None:
    """values.append goes below the last block of cells, wherever that starts: a gap shifts the columns."""

    def append(row: list[str]) -> str:
        call = book.values.append(spreadsheetId=book.id, range="Sheet1", valueInputOption="RAW", body={"values": [row]})
        where: str = call.execute()["updates"]["updatedRange"]
        return where

    assert append(["x", "", "z"]) == "Sheet1!A1:C1"
    assert append(["x", "", "z"]) == "Sheet1!C2:E2"


def test_append_grows_the_grid(book: Book) -> None:
    """Rows are added at the end when the table reaches it."""
    book.put("Sheet1!A1", [["x"]] * 10)
    book.values.append(
        spreadsheetId=book.id, range="Sheet1", valueInputOption="RAW", body={"values": [["y"]]}
    ).execute()
    assert book.sheet("properties.gridProperties.rowCount")["properties"]["gridProperties"]["rowCount"] == 11


def test_batches_of_ranges(book: Book) -> None:
    """batchUpdate, batchGet and batchClear each take several ranges in one call."""
    data = [{"range": "Sheet1!A1:B1", "values": [["a", "b"]]}, {"range": "Sheet1!D4", "values": [["d"]]}]
    body = {"valueInputOption": "RAW", "data": data}
    totals = book.values.batchUpdate(spreadsheetId=book.id, body=body).execute()
    assert (totals["totalUpdatedCells"], totals["totalUpdatedRows"], totals["totalUpdatedSheets"]) == (3, 2, 1)
    book.values.batchClear(spreadsheetId=book.id, body={"ranges": ["Sheet1!A1"]}).execute()
    ranges = book.values.batchGet(spreadsheetId=book.id, ranges=["Sheet1!A1:B1", "Sheet1!D4"]).execute()
    assert [found["values"] for found in ranges["valueRanges"]] == [[["", "b"]], [["d"]]]


def test_many_ranges_are_sent_as_an_overridden_post(book: Book) -> None:
    """The client turns a GET with a long address into a POST that says it is a GET."""
    book.put("Sheet1!A1", [["a"]])
    ranges = ["Sheet1!A1:F10"] * 200
    answer = book.values.batchGet(spreadsheetId=book.id, ranges=ranges).execute()
    assert len(answer["valueRanges"]) == 200


def test_written_values_may_come_back(book: Book) -> None:
    """IncludeValuesInResponse answers with the cells as they are after the write."""
    answer = book.values.update(
        spreadsheetId=book.id,
        range="Sheet1!A1",
        valueInputOption="USER_ENTERED",
        includeValuesInResponse=True,
        responseValueRenderOption="UNFORMATTED_VALUE",
        body={"values": [["1,000"]]},
    ).execute()
    assert answer["updatedData"]["values"] == [[1000]]


def test_places_may_be_found_by_their_metadata(book: Book) -> None:
    """BatchGetByDataFilter reads the column that carries a piece of developer metadata."""
    location = {"dimensionRange": {"sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}}
    metadata = {"metadataKey": "column", "metadataValue": "price", "visibility": "DOCUMENT", "location": location}
    book.update({"createDeveloperMetadata": {"developerMetadata": metadata}})
    book.put("Sheet1!A1", [["a", 1], ["b", 2]])
    lookup = {"developerMetadataLookup": {"metadataKey": "column", "metadataValue": "price"}}
    body = {"dataFilters": [lookup], "majorDimension": "COLUMNS", "valueRenderOption": "UNFORMATTED_VALUE"}
    answer = book.values.batchGetByDataFilter(spreadsheetId=book.id, body=body).execute()
    assert json.dumps(answer["valueRanges"][0]["valueRange"]["values"]) == "[[1, 2]]"
