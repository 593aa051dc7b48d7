"""What people do to a tab: insert, delete, move, sort, filter, protect, merge, copy; and what goes along."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.sheets.book import ALICE, OTTO, Book, box, lines, refusal, write_at

PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)


def tag(key: str, dimension: str, index: int) -> dict[str, Any]:
    location = {"dimensionRange": lines(dimension, index, index + 1)}
    metadata = {"metadataKey": key, "visibility": "DOCUMENT", "location": location}
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def tagged(book: Book) -> dict[str, int]:
    """Where each piece of developer metadata is."""
    body = {"dataFilters": [{"developerMetadataLookup": {"visibility": "DOCUMENT"}}]}
    answer = book.spreadsheets.developerMetadata().search(spreadsheetId=book.id, body=body).execute()
    found = [item["developerMetadata"] for item in answer.get("matchedDeveloperMetadata", [])]
    return {item["metadataKey"]: item["location"]["dimensionRange"]["startIndex"] for item in found}


def test_everything_moves_when_rows_are_inserted(book: Book) -> None:
    """Cells, notes, heights, names, merges, filters, protection, rules and metadata stay with their rows."""
    rule = {"ranges": [box(2, 0, 4, 1)], "booleanRule": {"condition": {"type": "NOT_BLANK"}, "format": {}}}
    height = {"range": lines("ROWS", 2, 3), "properties": {"pixelSize": 50}, "fields": "pixelSize"}
    note = {"range": box(2, 0, 3, 1), "rows": [{"values": [{"note": "n"}]}], "fields": "note"}
    book.update(
        write_at(2, 0, ["third", 3]),
        {"updateCells": note},
        {"updateDimensionProperties": height},
        {"addNamedRange": {"namedRange": {"name": "N", "range": box(2, 0, 3, 2)}}},
        {"mergeCells": {"range": box(2, 3, 3, 5), "mergeType": "MERGE_ALL"}},
        {"setBasicFilter": {"filter": {"range": box(2, 0, 5, 2)}}},
        {"addProtectedRange": {"protectedRange": {"range": box(2, 0, 3, 1), "warningOnly": True}}},
        {"addConditionalFormatRule": {"rule": rule, "index": 0}},
        tag("row", "ROWS", 2),
    )
    book.edit_as_person({"insertDimension": {"range": lines("ROWS", 1, 3)}})
    sheet = book.sheet("merges,basicFilter,protectedRanges,conditionalFormats,data(rowData.values.note,rowMetadata)")
    assert book.read("Sheet1!A5:B5") == [["third", 3]]
    assert sheet["data"][0]["rowData"][4] == {"values": [{"note": "n"}, {}]}
    assert sheet["data"][0]["rowMetadata"][4]["pixelSize"] == 50
    assert sheet["merges"][0]["startRowIndex"] == 4
    assert sheet["basicFilter"]["range"]["startRowIndex"] == 4
    assert sheet["protectedRanges"][0]["range"]["startRowIndex"] == 4
    assert sheet["conditionalFormats"][0]["ranges"][0]["startRowIndex"] == 4
    assert book.get("namedRanges")["namedRanges"][0]["range"]["startRowIndex"] == 4
    assert tagged(book) == {"row": 4}


def test_metadata_dies_with_its_column(book: Book) -> None:
    """A column's metadata goes where the column goes: moved, shifted, deleted."""
    book.put("Sheet1!A1", [["a", "b", "c"]])
    book.update(tag("a", "COLUMNS", 0), tag("b", "COLUMNS", 1), tag("c", "COLUMNS", 2))
    book.edit_as_person({"moveDimension": {"source": lines("COLUMNS", 0, 1), "destinationIndex": 3}})
    assert book.read("Sheet1!A1:C1") == [["b", "c", "a"]]
    assert tagged(book) == {"b": 0, "c": 1, "a": 2}
    book.edit_as_person({"deleteDimension": {"range": lines("COLUMNS", 0, 1)}})
    assert tagged(book) == {"c": 0, "a": 1}
    book.edit_as_person({"insertDimension": {"range": lines("COLUMNS", 0, 2)}})
    assert tagged(book) == {"c": 2, "a": 3}
    assert book.read("Sheet1!A1:D1") == [["", "", "c", "a"]]


