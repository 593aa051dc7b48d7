"""Running an automation from the sidebar: now, for a look, once more, and how its runs are told."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk

WRITE = "spreadsheets.batchUpdate"


@pytest.fixture
def window(desk: Desk, open_window: OpenWindow) -> Window:
    """At an automation that has not run yet; twelve orders of two lines wait for it."""
    desk.fill_shop(orders=12)
    desk.automate()
    window = open_window()
    window.click("Order lines")
    return window


def test_run_now_shows_its_progress_and_what_it_did(desk: Desk, window: Window) -> None:
    """A bar while it runs, how many orders it has brought, then the rows and the news of its end."""
    desk.book.fault("delay", calls=WRITE, delay_s=1.0)
    window.click("Run now")
    expect(window.sidebar.get_by_role("progressbar", name="Run")).to_be_visible()
    window.expect_news("Order lines: 24 rows added")
    window.expect_text("24 rows")
    window.expect_text("Up to date")


@pytest.mark.usefixtures("paused_queues")
def test_waiting_run_is_stopped(window: Window) -> None:
    """Nobody has taken it up, so that it stops at once."""
    window.click("Run now")
    window.expect_text("Starting")
    window.click("Stop")
    window.expect_news("Order lines: Stopped")
    expect(window.button("Run now")).to_be_visible()


def test_look_lists_the_cells_and_doing_it_changes_them(desk: Desk, window: Window) -> None:
    """Each changed cell with what stands there and what would; nothing is written before a person says so."""
    window.click("Run now")
    window.expect_news("Order lines: 24 rows added")
    desk.shop.edit("#500004", "lines", change=[{"line": "10001A", "quantity": 90}])
    window.click("See first what would change")
    window.expect_screen("What would change")
    window.expect_button("Do it now")
    expect(window.heading("#500004")).to_be_visible()
    expect(window.sidebar.get_by_role("definition").filter(has_text=re.compile(r"→\s*90"))).to_be_visible()
    window.click("Do it now")
    window.expect_screen("Run")
    window.expect_text("1 row updated")
    automation = desk.ann.http.get("/v1/automations").json()["automations"][0]
    assert desk.rows(automation) == desk.shop.rows()


def test_repair_asks_first_and_mends(desk: Desk, window: Window) -> None:
    """A cell that a person overwrote is put right."""
    window.click("Run now")
    window.expect_news("Order lines: 24 rows added")
    automation = desk.ann.http.get("/v1/automations").json()["automations"][0]
    place = {"sheetId": automation["sheet_id"], "rowIndex": 3, "columnIndex": 0}
    cell = {"userEnteredValue": {"stringValue": "overwritten"}}
    desk.book.edit({"updateCells": {"start": place, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}})
    window.click("Repair")
    window.confirm("Repair")
    window.expect_news("Order lines: 1 row updated")
    assert desk.rows(automation) == desk.shop.rows()


def test_history_tells_why_a_run_failed_and_mends_it(desk: Desk, window: Window) -> None:
    """The reason in plain words in the list; at the run, the button that puts it right."""
    window.click("Run now")
    window.expect_news("Order lines: 24 rows added")
    desk.book.edit({"deleteSheet": {"sheetId": desk.book.tabs()["Order lines"]}})
    desk.shop.put("#600000", lines=[{"sku": "NEW", "title": "A NEW THING", "quantity": 2, "price": "7.50"}])
    window.click("Run now")
    window.expect_text("This waits for you")
    window.click("History")
    newest = window.sidebar.get_by_role("listitem").first
    expect(newest).to_contain_text("Failed")
    expect(newest).to_contain_text("The tab was deleted.")
    newest.get_by_role("button").click()
    window.click("Make the tab again")
    window.expect_news("Order lines: 25 rows added")


@pytest.mark.usefixtures("paused_queues")
def test_stopped_run_is_tried_again(window: Window) -> None:
    """From its place in the history."""
    window.click("Run now")
    window.click("Stop")
    window.expect_news("Order lines: Stopped")
    window.click("History")
    window.sidebar.get_by_role("listitem").first.get_by_role("button").click()
    window.click("Try again")
    window.expect_text("Starting")
