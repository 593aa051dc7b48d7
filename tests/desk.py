"""A desk of its own for tests, in this process: the page, and the services that it stands on."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from infra.local.desk.server import Places, start
from infra.local.firestore.server import start as start_firestore
from infra.local.identity.server import start as start_identity
from infra.local.scheduler.server import start as start_scheduler
from infra.local.service import Service
from infra.local.sheets.server import start as start_sheets
from infra.local.shopify.server import start as start_shopify
from infra.local.stack import INDEXES, LOCATION, PROJECT
from infra.local.tasks.server import start as start_tasks

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
    places: Places

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
    """Over services of its own: Sheets with Google's quotas, a Firestore with the product's indexes."""
    with ExitStack() as closing:

        def started(service: Service) -> str:
            closing.callback(service.stop)
            return service.address

        environment = closing.enter_context(pytest.MonkeyPatch.context())
        environment.setenv("FIRESTORE_EMULATOR_HOST", started(start_firestore(indexes=INDEXES)))
        identity_url = f"http://{started(start_identity())}"
        sheets_url = f"http://{started(start_sheets(identity=identity_url, quota=True))}"
        places = Places(
            checkout=checkout,
            identity_url=identity_url,
            sheets_url=sheets_url,
            api_url=API,
            audience=AUDIENCE,
            shopify_url=f"http://{started(start_shopify())}",
            tasks=started(start_tasks(identity=identity_url)),
            scheduler=started(start_scheduler(identity=identity_url)),
            project=PROJECT,
            location=LOCATION,
            logs=checkout / ".state/logs",
            executions=checkout / ".state/run/logs",
        )
        url = f"http://{started(start(places))}"
        http = closing.enter_context(httpx.Client(base_url=url, timeout=TIMEOUT_S))
        control = closing.enter_context(httpx.Client(base_url=sheets_url, timeout=TIMEOUT_S))
        yield Desk(http, control, checkout, places)
