"""What was acknowledged stays: over a restart, and over kill -9."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.contract.sheets.book import ALICE, Book, box, client_for, lines, write_at

CHECKOUT = Path(__file__).resolve().parents[3]
BOLD = {"userEnteredFormat": {"textFormat": {"bold": True}}}


@contextmanager
def running(state: Path, *, end: signal.Signals) -> Iterator[httpx.Client]:
    """The service in its own process, ended by that signal; yields plain HTTP to it."""
    command = [sys.executable, "-m", "infra.local.sheets", "--state", str(state)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        announced = json.loads(process.stdout.readline())
        assert announced["service"] == "sheets"
        with httpx.Client(base_url=f"http://{announced['address']}") as wire:
            yield wire
        process.send_signal(end)
        assert process.wait(timeout=10) == (0 if end is signal.SIGTERM else -end)


def test_everything_survives_kill_9(tmp_path: Path) -> None:
    """Cells of every type, formats, notes, formulas, metadata, filters, sizes, names and protection are there again."""
    with running(tmp_path, end=signal.SIGKILL) as wire:
        made = wire.post("/control/spreadsheets", json={"title": "Kept"}).json()
        api = client_for(wire.base_url.netloc.decode(), ALICE)
        book = Book(made["spreadsheetId"], api, wire)
        location = {"dimensionRange": lines("COLUMNS", 1, 2)}
        metadata = {"metadataKey": "k", "visibility": "DOCUMENT", "location": location}
        note = {"range": box(0, 0, 1, 1), "rows": [{"values": [{"note": "n"}]}], "fields": "note"}
        hide = {"range": lines("ROWS", 2, 3), "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
        book.update(
            write_at(0, 0, ["text", 1.5, True, "=B1*2", None, "last"]),
            {"repeatCell": {"range": box(0, 0, 600, 2), "cell": BOLD, "fields": "userEnteredFormat"}},
            {"updateCells": note},
            {"updateDimensionProperties": hide},
            {"createDeveloperMetadata": {"developerMetadata": metadata}},
            {"setBasicFilter": {"filter": {"range": box(0, 0, 9, 3)}}},
            {"addNamedRange": {"namedRange": {"name": "N", "range": box(0, 0, 1, 1)}}},
            {"addProtectedRange": {"protectedRange": {"range": box(0, 0, 1, 1), "warningOnly": True}}},
        )
        book.update({"insertDimension": {"range": lines("ROWS", 1, 2)}}, write_at(700, 0, ["far"]))
        before = book.get(includeGridData=True)
        api.close()
    with running(tmp_path, end=signal.SIGTERM) as wire:
        api = client_for(wire.base_url.netloc.decode(), ALICE)
        book = Book(made["spreadsheetId"], api, wire)
        assert book.get(includeGridData=True) == before
        book.update({"insertDimension": {"range": lines("ROWS", 0, 1)}})
        assert book.read("Sheet1!A2:F2") == [["text", 1.5, True, 3, "", "last"]]
        api.close()


def test_a_spreadsheet_made_again_starts_empty(tmp_path: Path) -> None:
    """The same id asked for twice is a new spreadsheet, on disk too."""
    wanted = {"title": "Again", "spreadsheetId": "again"}
    with running(tmp_path, end=signal.SIGTERM) as wire:
        api = client_for(wire.base_url.netloc.decode(), ALICE)
        book = Book("again", api, wire)
        for _ in range(2):
            wire.post("/control/spreadsheets", json=wanted).raise_for_status()
            assert book.read("Sheet1") == []
            book.put("Sheet1!A1", [["old"]])
        wire.post("/control/spreadsheets", json=wanted).raise_for_status()
        book.put("Sheet1!A2", [["new"]])
        api.close()
    with running(tmp_path, end=signal.SIGTERM) as wire:
        api = client_for(wire.base_url.netloc.decode(), ALICE)
        assert Book("again", api, wire).read("Sheet1") == [[], ["new"]]
        api.close()
