"""A merchant's spreadsheet, as its owner sees and edits it, and as Google may trouble it."""

import time
from collections.abc import Mapping
from typing import Any, Self

from infra.local.demo.google_account import GoogleAccount
from infra.local.stack import Stack
from tests.shop import Row

MANAGED = ("Order", "SKU", "Product", "Quantity", "Unit price", "Line total", "Line id")
PATIENCE_S = 60.0


class Spreadsheet:
    def __init__(self, stack: Stack, owner: GoogleAccount, spreadsheet_id: str) -> None:
        self.id = spreadsheet_id
        self._http = stack.http
        self._control = f"{stack.urls['sheets']}/control"
        self._url = f"{stack.urls['sheets']}/v4/spreadsheets/{spreadsheet_id}"
        self._headers = owner.authorization()

    @classmethod
    def made_by(cls, stack: Stack, owner: GoogleAccount, **wanted: Any) -> Self:
        """With editors, readers and tabs as told (infra.local.sheets.control); one of the same id is replaced."""
        answer = stack.http.post(f"{stack.urls['sheets']}/control/spreadsheets", json={"owner": owner.email, **wanted})
        assert answer.is_success, answer.text
        return cls(stack, owner, answer.json()["spreadsheetId"])

    def everything(self) -> dict[str, Any]:
        """All that there is: tabs, cells, formats, notes, metadata, protections."""
        answer = self._http.get(self._url, params={"includeGridData": True}, headers=self._headers)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def tabs(self) -> dict[str, int]:
        """The tabs' ids by their titles."""
        answer = self._http.get(self._url, params={"fields": "sheets.properties"}, headers=self._headers).json()
        return {tab["properties"]["title"]: tab["properties"].get("sheetId", 0) for tab in answer["sheets"]}

    def cells(self, sheet_id: int) -> list[list[Any]]:
        """Every cell of the tab, the header first, as wide as its widest row."""
        body = {"dataFilters": [{"gridRange": {"sheetId": sheet_id}}], "valueRenderOption": "UNFORMATTED_VALUE"}
        answer = self._http.post(f"{self._url}/values:batchGetByDataFilter", json=body, headers=self._headers)
        assert answer.is_success, answer.text
        rows: list[list[Any]] = answer.json()["valueRanges"][0]["valueRange"].get("values", [])
        width = max(map(len, rows), default=0)
        return [row + [""] * (width - len(row)) for row in rows]

    def columns(self, sheet_id: int, *headers: str) -> list[Row]:
        """The cells below these headers, of each row that has any, sorted."""
        header, *rows = self.cells(sheet_id)
        places = [header.index(name) for name in headers]
        found = [tuple(row[place] for place in places) for row in rows]
        return sorted(row for row in found if any(cell != "" for cell in row))

    def rows(self, sheet_id: int) -> list[Row]:
        """As Shop.rows tells them."""
        return sorted((*row[:5], round(row[5], 4), row[6]) for row in self.columns(sheet_id, *MANAGED))

    def edit(self, *requests: Mapping[str, Any]) -> None:
        """What a person does in the spreadsheet, now."""
        answer = self._http.post(f"{self._control}/edits", json={"spreadsheetId": self.id, "requests": requests})
        assert answer.is_success, answer.text

    def fault(self, kind: str, **details: Any) -> None:
        """See infra.local.sheets.faults."""
        body = {"kind": kind, "spreadsheetId": self.id, **details}
        answer = self._http.post(f"{self._control}/faults", json=body)
        assert answer.is_success, answer.text

    def await_faults(self) -> None:
        """Until the calls that faults wait for have come."""
        deadline = time.monotonic() + PATIENCE_S
        while self._http.get(f"{self._control}/faults").json()["faults"]:
            assert time.monotonic() < deadline, "the call for which a fault was ordered did not come"
            time.sleep(0.02)