def test_a_hidden_column_stays_hidden_where_it_goes(book: Book) -> None:
    """Hiding hangs on the column."""
    hide = {"range": lines("COLUMNS", 1, 2), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    book.update({"updateDimensionProperties": hide})
    book.edit_as_person({"moveDimension": {"source": lines("COLUMNS", 1, 2), "destinationIndex": 0}})
    columns = book.sheet("data.columnMetadata.hiddenByUser")["data"][0]["columnMetadata"]
    assert columns == [{"hiddenByUser": True}, {}, {}, {}, {}, {}]


def test_rows_are_moved_before_the_destination(book: Book) -> None:
    """DestinationIndex counts the rows as they stood."""
    book.put("Sheet1!A1", [["1"], ["2"], ["3"], ["4"]])
    book.edit_as_person({"moveDimension": {"source": lines("ROWS", 0, 2), "destinationIndex": 3}})
    assert book.read("Sheet1!A1:A4") == [["3"], ["1"], ["2"], ["4"]]


def test_inserted_rows_inherit_formats(book: Book) -> None:
    """From the row after, or from the row before if asked."""
    bold = {"userEnteredFormat": {"textFormat": {"bold": True}}}
    book.update({"repeatCell": {"range": box(0, 0, 1, 1), "cell": bold, "fields": "userEnteredFormat"}})
    book.edit_as_person({"insertDimension": {"range": lines("ROWS", 1, 2), "inheritFromBefore": True}})
    book.edit_as_person({"insertDimension": {"range": lines("ROWS", 2, 3), "inheritFromBefore": False}})
    data = book.sheet("data.rowData.values.userEnteredFormat.textFormat.bold")["data"][0]
    assert len(data["rowData"]) == 2


def test_one_row_that_is_not_frozen_is_left(book: Book) -> None:
    """Frozen rows can be deleted, and are then no longer counted; the last one below them cannot."""
    freeze = {"properties": {"sheetId": 0, "gridProperties": {"frozenRowCount": 3}}}
    book.update({"updateSheetProperties": {**freeze, "fields": "gridProperties.frozenRowCount"}})
    book.update({"deleteDimension": {"range": lines("ROWS", 1, 2)}})
    grid = book.sheet("properties.gridProperties")["properties"]["gridProperties"]
    assert grid["frozenRowCount"] == 2
    book.update({"deleteDimension": {"range": lines("ROWS", 3, grid["rowCount"])}})
    refused = book.refused({"deleteDimension": {"range": lines("ROWS", 2, 3)}})
    assert refused.message.endswith("Sorry, it is not possible to delete all non-frozen rows.")


def test_sorting_moves_cells_and_not_rows(book: Book) -> None:
    """Numbers come before text before blanks, equal rows keep their order, formulas follow their row."""
    book.update(write_at(0, 0, ["b", 2], ["a", 10], ["c", "x"], ["e", None], ["d", 2]))
    book.update(write_at(0, 2, ["=B1*10"]), tag("row", "ROWS", 0))
    specs = [{"dimensionIndex": 1, "sortOrder": "ASCENDING"}]
    book.edit_as_person({"sortRange": {"range": box(0, 0, 5, 3), "sortSpecs": specs}})
    assert [row[0] for row in book.read("Sheet1!A1:A5")] == ["b", "d", "a", "c", "e"]
    specs = [{"dimensionIndex": 1, "sortOrder": "DESCENDING"}]
    book.edit_as_person({"sortRange": {"range": box(0, 0, 5, 3), "sortSpecs": specs}})
    assert [row[0] for row in book.read("Sheet1!A1:A5")] == ["c", "a", "b", "d", "e"]
    assert book.read("Sheet1!C3", valueRenderOption="FORMULA") == [["=B3*10"]]
    assert tagged(book) == {"row": 0}


def test_a_filter_hides_rows_and_moves_nothing(book: Book) -> None:
    """Values are read as before; the hidden rows are marked, until the filter is cleared."""
    book.put("Sheet1!A1", [["status"], ["paid"], ["open"], ["paid"]])
    criteria = {"0": {"hiddenValues": ["paid"]}}
    book.edit_as_person({"setBasicFilter": {"filter": {"range": box(0, 0, 4, 1), "criteria": criteria}}})
    assert book.read("Sheet1!A1:A4") == [["status"], ["paid"], ["open"], ["paid"]]
    hidden = [row.get("hiddenByFilter", False) for row in book.sheet("data.rowMetadata")["data"][0]["rowMetadata"]]
    assert hidden[:4] == [False, True, False, True]
    book.edit_as_person({"clearBasicFilter": {"sheetId": 0}})
    assert not any("hiddenByFilter" in row for row in book.sheet("data.rowMetadata")["data"][0]["rowMetadata"])


@pytest.fixture
def ottos(new_book: Callable[..., Book]) -> Book:
    """Otto's spreadsheet, which Alice edits."""
    return new_book(
        owner=OTTO, editors=[ALICE], sheets=[{"title": "Sheet1", "sheetId": 0, "rowCount": 10, "columnCount": 6}]
    )


def test_protected_cells_are_their_editors(ottos: Book) -> None:
    """A write that touches them is refused whole, by either kind of write; the owner's is not."""
    ottos.edit_as_person({"addProtectedRange": {"protectedRange": {"range": box(0, 1, 10, 2), "editors": {}}}})
    ottos.update(write_at(0, 0, ["free"]))
    refused = ottos.refused(write_at(0, 0, ["x", "y"]))
    assert (refused.status, refused.message) == (400, f"Invalid requests[0].updateCells: {PROTECTED}")
    plain = ottos.values.update(
        spreadsheetId=ottos.id, range="Sheet1!B1", valueInputOption="RAW", body={"values": [["y"]]}
    )
    assert (refusal(plain).status, refusal(plain).message) == (400, PROTECTED)
    assert PROTECTED in ottos.refused({"deleteDimension": {"range": lines("ROWS", 2, 3)}}).message
    ottos.edit_as_person(write_at(0, 1, ["mine"]))
    assert ottos.read("Sheet1!A1:B1") == [["free", "mine"]]


def test_named_editors_and_warnings_pass(ottos: Book) -> None:
    """A range that lists Alice, and one that only warns, let her write."""
    listed = {"range": box(0, 0, 1, 1), "editors": {"users": [ALICE]}}
    warning = {"range": box(1, 0, 2, 1), "warningOnly": True}
    ottos.edit_as_person(
        {"addProtectedRange": {"protectedRange": listed}}, {"addProtectedRange": {"protectedRange": warning}}
    )
    ottos.update(write_at(0, 0, ["a"], ["b"]))
    shown = ottos.sheet("protectedRanges.requestingUserCanEdit")["protectedRanges"]
    assert shown == [{"requestingUserCanEdit": True}, {"requestingUserCanEdit": True}]


def test_a_protected_tab_may_have_open_parts(ottos: Book) -> None:
    """UnprotectedRanges are for everyone."""
    tab = {"range": {"sheetId": 0}, "unprotectedRanges": [box(0, 0, 10, 1)]}
    ottos.edit_as_person({"addProtectedRange": {"protectedRange": tab}})
    ottos.update(write_at(0, 0, ["a"]))
    assert PROTECTED in ottos.refused(write_at(0, 1, ["b"])).message


def test_merged_cells_keep_the_first_value(book: Book) -> None:
    """The others are lost; unmerging brings none back."""
    book.put("Sheet1!A1", [["a", "b"], ["c", "d"]])
    book.edit_as_person({"mergeCells": {"range": box(0, 0, 2, 2), "mergeType": "MERGE_ALL"}})
    assert book.sheet("merges")["merges"] == [{k: v for k, v in box(0, 0, 2, 2).items() if k != "sheetId"}]
    book.edit_as_person({"unmergeCells": {"range": box(0, 0, 2, 2)}})
    assert (book.read("Sheet1"), book.sheet("merges")) == ([["a"]], {})


def test_copying_and_cutting(book: Book) -> None:
    """A copy repeats over a larger place and shifts formulas; a cut leaves blanks."""
    book.update(write_at(0, 0, [1, "=A1+1"]))
    book.edit_as_person({"copyPaste": {"source": box(0, 0, 1, 2), "destination": box(1, 0, 3, 2)}})
    assert book.read("Sheet1!A1:B3", valueRenderOption="FORMULA") == [[1, "=A1+1"], [1, "=A2+1"], [1, "=A3+1"]]
    target = {"sheetId": 0, "rowIndex": 0, "columnIndex": 4}
    book.edit_as_person({"cutPaste": {"source": box(0, 0, 3, 1), "destination": target}})
    assert book.read("Sheet1!A1:E1") == [["", 1, "", "", 1]]


def test_copied_formulas_follow_and_leave_formats_alone(book: Book) -> None:
    """PASTE_FORMULA into rows inserted by the same call: fixed references stay, values come as they are."""
    book.update(write_at(0, 0, [1, "=A1+$A$1+A$1", "text"], [2]))
    bold = {
        "cell": {"userEnteredFormat": {"textFormat": {"bold": True}}},
        "fields": "userEnteredFormat.textFormat.bold",
    }
    paste = {"source": box(0, 1, 1, 3), "destination": box(1, 1, 3, 3), "pasteType": "PASTE_FORMULA"}
    book.update(
        {"repeatCell": {"range": box(0, 1, 1, 3)} | bold},
        {"insertDimension": {"range": lines("ROWS", 1, 3), "inheritFromBefore": False}},
        {"copyPaste": paste},
    )
    assert book.read("Sheet1!A1:C4", valueRenderOption="FORMULA") == [
        [1, "=A1+$A$1+A$1", "text"],
        ["", "=A2+$A$1+A$1", "text"],
        ["", "=A3+$A$1+A$1", "text"],
        [2],
    ]
    rows = book.sheet("data(rowData(values(userEnteredFormat(textFormat(bold)))))")["data"][0]["rowData"]
    assert ["bold" in json.dumps(row) for row in rows[:4]] == [True, False, False, False]


def test_cells_may_be_shifted(book: Book) -> None:
    """InsertRange pushes cells down, deleteRange pulls them up, in their columns only."""
    book.put("Sheet1!A1", [["a", "x"], ["b", "y"]])
    book.edit_as_person({"insertRange": {"range": box(0, 0, 1, 1), "shiftDimension": "ROWS"}})
    assert book.read("Sheet1!A1:B3") == [["", "x"], ["a", "y"], ["b"]]
    book.edit_as_person({"deleteRange": {"range": box(0, 0, 2, 1), "shiftDimension": "ROWS"}})
    assert book.read("Sheet1!A1:B3") == [["b", "x"], ["", "y"]]


def test_find_and_replace_counts(book: Book) -> None:
    """The reply says how much changed."""
    book.put("Sheet1!A1", [["red shirt", "Red hat"], ["blue", 5]])
    request = {"find": "red", "replacement": "green", "allSheets": True}
    (reply,) = book.update({"findReplace": request})["replies"]
    counts = {"valuesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1, "occurrencesChanged": 2}
    assert reply == {"findReplace": counts}
    assert book.read("Sheet1!A1:B1") == [["green shirt", "green hat"]]


def test_series_are_filled(book: Book) -> None:
    """Numbers with an even step go on, text repeats."""
    book.put("Sheet1!A1", [[1, "a"], [3, "b"]])
    fill = {"source": box(0, 0, 2, 2), "dimension": "ROWS", "fillLength": 3}
    book.update({"autoFill": {"sourceAndDestination": fill}})
    assert book.read("Sheet1!A3:B5") == [[5, "a"], [7, "b"], [9, "a"]]


def test_tabs_are_duplicated_renamed_moved_and_deleted(book: Book) -> None:
    """Formulas that name a tab follow its new title, and lose it with the tab."""
    book.update(
        write_at(0, 0, [5]),
        {"duplicateSheet": {"sourceSheetId": 0, "newSheetId": 7, "newSheetName": "Copy", "insertSheetIndex": 1}},
        write_at(0, 1, ["=Copy!A1"]),
        {
            "updateSheetProperties": {
                "properties": {"sheetId": 7, "title": "My copy", "index": 0},
                "fields": "title,index",
            }
        },
    )
    titles = [sheet["properties"]["title"] for sheet in book.get("sheets.properties.title")["sheets"]]
    assert titles == ["My copy", "Sheet1"]
    assert book.read("Sheet1!B1", valueRenderOption="FORMULA") == [["='My copy'!A1"]]
    book.update({"deleteSheet": {"sheetId": 7}})
    assert book.read("Sheet1!B1", valueRenderOption="FORMATTED_VALUE") == [["#REF!"]]


def test_validation_and_borders_are_kept(book: Book) -> None:
    """What cells accept and how they are framed is read back as it was set."""
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "y"}]}, "strict": True}
    border = {"style": "SOLID"}
    book.update(
        {"setDataValidation": {"range": box(0, 0, 2, 1), "rule": rule}},
        {"updateBorders": {"range": box(0, 0, 2, 2), "top": border, "innerHorizontal": border}},
    )
    rows = book.sheet("data.rowData.values(dataValidation,userEnteredFormat.borders)", ["Sheet1!A1:B2"])["data"][0]
    first, second = rows["rowData"][0]["values"][0], rows["rowData"][1]["values"][0]
    assert first["dataValidation"] == rule
    assert set(first["userEnteredFormat"]["borders"]) == {"top", "bottom"}
    assert set(second["userEnteredFormat"]["borders"]) == {"top"}


def test_a_tab_is_copied_to_another_spreadsheet(book: Book, new_book: Callable[..., Book]) -> None:
    """With its cells, under a title of its own."""
    book.put("Sheet1!A1", [["a"]])
    other = new_book()
    body = {"destinationSpreadsheetId": other.id}
    book.spreadsheets.sheets().copyTo(spreadsheetId=book.id, sheetId=0, body=body).execute()
    assert other.read("'Copy of Sheet1'!A1") == [["a"]]


def test_an_edit_can_be_refused_too(book: Book) -> None:
    """The control endpoint checks a person's edit like any other."""
    edit = {"spreadsheetId": book.id, "requests": [{"deleteSheet": {"sheetID": 0}}]}
    assert book.wire.post("/control/edits", json=edit).status_code == 400
