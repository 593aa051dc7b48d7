"""No rule of axe-core speaks against any screen, and what holds for all of them."""

from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk


def wrong(window: Window) -> list[str]:
    """With the screen on which it is."""
    title = window.sidebar.get_by_role("heading", level=1).inner_text()
    return [f"{title}: {each}" for each in violations(window.page.frames[-1])]


def test_screens_can_be_used_by_everyone(desk: Desk, open_window: OpenWindow) -> None:
    """Setting up, home, an automation before, while and after it ran, a look, the history, settings, a question."""
    desk.fill_shop(orders=2)
    window = open_window()
    window.expect_text("What would you like to see?")
    found = wrong(window)
    automation = desk.automate()
    window.look()
    window.expect_screen("Tabkeeper")
    found += wrong(window)
    window.click("Order lines")
    found += wrong(window)
    window.click("See first what would change")
    found += wrong(window)
    window.expect_button("Do it now")
    found += wrong(window)
    window.click("Do it now")
    window.expect_news("Order lines: 4 rows added")
    window.click("Back")
    window.click("History")
    window.expect_screen("History")
    found += wrong(window)
    window.click("Back")
    desk.book.edit({"deleteSheet": {"sheetId": automation["sheet_id"]}})
    desk.shop.put("#600000", lines=[{"sku": "NEW", "title": "A NEW THING", "quantity": 2, "price": "7.50"}])
    window.click("Run now")
    window.expect_text("This waits for you")
    found += wrong(window)
    window.click("Delete")
    found += wrong(window)
    window.confirm("Cancel")
    window.click("Back")
    window.click("Settings")
    window.expect_screen("Settings")
    found += wrong(window)
    assert found == []


def test_focus_is_on_the_heading_of_a_new_screen(desk: Desk, open_window: OpenWindow) -> None:
    """A screen reader says where the person is; Escape goes back."""
    desk.automate()
    window = open_window()
    window.click("Order lines")
    expect(window.heading("Order lines")).to_be_focused()
    window.page.keyboard.press("Escape")
    expect(window.heading("Tabkeeper")).to_be_focused()
