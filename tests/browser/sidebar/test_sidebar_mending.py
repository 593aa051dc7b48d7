"""What stops an automation is told with a button that puts it right and brings the rows at once."""

from typing import Any

import pytest

from infra.local.demo.google_account import GoogleAccount
from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk
from tests.spreadsheet import Spreadsheet

BOSS = "boss@shop.example"


@pytest.fixture
def automation(desk: Desk) -> dict[str, Any]:
    """Its tab is in step with the shop, which then has one order more."""
    desk.fill_shop(orders=3)
    automation = desk.automate()
    desk.completed(automation)
    desk.shop.put("#600000", lines=[{"sku": "NEW", "title": "A NEW THING", "quantity": 2, "price": "7.50"}])
    return automation


def someone_elses(desk: Desk, **wanted: Any) -> Spreadsheet:
    """A spreadsheet of her boss, shared as told."""
    return Spreadsheet.made_by(desk.stack, GoogleAccount(desk.stack, BOSS), **wanted)


def run_elsewhere(window: Window) -> None:
    """An automation of another spreadsheet, which cannot go on."""
    window.look()
    window.sidebar.get_by_text("1 in another spreadsheet").click()
    window.click("Order lines")
    window.click("Run now")
    window.expect_text("This waits for you")


def stopped(open_window: OpenWindow) -> Window:
    """At the automation, after a run that could not go on."""
    window = open_window()
    window.click("Order lines")
    window.click("Run now")
    window.expect_text("This waits for you")
    return window


def assert_in_step(desk: Desk, window: Window, automation: dict[str, Any]) -> None:
    window.expect_news("Order lines:")
    window.expect_text("Up to date")
    assert desk.rows(desk.ann.automation(automation["id"])) == desk.shop.rows()


def test_deleted_tab_is_made_again(desk: Desk, open_window: OpenWindow, automation: dict[str, Any]) -> None:
    """With every row."""
    desk.book.edit({"deleteSheet": {"sheetId": automation["sheet_id"]}})
    window = stopped(open_window)
    window.click("Make the tab again")
    assert_in_step(desk, window, automation)


def test_deleted_column_is_added_again(desk: Desk, open_window: OpenWindow, automation: dict[str, Any]) -> None:
    """The sentence names it."""
    place = desk.book.cells(automation["sheet_id"])[0].index("Quantity")
    where = {"sheetId": automation["sheet_id"], "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    desk.book.edit({"deleteDimension": {"range": where}})
    window = stopped(open_window)
    window.expect_text("“Quantity” was deleted")
    window.click("Add the column again")
    assert_in_step(desk, window, automation)


def test_withdrawn_shop_is_connected_again(desk: Desk, open_window: OpenWindow, automation: dict[str, Any]) -> None:
    """By the shop's own page, in a window of its own."""
    desk.shop.replace_token("shpat_another")
    window = stopped(open_window)
    window.consent("Connect the shop again", "Install")
    assert_in_step(desk, window, automation)


def test_withdrawn_account_is_linked_again(desk: Desk, open_window: OpenWindow) -> None:
    """By Google's own page, in a window of its own."""
    window = open_window()
    desk.book = someone_elses(desk, editors=[desk.ann.email])
    desk.fill_shop(orders=3)
    automation = desk.automate()
    desk.ann.google.withdraw_consent()
    run_elsewhere(window)
    window.consent("Continue with Google", "Allow")
    assert_in_step(desk, window, automation)


def test_another_account_takes_over(desk: Desk, open_window: OpenWindow) -> None:
    """One that may edit the spreadsheet and is linked already is a click away."""
    window = open_window()
    boss = GoogleAccount(desk.stack, BOSS)
    desk.ann.http.post("/v1/accounts", json={"refresh_token": boss.consent()}).raise_for_status()
    desk.book = someone_elses(desk)
    desk.fill_shop(orders=3)
    automation = desk.automate()
    run_elsewhere(window)
    window.click(f"Use {BOSS}")
    assert_in_step(desk, window, automation)


def test_shared_spreadsheet_is_gone_on_with(desk: Desk, open_window: OpenWindow) -> None:
    """A person shares it and says so."""
    window = open_window()
    desk.book = someone_elses(desk)
    desk.fill_shop(orders=3)
    automation = desk.automate()
    run_elsewhere(window)
    desk.book = someone_elses(desk, spreadsheetId=desk.book.id, editors=[desk.ann.email])
    window.click("I have shared it: go on")
    assert_in_step(desk, window, automation)


def test_spreadsheet_that_is_gone_is_left_for_this_one(desk: Desk, open_window: OpenWindow) -> None:
    """One click makes a tab here and fills it."""
    window = open_window()
    desk.fill_shop(orders=3)
    automation = desk.automate(destination={"spreadsheet_id": f"{desk.book.id}x", "title": "Order lines"})
    run_elsewhere(window)
    window.click("Continue in this spreadsheet")
    assert_in_step(desk, window, automation)
    assert "Order lines" in desk.book.tabs()


def test_occupied_tab_is_left_for_a_new_one(desk: Desk, open_window: OpenWindow) -> None:
    """What a person has there stays as it is."""
    sheet_id = desk.book.tabs()["Sheet1"]
    cell = {"userEnteredValue": {"stringValue": "mine"}}
    place = {"sheetId": sheet_id, "rowIndex": 0, "columnIndex": 0}
    desk.book.edit({"updateCells": {"start": place, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}})
    desk.fill_shop(orders=3)
    where = {"spreadsheet_id": desk.book.id, "title": "Sheet1", "sheet_id": sheet_id}
    automation = desk.automate(destination=where)
    window = stopped(open_window)
    window.click("Make a new tab")
    assert_in_step(desk, window, automation)
    assert desk.book.cells(sheet_id) == [["mine"]]


def test_long_text_is_cut(desk: Desk, open_window: OpenWindow) -> None:
    """Where the automation refused it, one click allows it."""
    desk.fill_shop(orders=3)
    desk.shop.put("#600000", lines=[{"sku": "LONG", "title": "x" * 50_001, "quantity": 1, "price": "7.50"}])
    automation = desk.automate(long_text="refuse")
    window = stopped(open_window)
    window.click("Cut long texts")
    window.expect_news("Order lines: 7 rows added")
    assert desk.status(automation) == ("active", None)


def test_protected_range_is_freed(desk: Desk, open_window: OpenWindow) -> None:
    """The person does it in the spreadsheet and says so."""
    window = open_window()
    desk.book = someone_elses(desk, editors=[desk.ann.email])
    desk.fill_shop(orders=3)
    automation = desk.automate()
    desk.completed(automation)
    desk.shop.put("#600000", lines=[{"sku": "NEW", "title": "A NEW THING", "quantity": 2, "price": "7.50"}])
    protected = {"protectedRangeId": 1, "range": {"sheetId": automation["sheet_id"]}, "editors": {"users": []}}
    desk.book.edit({"addProtectedRange": {"protectedRange": protected}})
    run_elsewhere(window)
    desk.book.edit({"deleteProtectedRange": {"protectedRangeId": 1}})
    window.click("I have done this: go on")
    assert_in_step(desk, window, automation)
