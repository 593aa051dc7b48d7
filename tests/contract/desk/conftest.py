from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from infra.local.desk.server import Places, start
from infra.local.sheets.server import start as start_sheets

API = "https://api.tabkeeper.example"
AUDIENCE = "the-script-project.apps.example"
ANN = "ann@shop.example"


@dataclass(frozen=True)
class Desk:
    """A running desk; `checkout` is where its add-on lies."""

    http: httpx.Client
    sheets: httpx.Client
    checkout: Path

    def new_spreadsheet(self, *, owner: str = ANN) -> str:
        made = self.sheets.post("/control/spreadsheets", json={"title": "Orders", "owner": owner}).raise_for_status()
        return str(made.json()["spreadsheetId"])

    def call(self, method: str, path: str, *, person: str = ANN, **body: object) -> httpx.Response:
        """The Sheets API as the page calls it."""
        return self.http.request(method, f"/people/{person}/v4/{path}", json=body or None)

    def enter(self, spreadsheet_id: str, text: str, *, person: str = ANN) -> httpx.Response:
        path = f"spreadsheets/{spreadsheet_id}/values/{'Sheet1!A1'}?valueInputOption=USER_ENTERED"
        return self.call("PUT", path, person=person, values=[[text]])

    def revision(self, spreadsheet_id: str) -> str:
        answer = self.http.get(f"/spreadsheets/{spreadsheet_id}/revision").raise_for_status()
        return str(answer.json()["revision"])


@pytest.fixture(scope="package")
def desk(identity: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """With Google's quotas."""
    sheets = start_sheets(identity=identity, quota=True)
    checkout = tmp_path_factory.mktemp("checkout")
    places = Places(
        checkout=checkout,
        identity_url=identity,
        sheets_url=f"http://{sheets.address}",
        api_url=API,
        audience=AUDIENCE,
    )
    service = start(places)
    with (
        httpx.Client(base_url=f"http://{service.address}") as http,
        httpx.Client(base_url=f"http://{sheets.address}") as control,
    ):
        yield Desk(http, control, checkout)
    service.stop()
    sheets.stop()
