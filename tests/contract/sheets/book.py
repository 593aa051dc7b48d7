"""A spreadsheet under test, through the real client library, with shorthands for what the tests do again and again."""

from dataclasses import dataclass
from typing import Any

import httpx
from google.api_core.client_options import ClientOptions
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

Json = dict[str, Any]
ALICE = "alice@example.com"
OTTO = "otto@example.com"


def client_for(address: str, user: str) -> Any:
    """The client library as the product uses it; only its endpoint is ours."""
    credentials: Any = Credentials  # google-auth annotates not all it does
    return build(
        "sheets",
        "v4",
        credentials=credentials(user),
        static_discovery=True,
        client_options=ClientOptions(api_endpoint=f"http://{address}"),
    )


@dataclass(frozen=True)
class Refusal:
    status: int
    message: str
    error: Json


class Book:
    """One spreadsheet; calls are those of the client library's user. `wire` is for what it does not do."""

    def __init__(self, spreadsheet_id: str, api: Any, wire: httpx.Client) -> None:
        self.id = spreadsheet_id
        self.wire = wire
        self.spreadsheets = api.spreadsheets()
        self.values = self.spreadsheets.values()

    def update(self, *requests: Json, fields: str | None = None, **body: Any) -> Json:
        call = self.spreadsheets.batchUpdate(
            spreadsheetId=self.id, body={"requests": list(requests), **body}, fields=fields
        )
        answer: Json = call.execute()
        return answer

    def refused(self, *requests: Json) -> Refusal:
        """How the service refuses these requests."""
        return refusal(self.spreadsheets.batchUpdate(spreadsheetId=self.id, body={"requests": list(requests)}))

    def get(self, fields: str | None = None, ranges: list[str] | None = None, **parameters: Any) -> Json:
        answer: Json = self.spreadsheets.get(
            spreadsheetId=self.id, fields=fields, ranges=ranges or [], **parameters
        ).execute()
        return answer

    def read(self, where: str, **parameters: Any) -> list[list[Any]]:
        parameters.setdefault("valueRenderOption", "UNFORMATTED_VALUE")
        answer = self.values.get(spreadsheetId=self.id, range=where, **parameters).execute()
        values: list[list[Any]] = answer.get("values", [])
        return values

    def put(self, where: str, rows: list[list[Any]], option: str = "RAW") -> Json:
        answer: Json = self.values.update(
            spreadsheetId=self.id, range=where, valueInputOption=option, body={"values": rows}
        ).execute()
        return answer

    def sheet(self, fields: str, ranges: list[str] | None = None) -> Json:
        """The first tab of the answer."""
        sheets: list[Json] = self.get(f"sheets({fields})", ranges).get("sheets", [{}])
        return sheets[0]

    def order_fault(self, **fault: Any) -> None:
        self.wire.post("/control/faults", json={"spreadsheetId": self.id, **fault}).raise_for_status()

    def edit_as_person(self, *requests: Json) -> None:
        edit = {"spreadsheetId": self.id, "requests": list(requests)}
        self.wire.post("/control/edits", json=edit).raise_for_status()


def refusal(call: Any) -> Refusal:
    try:
        call.execute()
    except HttpError as refused:
        error = httpx.Response(refused.resp.status, content=refused.content).json()["error"]
        return Refusal(refused.resp.status, error["message"], error)
    message = "the call was answered"
    raise AssertionError(message)


def cells(*rows: list[Any]) -> list[Json]:
    """RowData of typed values; None is a cell without one."""
    return [{"values": [{} if value is None else {"userEnteredValue": typed(value)} for value in row]} for row in rows]


def typed(value: Any) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    return {"formulaValue": value} if value.startswith("=") else {"stringValue": value}


def write_at(row: int, column: int, *rows: list[Any], sheet_id: int = 0) -> Json:
    """An updateCells request of values."""
    start = {"sheetId": sheet_id, "rowIndex": row, "columnIndex": column}
    return {"updateCells": {"start": start, "fields": "userEnteredValue", "rows": cells(*rows)}}


def lines(dimension: str, start: int, end: int, sheet_id: int = 0) -> Json:
    return {"sheetId": sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}


def box(top: int, left: int, bottom: int, right: int, sheet_id: int = 0) -> Json:
    return {
        "sheetId": sheet_id,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }
