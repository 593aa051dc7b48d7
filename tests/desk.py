"""A desk of its own for tests, in this process: the page, and the Sheets and identity services that it stands on."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.local.desk.server import Places, start
from infra.local.identity.server import start as start_identity
from infra.local.sheets.server import start as start_sheets

API = "https://api.tabkeeper.example"
AUDIENCE = "the-script-project.apps.example"
ANN = "ann@shop.example"
TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Desk:
    """A running desk; `checkout` is where its add-on lies."""

    http: httpx.Client
    sheets: httpx.Client
    checkout: Path

    def put_addon(self, files: Mapping[str, str]) -> None:
        """Instead of the one before."""
        shutil.rmtree(self.checkout)
        for name, text in files.items():
            file = self.checkout / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)

    def new_spreadsheet(self, *, owner: str = ANN) -> str:
        made = self.sheets.post("/control/spreadsheets", json={"title": "Orders", "owner": owner}).raise_for_status()
        return str(made.json()["spreadsheetId"])

    def call(self, method: str, path: str, *, person: str = ANN, **body: object) -> httpx.Response:
        """The Sheets API as the page calls it."""
        return self.http.request(method, f"/people/{person}/v4/{path}", json=body or None)

    def enter(self, spreadsheet_id: str, text: str, *, cell: str = "A1", person: str = ANN) -> httpx.Response:
        path = f"spreadsheets/{spreadsheet_id}/values/Sheet1!{cell}?valueInputOption=USER_ENTERED"
        return self.call("PUT", path, person=person, values=[[text]])

    def revision(self, spreadsheet_id: str) -> str:
        answer = self.http.get(f"/spreadsheets/{spreadsheet_id}/revision").raise_for_status()
        return str(answer.json()["revision"])


@contextmanager
def running_desk(checkout: Path) -> Iterator[Desk]:
    """Over a Sheets service of its own, with Google's quotas."""
    identity = start_identity()
    identity_url = f"http://{identity.address}"
    sheets = start_sheets(identity=identity_url, quota=True)
    places = Places(
        checkout=checkout,
        identity_url=identity_url,
        sheets_url=f"http://{sheets.address}",
        api_url=API,
        audience=AUDIENCE,
    )
    service = start(places)
    with (
        httpx.Client(base_url=f"http://{service.address}", timeout=TIMEOUT_S) as http,
        httpx.Client(base_url=f"http://{sheets.address}", timeout=TIMEOUT_S) as control,
    ):
        yield Desk(http, control, checkout)
    service.stop()
    sheets.stop()
    identity.stop()
