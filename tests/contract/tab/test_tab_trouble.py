"""Calls that fail: whatever Google did with a write before it fell silent, each row stands once afterwards."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from backend.errors import LeaseLost, RateLimited, UpstreamUnavailable
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import append_column, copy_row, insert_rows, rename, write
from tests.contract.tab.orders import LINE_COLUMNS, order, some

UNCLEAR = ["503_before", "503_after", "drop_before", "drop_after"]
WRITES = [pytest.param(0, id="layout"), pytest.param(1, id="first batch"), pytest.param(3, id="middle batch")]
A_BATCH = 3
ORDERS = some(15)
BATCHES = 5


@pytest.mark.parametrize("kind", [*UNCLEAR, "429"])
@pytest.mark.parametrize("skip", WRITES)
def test_failed_write_is_made_once(desk: Desk, kind: str, skip: int) -> None:
    """Applied or not, the tab is read again and what is missing is written; nothing is doubled, calls are few."""
    desk.fault(kind, skip=skip)
    ran = desk.bring(ORDERS, a_batch=A_BATCH)
    assert desk.pending_faults() == []
    desk.assert_holds(ORDERS)
    assert (ran.passes, ran.outcome.added) == (1, len(ORDERS))
    assert ran.writes <= BATCHES + 2
    assert ran.reads <= 5


@pytest.mark.parametrize("kind", [*UNCLEAR, "429"])
def test_write_that_fails_again_and_again_succeeds_in_the_end(desk: Desk, kind: str) -> None:
    """Three times in a row, in the middle of a run."""
    desk.fault(kind, skip=2, times=3)
    ran = desk.bring(ORDERS, a_batch=A_BATCH)
    desk.assert_holds(ORDERS)
    assert ran.writes <= BATCHES + 4


@pytest.mark.parametrize("kind", ["503_before", "drop_before"])
def test_write_that_never_succeeds_is_given_up(desk: Desk, kind: str) -> None:
    """After a bounded number of calls the run fails as one that may be tried again; what stands is whole."""
    desk.fault(kind, skip=2, times=1000)
    with pytest.raises(UpstreamUnavailable):
        desk.bring(ORDERS, a_batch=A_BATCH)
    desk.assert_holds(ORDERS[:A_BATCH])
    assert 0 < 1000 - desk.pending_faults()[0]["times"] <= 10


@pytest.mark.parametrize("kind", UNCLEAR)
def test_lines_change_once_when_the_outcome_is_unclear(new_desk: Callable[..., Desk], kind: str) -> None:
    """Insertions, deletions and updates of one write are all there or all made again; people's words do not move."""
    desk = new_desk(columns=LINE_COLUMNS)
    desk.bring([order(1, "a", "b", "c"), order(2, "d", "e")])
    desk.edit(append_column(), write(0, 5, "Remarks", "on a", "on b", "on c", "on d", "on e"))
    orders = [order(1, "n", "a", "c", version=2, quantity=3), order(2, "d", "x", "y", version=2), order(3, "z")]
    desk.fault(kind)
    desk.bring(orders)
    desk.assert_holds(orders)
    assert desk.beside("Remarks", key="SKU") == {sku: f"on {sku}" for sku in "acd"}


@pytest.mark.parametrize("kind", ["503_before", "drop_before", "429"])
@pytest.mark.parametrize("skip", [0, 1])
def test_failed_read_is_repeated(desk: Desk, kind: str, skip: int) -> None:
    """A read may be sent as often as need be."""
    desk.bring(ORDERS)
    desk.fault(kind, calls="read", skip=skip, times=2)
    ran = desk.bring(ORDERS)
    assert (ran.reads, ran.writes, ran.outcome.unchanged) == (4, 0, len(ORDERS))
    assert ran.waited_s > 0


def test_reads_that_never_succeed_are_given_up(desk: Desk) -> None:
    """As a failure that may pass, with few calls made."""
    desk.fault("503_before", calls="read", times=1000)
    with pytest.raises(UpstreamUnavailable):
        desk.bring(ORDERS)
    assert 1000 - desk.pending_faults()[0]["times"] <= 8


def test_reads_beyond_the_quota_are_given_up(desk: Desk) -> None:
    """The run says that it was slowed down, not that something is broken."""
    desk.fault("429", calls="read", times=1000)
    with pytest.raises(RateLimited):
        desk.bring(ORDERS)


