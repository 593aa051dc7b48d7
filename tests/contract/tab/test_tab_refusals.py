"""What a merchant must see to: found before anything is written, with the spreadsheet left exactly as it was."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from backend.errors import (
    ConsentMissing,
    NotShared,
    Protected,
    SpreadsheetGone,
    TabkeeperError,
    TextTooLong,
    TokenRevoked,
    WorkbookFull,
)
from infra.local.identity.server import start as start_identity
from infra.local.sheets.server import start
from tests.contract.sheets.book import Json, box
from tests.contract.tab.desk import Desk
from tests.contract.tab.edits import SHEET_ID, append_column, protect
from tests.contract.tab.orders import ORDER_COLUMNS, order, some

MAX_CELLS = 10_000_000
WIDTH = 4
SHEETS = "https://www.googleapis.com/auth/spreadsheets"


def other_tab(*, cells: int) -> Json:
    """A tab of somebody else's with so many blank cells."""
    return {"title": "Archive", "sheetId": 1, "rowCount": cells // 10, "columnCount": 10}


@pytest.mark.parametrize("left", [0, 6])
def test_new_tab_that_does_not_fit_is_not_made(new_desk: Callable[..., Desk], left: int) -> None:
    """The header and a spare row need eight cells."""
    columns = {"rowCount": 1, "columnCount": 10 - left, "title": "Rest", "sheetId": 2}
    desk = new_desk(sheets=[other_tab(cells=MAX_CELLS - 10), columns])
    before = desk.get()
    with pytest.raises(WorkbookFull):
        desk.bring(some(1))
    assert desk.get() == before


def test_rows_that_do_not_fit_are_not_begun(new_desk: Callable[..., Desk]) -> None:
    """Neither the tab nor its first rows are made when what the shop has to say would not fit."""
    desk = new_desk(sheets=[other_tab(cells=MAX_CELLS - 100)])
    before = desk.get()
    with pytest.raises(WorkbookFull):
        desk.bring(some(24), room=24)
    assert desk.get() == before


@pytest.mark.parametrize("columns", [2, 6])
def test_chosen_tab_that_cannot_grow_so_far_is_not_begun(new_desk: Callable[..., Desk], columns: int) -> None:
    """A tab of the merchant's, of one row and too few or more than enough columns, is left blank."""
    mine = {"title": "Mine", "sheetId": SHEET_ID, "rowCount": 2, "columnCount": columns}
    desk = new_desk(sheets=[other_tab(cells=MAX_CELLS - 100), mine], destination={"sheet_id": SHEET_ID})
    width = max(columns, WIDTH)
    fitting = 100 // width - 2
    before = desk.get()
    with pytest.raises(WorkbookFull):
        desk.bring(some(fitting + 1), room=fitting + 1)
    assert desk.get() == before
    desk.bring(some(fitting), room=fitting)
    desk.assert_holds(some(fitting))


def test_workbook_is_filled_to_the_last_cell(new_desk: Callable[..., Desk]) -> None:
    """A hundred cells are a header, 23 rows and a spare one, of four columns each; there they stay as they are."""
    desk = new_desk(sheets=[other_tab(cells=MAX_CELLS - 100)])
    desk.bring(some(23), room=23)
    desk.assert_holds(some(23))
    before = (desk.get(), desk.grid())
    with pytest.raises(WorkbookFull):
        desk.bring(some(24))
    assert (desk.get(), desk.grid()) == before
    assert desk.bring(some(23)).outcome.unchanged == 23


def test_column_that_leaves_no_room_for_the_rows_is_not_made(new_desk: Callable[..., Desk]) -> None:
    """A column that is added, or made again, fits by itself; what the shop has to say no longer would."""
    desk = new_desk(sheets=[other_tab(cells=MAX_CELLS - 100)])
    desk.bring(some(3))
    desk.declare([*ORDER_COLUMNS, "zip"])
    before = (desk.get(), desk.grid())
    with pytest.raises(WorkbookFull):
        desk.bring(some(20), room=20)
    assert (desk.get(), desk.grid()) == before


def test_full_workbook_still_takes_changes(new_desk: Callable[..., Desk]) -> None:
    """Rows that stand are updated in a workbook with no cell to spare."""
    desk = new_desk(sheets=[other_tab(cells=MAX_CELLS - 100)])
    desk.bring(some(23))
    orders = some(23, version=2, email="new@example.com")
    desk.bring(orders)
    desk.assert_holds(orders)


@pytest.mark.parametrize("batches", [0, 1])
def test_workbook_that_fills_up_meanwhile_leaves_whole_batches(new_desk: Callable[..., Desk], batches: int) -> None:
    """Google refuses the batch that no longer fits, whole; what was written before stays."""
    desk = new_desk(sheets=[other_tab(cells=MAX_CELLS - 100)])
    desk.fault("edit_before", *[append_column()] * (3 if batches else 6), skip=1 + batches)
    with pytest.raises(WorkbookFull):
        desk.bring(some(20), a_batch=10)
    desk.assert_holds(some(10 * batches))


@pytest.mark.parametrize(
    "area",
    [
        pytest.param({"sheetId": SHEET_ID}, id="whole tab"),
        pytest.param(box(0, 2, 100, 3, SHEET_ID), id="a managed column"),
        pytest.param(box(0, 1, 100, 2, SHEET_ID), id="the system column"),
        pytest.param(box(2, 0, 3, 4, SHEET_ID), id="a row"),
    ],
)
def test_protected_cells_are_not_touched(new_desk: Callable[..., Desk], area: Json) -> None:
    """Somebody protected cells that we fill: the run stops before its first write."""
    desk = new_desk()
    desk.bring(some(3))
    desk.edit(protect(area))
    before = desk.everything()
    with pytest.raises(Protected):
        desk.bring(some(5, version=2, email="new@example.com"))
    assert desk.everything() == before


@pytest.mark.parametrize(
    "area",
    [
        pytest.param(box(0, 0, 1, 4, SHEET_ID), id="the header"),
        pytest.param(box(0, 4, 100, 5, SHEET_ID), id="a person's column"),
        pytest.param({"sheetId": 1}, id="another tab"),
    ],
)
def test_protection_of_other_cells_is_no_obstacle(new_desk: Callable[..., Desk], area: Json) -> None:
    """Rows are written and inserted beside and below it."""
    desk = new_desk()
    desk.bring(some(3))
    desk.edit(append_column(), protect(area))
    desk.bring(some(5))
    desk.assert_holds(some(5))


def test_protection_that_lets_our_account_is_no_obstacle(desk: Desk) -> None:
    """The owner protected the tab and named the linked account as an editor."""
    desk.bring(some(3))
    desk.edit(protect({"sheetId": SHEET_ID}, editor="ann"))
    desk.bring(some(5))
    desk.assert_holds(some(5))


def test_protection_that_comes_under_a_write_stops_the_run(desk: Desk) -> None:
    """Google refuses the batch as a whole, and the merchant is told the same."""
    desk.bring(some(3))
    before = desk.grid()
    desk.fault("edit_before", protect({"sheetId": SHEET_ID}))
    with pytest.raises(Protected):
        desk.bring(some(5))
    assert desk.grid() == before


def test_spreadsheet_that_is_gone_stops_the_run(desk: Desk) -> None:
    """Its id is no longer known."""
    desk.id = "gone"
    desk.declare(ORDER_COLUMNS)
    with pytest.raises(SpreadsheetGone):
        desk.bring(some(1))


def test_text_that_became_too_long_meanwhile_is_refused_before_its_batch(new_desk: Callable[..., Desk]) -> None:
    """What was looked at before the run may change until it is written; the batches before are whole."""
    desk = new_desk(long_text="refuse")
    with pytest.raises(TextTooLong, match=r"Order #1003 .* “Email”"):
        desk.bring([*some(2), order(3, email="x" * 50_001)], a_batch=2)
    desk.assert_holds(some(2))


class Office:
    """Sheets behind the identity service, with a spreadsheet of Otto's that Rita may read."""

    def __init__(self, wire: httpx.Client, identity: httpx.Client) -> None:
        self._identity = identity
        self.desk = Desk(
            wire, columns=ORDER_COLUMNS, book={"owner": "otto@example.com", "readers": ["rita@example.com"]}
        )

    def token(self, email: str, scope: str) -> str:
        client = {"client_id": "app", "client_secret": "s3cr3t"}
        consent = {"email": email, "scopes": [scope], **client}
        refresh = self._identity.post("/control/refresh-tokens", json=consent).raise_for_status().json()
        grant = {"grant_type": "refresh_token", "refresh_token": refresh["refresh_token"], **client}
        return str(self._identity.post("/token", data=grant).raise_for_status().json()["access_token"])

    def summary(self) -> Json:
        """All that the service tells of its spreadsheets' tabs, without a token."""
        told: Json = self.desk.wire.get("/control/spreadsheets").raise_for_status().json()
        return told


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    identity = start_identity()
    sheets = start(identity=f"http://{identity.address}")
    with (
        httpx.Client(base_url=f"http://{sheets.address}") as wire,
        httpx.Client(base_url=f"http://{identity.address}") as issuer,
    ):
        yield Office(wire, issuer)
    sheets.stop()
    identity.stop()


@pytest.mark.parametrize(
    ("email", "scope", "told"),
    [
        ("stranger@example.com", SHEETS, NotShared),
        ("rita@example.com", SHEETS, NotShared),
        ("otto@example.com", f"{SHEETS}.readonly", ConsentMissing),
        ("otto@example.com", "openid", ConsentMissing),
    ],
)
def test_missing_permission_is_told_apart(office: Office, email: str, scope: str, told: type[TabkeeperError]) -> None:
    """A spreadsheet that is not shared, or shared for reading; a consent that does not cover it."""
    before = office.summary()
    with pytest.raises(told):
        office.desk.bring(some(2), token=office.token(email, scope))
    assert office.summary() == before


def test_wrong_token_is_told_apart(office: Office) -> None:
    """Google knows the token no more, and there is nothing to get another one with."""
    before = office.summary()
    with pytest.raises(TokenRevoked):
        office.desk.bring(some(2), token="forged")
    assert office.summary() == before
