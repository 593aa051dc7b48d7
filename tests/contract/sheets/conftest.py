from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from infra.local.sheets.server import start
from tests.contract.sheets.book import ALICE, Book, client_for


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    service = start(state=tmp_path_factory.mktemp("sheets"))
    yield service.address
    service.stop()


@pytest.fixture(scope="package")
def wire(address: str) -> Iterator[httpx.Client]:
    """Plain HTTP, as Alice: for the control endpoints, and for what the client library would not send."""
    with httpx.Client(base_url=f"http://{address}", headers={"Authorization": f"Bearer {ALICE}"}) as client:
        yield client


@pytest.fixture(scope="package")
def client_of(address: str) -> Iterator[Callable[[str], Any]]:
    """The client of a user: making one takes long."""
    clients: dict[str, Any] = {}

    def client(user: str) -> Any:
        if user not in clients:
            clients[user] = client_for(address, user)
        return clients[user]

    yield client
    for made in clients.values():
        made.close()


@pytest.fixture
def new_book(wire: httpx.Client, client_of: Callable[[str], Any]) -> Iterator[Callable[..., Book]]:
    """Makes spreadsheets that no other test has; faults and counts end with the test."""

    def make(**wanted: object) -> Book:
        spreadsheet = {"title": "Orders", **wanted}
        answer = wire.post("/control/spreadsheets", json=spreadsheet).raise_for_status()
        return Book(answer.json()["spreadsheetId"], client_of(ALICE), wire)

    yield make
    wire.delete("/control/faults")
    wire.delete("/control/stats")


@pytest.fixture
def book(new_book: Callable[..., Book]) -> Book:
    """A spreadsheet with one tab of ten rows and six columns."""
    return new_book(sheets=[{"title": "Sheet1", "sheetId": 0, "rowCount": 10, "columnCount": 6}])
