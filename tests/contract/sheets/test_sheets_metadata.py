"""Developer metadata: made, looked up, changed, deleted; and the spreadsheet read by it."""

from typing import Any

import pytest

from tests.contract.sheets.book import Book, Json, lines, refusal


def piece(key: str, value: str, **location: Any) -> Json:
    metadata = {"metadataKey": key, "metadataValue": value, "visibility": "PROJECT", "location": location}
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def column(index: int) -> Json:
    return {"dimensionRange": lines("COLUMNS", index, index + 1)}


def made(book: Book, *requests: Json) -> list[Json]:
    replies = book.update(*requests)["replies"]
    return [reply["createDeveloperMetadata"]["developerMetadata"] for reply in replies]


def found(book: Book, **lookup: Any) -> list[str]:
    """The values of what a lookup finds."""
    body = {"dataFilters": [{"developerMetadataLookup": lookup}]}
    answer = book.spreadsheets.developerMetadata().search(spreadsheetId=book.id, body=body).execute()
    return [item["developerMetadata"]["metadataValue"] for item in answer.get("matchedDeveloperMetadata", [])]


def test_each_place_has_its_metadata(book: Book) -> None:
    """The server fills in ids and location types; spreadsheet, tab and column show theirs where they are shown."""
    whole, tab, first = made(
        book, piece("k", "book", spreadsheet=True), piece("k", "tab", sheetId=0), piece("k", "column", **column(1))
    )
    types = [item["location"]["locationType"] for item in (whole, tab, first)]
    assert types == ["SPREADSHEET", "SHEET", "COLUMN"]
    assert first["location"]["dimensionRange"] == {"dimension": "COLUMNS", "startIndex": 1, "endIndex": 2}
    shown = book.get("developerMetadata,sheets(developerMetadata,data.columnMetadata.developerMetadata)")
    assert shown["developerMetadata"] == [whole]
    assert shown["sheets"][0]["developerMetadata"] == [tab]
    assert shown["sheets"][0]["data"][0]["columnMetadata"][1] == {"developerMetadata": [first]}


def test_lookups(book: Book) -> None:
    """By key, value, kind of place, and by place: exactly there, or anything within."""
    made(book, piece("a", "1", spreadsheet=True), piece("a", "2", **column(0)), piece("b", "3", **column(1)))
    assert found(book, metadataKey="a") == ["1", "2"]
    assert found(book, metadataKey="a", metadataValue="2") == ["2"]
    assert found(book, locationType="COLUMN") == ["2", "3"]
    assert found(book, metadataLocation=column(1)) == ["3"]
    assert found(book, metadataLocation={"sheetId": 0}, locationMatchingStrategy="INTERSECTING_LOCATION") == ["2", "3"]
    assert found(book, metadataLocation={"sheetId": 0}, locationMatchingStrategy="EXACT_LOCATION") == []


def test_one_piece_is_read_changed_and_deleted(book: Book) -> None:
    """By its id; what is gone is 404."""
    (item,) = made(book, piece("k", "old", sheetId=0))
    lookup = {"developerMetadataLookup": {"metadataId": item["metadataId"]}}
    change = {"dataFilters": [lookup], "developerMetadata": {"metadataValue": "new"}, "fields": "metadataValue"}
    book.update({"updateDeveloperMetadata": change})
    reading = book.spreadsheets.developerMetadata().get(spreadsheetId=book.id, metadataId=item["metadataId"])
    assert reading.execute() == {**item, "metadataValue": "new"}
    book.update({"deleteDeveloperMetadata": {"dataFilter": lookup}})
    assert refusal(reading).status == 404


def test_a_spreadsheet_is_read_by_data_filter(book: Book) -> None:
    """GetByDataFilter answers with the places that carry the metadata."""
    book.put("Sheet1!A1", [["a", "b"]])
    made(book, piece("k", "v", **column(1)))
    body = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "k"}}], "includeGridData": True}
    mask = "sheets.data(startColumn,rowData.values.formattedValue)"
    answer = book.spreadsheets.getByDataFilter(spreadsheetId=book.id, body=body, fields=mask).execute()
    assert answer["sheets"][0]["data"] == [{"startColumn": 1, "rowData": [{"values": [{"formattedValue": "b"}]}]}]


@pytest.mark.parametrize(
    "request_",
    [
        piece("k", "v"),
        piece("k", "v", dimensionRange=lines("COLUMNS", 0, 2)),
        piece("k", "v", dimensionRange=lines("COLUMNS", 6, 7)),
        piece("k", "x" * 30_001, sheetId=0),
    ],
)
def test_metadata_that_cannot_be(book: Book, request_: Json) -> None:
    """It needs a place, one row or column at most, that exists, and room."""
    assert book.refused(request_).status == 400
