"""A spreadsheet of the comparison, as its owner sees it and works in it."""

from collections.abc import Sequence
from typing import Any

from tests.bench.google import Google
from tests.bench.verdict import note

TAB = "Orders"
SHEET_ID = 7
NOTES, CHECKED = "Notes", "Checked by"
"""What the owner writes: a column to the right of all others, and one between the second and the third."""
BETWEEN = 2
WIDTH = 26


class Book:
    """With one empty tab of the size that a new tab has."""

    def __init__(self, google: Google) -> None:
        self._google = google
        tab = {"title": TAB, "sheetId": SHEET_ID, "rowCount": 1000, "columnCount": WIDTH}
        self.id: str = google.control("POST", "spreadsheets", {"title": "Shop", "sheets": [tab]})["spreadsheetId"]

    def grid(self) -> list[list[Any]]:
        """Every cell, the header row first."""
        url = f"{self._google.sheets}/v4/spreadsheets/{self.id}/values/{TAB}"
        answer = self._google.http.get(url, params={"valueRenderOption": "UNFORMATTED_VALUE"}).raise_for_status()
        rows: list[list[Any]] = answer.json().get("values", [])
        return rows

    def insert_checked(self) -> None:
        """The owner inserts a column of hers among those of the tool, and writes a note on every row."""
        place = {"sheetId": SHEET_ID, "dimension": "COLUMNS", "startIndex": BETWEEN, "endIndex": BETWEEN + 1}
        self._edit({"insertDimension": {"range": place, "inheritFromBefore": True}})
        self._edit(self.noting(CHECKED, BETWEEN))

    def add_notes(self, *, finished: bool = True) -> int:
        """Which column that is: the first free one to the right. Unfinished notes are all the same."""
        at = len(self.grid()[0])
        self._edit(self.noting(NOTES, at, finished=finished))
        return at

    def sort(self, header: str) -> None:
        self._edit(self.sorting(header))

    def noting(self, header: str, at: int, *, finished: bool = True) -> dict[str, Any]:
        """The request that writes a header and on each row a note for what stands there now."""
        _, *rows = self.grid()
        return column(header, at, [str(row[0]) if finished else "" for row in rows])

    def sorting(self, header: str) -> dict[str, Any]:
        """The request that sorts all rows, downwards, by that column."""
        head, *rows = self.grid()
        everything = {
            "sheetId": SHEET_ID,
            "startRowIndex": 1,
            "endRowIndex": 1 + len(rows),
            "startColumnIndex": 0,
            "endColumnIndex": WIDTH + 1,
        }
        by = {"dimensionIndex": head.index(header), "sortOrder": "DESCENDING"}
        return {"sortRange": {"range": everything, "sortSpecs": [by]}}

    def _edit(self, request: dict[str, Any]) -> None:
        self._google.control("POST", "edits", {"spreadsheetId": self.id, "requests": [request]})


def column(header: str, at: int, keys: Sequence[str]) -> dict[str, Any]:
    """The request that writes a header and a note for each key below it."""
    texts = [header, *(note(header, key) for key in keys)]
    return {
        "updateCells": {
            "start": {"sheetId": SHEET_ID, "rowIndex": 0, "columnIndex": at},
            "rows": [{"values": [{"userEnteredValue": {"stringValue": text}}]} for text in texts],
            "fields": "userEnteredValue",
        }
    }