def test_tab_renamed_between_two_reads_costs_no_waiting(desk: Desk) -> None:
    """Ranges name the tab by its title: one that was right a moment ago is asked for anew at once."""
    desk.bring(ORDERS)
    desk.fault("edit_after", rename("Renamed"), calls="spreadsheets.get")
    ran = desk.bring(ORDERS)
    assert (ran.reads, ran.waited_s) == (4, 0.0)


@pytest.mark.parametrize("skip", [2, 3])
def test_write_applied_after_the_client_gave_up_is_found(new_desk: Callable[..., Desk], skip: int) -> None:
    """The batch is written again and the first attempt comes through, before or after: a later look sees the copies."""
    desk = new_desk(timeout_s=0.5)
    desk.fault("delay", skip=1, delay_s=0.8)
    desk.fault("delay", skip=skip, delay_s=0.45)
    desk.bring(ORDERS, a_batch=A_BATCH)
    desk.assert_holds(ORDERS)


def test_write_applied_after_the_run_is_mended_by_the_next(new_desk: Callable[..., Desk]) -> None:
    """Nobody sees the copies of the last batch before the next run, which empties them."""
    desk = new_desk(timeout_s=0.3)
    desk.bring(ORDERS[:12])
    desk.fault("delay", delay_s=0.8)
    desk.bring(ORDERS)
    while len(desk.identities()) < 18:
        time.sleep(0.02)
    desk.bring(ORDERS)
    desk.assert_holds(ORDERS)


def test_worker_that_lost_its_lease_writes_nothing_more(desk: Desk) -> None:
    """It asks for the lease right before each write, and another worker is at the tab by then."""

    def lose() -> None:
        raise LeaseLost

    desk.bring(ORDERS[:A_BATCH])
    before = desk.everything()
    desk.hold = lose
    with pytest.raises(LeaseLost):
        desk.bring(ORDERS, a_batch=A_BATCH)
    assert desk.everything() == before


def test_tab_is_audited_after_an_unclear_outcome(desk: Desk) -> None:
    """What changes after the second reading, such as by the write that was thought lost, is seen in the end."""
    desk.fault("503_after", skip=BATCHES)
    desk.fault("edit_after", insert_rows(1), copy_row(4, to=1, width=4), calls="values.batchGet")
    ran = desk.bring(ORDERS, a_batch=A_BATCH)
    assert (ran.passes, desk.pending_faults()) == (2, [])
    desk.assert_holds(ORDERS)


class Reluctant(BaseHTTPRequestHandler):
    """A front of the Sheets service that refuses the first write and says how long to wait, as Google may."""

    upstream: httpx.Client
    address: str
    refusals: int

    def do_GET(self) -> None:
        self._answer(self.upstream.get(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if type(self).refusals:
            type(self).refusals -= 1
            error = {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "Quota exceeded"}
            self._answer(httpx.Response(429, json={"error": error}, headers={"Retry-After": "17"}))
        else:
            self._answer(self.upstream.post(self.path, content=body))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""

    def _answer(self, answer: httpx.Response) -> None:
        self.send_response(answer.status_code)
        for name in ("Content-Type", "Retry-After"):
            if name in answer.headers:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)


@pytest.fixture
def reluctant(wire: httpx.Client) -> Iterator[type[Reluctant]]:
    class Front(Reluctant):
        upstream = wire
        refusals = 0

    with ThreadingHTTPServer(("127.0.0.1", 0), Front) as server:
        Thread(target=server.serve_forever, args=(0.05,)).start()
        Front.address = f"http://127.0.0.1:{server.server_port}"
        yield Front
        server.shutdown()


def test_retry_after_is_obeyed(desk: Desk, reluctant: type[Reluctant]) -> None:
    """Two refusals of 17 seconds each are waited for, and a little more, and cost one call each."""
    reluctant.refusals = 2
    desk.endpoint = reluctant.address
    ran = desk.bring(ORDERS, a_batch=A_BATCH)
    desk.assert_holds(ORDERS)
    assert 2 * 17 <= ran.waited_s <= 2 * 18
    assert ran.writes == BATCHES + 1 + 2
