"""What goes wrong: faults that tests order, people who edit in between, quotas."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from infra.local.sheets.server import start
from tests.contract.sheets.book import ALICE, OTTO, Book, lines, refusal, write_at

WRITE_QUOTA = (
    "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' "
    "of service 'sheets.googleapis.com' for consumer 'project_number:"
)


def append_row(book: Book, value: str) -> Any:
    request = {"appendCells": {"sheetId": 0, "fields": "userEnteredValue", "rows": [{"values": [cell(value)]}]}}
    return book.spreadsheets.batchUpdate(spreadsheetId=book.id, body={"requests": [request]})


def cell(value: str) -> dict[str, Any]:
    return {"userEnteredValue": {"stringValue": value}}


@pytest.mark.parametrize(("kind", "applied"), [("503_before", False), ("503_after", True), ("429", False)])
def test_a_write_is_refused_before_or_after_it_applied(book: Book, kind: str, applied: bool) -> None:
    """The answers look alike; only reading tells which it was. The next call is served."""
    book.order_fault(calls="write", kind=kind)
    refused = refusal(append_row(book, "x"))
    assert refused.status == int(kind[:3])
    assert bool(book.read("Sheet1")) is applied
    append_row(book, "y").execute()


@pytest.mark.parametrize(("kind", "applied"), [("drop_before", False), ("drop_after", True)])
def test_a_connection_is_dropped(book: Book, kind: str, applied: bool) -> None:
    """The client gets no answer at all, whether or not the write applied."""
    book.order_fault(calls="spreadsheets.batchUpdate", kind=kind)
    body = {"requests": [write_at(0, 0, ["x"])]}
    with pytest.raises(httpx.TransportError):
        book.wire.post(
            f"/v4/spreadsheets/{book.id}:batchUpdate",
            json=body,
        )
    assert bool(book.read("Sheet1")) is applied


def test_a_delayed_write_applies_after_the_client_gave_up(book: Book) -> None:
    """A time-out on the client's side says nothing about the write."""
    book.order_fault(calls="write", kind="delay", delay_s=0.5)
    with pytest.raises(httpx.TimeoutException):
        book.wire.post(
            f"/v4/spreadsheets/{book.id}:batchUpdate",
            json={"requests": [write_at(0, 0, ["late"])]},
            timeout=0.1,
        )
    deadline_s = time.monotonic() + 10
    while not book.read("Sheet1") and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert book.read("Sheet1") == [["late"]]


def test_faults_pass_over_calls_and_repeat(book: Book) -> None:
    """`skip` calls are served first, `times` calls meet the fault; calls of another kind do not count."""
    book.order_fault(calls="write", kind="503_before", skip=1, times=2)
    append_row(book, "a").execute()
    assert book.read("Sheet1") == [["a"]]
    assert refusal(append_row(book, "b")).status == 503
    assert refusal(append_row(book, "b")).status == 503
    append_row(book, "c").execute()
    assert book.read("Sheet1") == [["a"], ["c"]]


def test_a_person_edits_between_read_and_write(book: Book) -> None:
    """edit_before applies just before the call, so that the call meets a tab that moved."""
    book.put("Sheet1!A1", [["header"], ["a"]])
    insertion = {"insertDimension": {"range": lines("ROWS", 0, 1)}}
    book.order_fault(calls="write", kind="edit_before", requests=[insertion])
    book.update(write_at(1, 0, ["A"]))
    assert book.read("Sheet1") == [[], ["A"], ["a"]]


def test_a_person_edits_after_the_write(book: Book) -> None:
    """edit_after applies when the call has been, before its answer arrives."""
    book.order_fault(calls="write", kind="edit_after", requests=[write_at(0, 0, ["person"])])
    book.update(write_at(0, 0, ["product"]))
    assert book.read("Sheet1") == [["person"]]


def test_calls_are_counted(book: Book) -> None:
    """By method and outcome, by user, by spreadsheet, with faults and bytes."""
    book.order_fault(calls="read", kind="429")
    book.update(write_at(0, 0, ["x"]))
    assert refusal(book.values.get(spreadsheetId=book.id, range="Sheet1")).status == 429
    stats = book.wire.get("/control/stats").json()
    assert stats["calls"]["spreadsheets.batchUpdate"]["200"] == 1
    assert stats["calls"]["values.get"]["429"] == 1
    assert stats["spreadsheets"][book.id] == {"writes": 1, "reads": 1}
    assert stats["users"][ALICE] == {"writes": 1, "reads": 1}
    assert stats["faults"]["429"] == 1
    assert stats["bytes_in"] > 0


@pytest.mark.parametrize("fault", [{"kind": "explode"}, {"kind": "429", "calls": "values.shout"}, {"king": "429"}])
def test_unknown_faults_are_refused(book: Book, fault: dict[str, str]) -> None:
    """A misspelt fault would otherwise be a test that tests nothing."""
    assert book.wire.post("/control/faults", json=fault).status_code == 400


@pytest.fixture
def rationed() -> Iterator[str]:
    """The address of a service with Google's quotas."""
    service = start(quota=True)
    yield service.address
    service.stop()


def test_sixty_writes_a_minute_a_user(rationed: str) -> None:
    """A batch counts once; the write too many is refused in Google's words; reads and other users go on."""
    body = {"requests": [write_at(0, 0, ["a"]), write_at(1, 0, ["b"])]}
    alice, otto = ({"Authorization": f"Bearer {user}"} for user in (ALICE, OTTO))
    with httpx.Client(base_url=f"http://{rationed}") as wire:
        made = wire.post("/control/spreadsheets", json={"title": "x"}).json()
        path = f"/v4/spreadsheets/{made['spreadsheetId']}"
        answers = [wire.post(f"{path}:batchUpdate", json=body, headers=alice)]
        while answers[-1].status_code == 200 and len(answers) < 150:  # more than two minutes' quota
            answers.append(wire.post(f"{path}:batchUpdate", json=body, headers=alice))
        assert wire.get(f"{path}/values/A1", headers=alice).status_code == 200
        assert wire.post(f"{path}:batchUpdate", json=body, headers=otto).status_code == 200
    assert len(answers) > 60
    error = answers[-1].json()["error"]
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert error["message"].startswith(WRITE_QUOTA)
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert error["details"][0]["metadata"]["quota_limit"] == "WriteRequestsPerMinutePerUser"


def test_edits_of_one_spreadsheet_do_not_mix(book: Book) -> None:
    """Writers at the same time each get their rows in, none lost, none torn."""

    def write(writer: int) -> None:
        for number in range(10):
            book.wire.post(
                f"/v4/spreadsheets/{book.id}/values/Sheet1:append?valueInputOption=RAW",
                json={"values": [[f"{writer}-{number}", writer]]},
            ).raise_for_status()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    rows = book.read("Sheet1!A:B")
    assert sorted(row[0] for row in rows) == sorted(f"{writer}-{number}" for writer in range(4) for number in range(10))
    assert all(row[0].startswith(f"{row[1]}-") for row in rows)
