"""What can be done with an automation beside running it."""

import pytest
from playwright.sync_api import expect

from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk


@pytest.fixture
def window(desk: Desk, open_window: OpenWindow) -> Window:
    desk.automate()
    window = open_window()
    window.click("Order lines")
    return window


def test_paused_automation_is_resumed(desk: Desk, window: Window) -> None:
    """While it is paused there is nothing to run, and one button that ends it."""
    window.click("Pause")
    window.expect_text("Nothing runs while it is paused.")
    expect(window.button("Run now")).to_have_count(0)
    window.click("Resume")
    expect(window.button("Run now")).to_be_visible()


def test_deleted_automation_leaves_its_rows(desk: Desk, window: Window) -> None:
    """It asks first; afterwards the home screen is there, and so is the tab."""
    desk.fill_shop(orders=2)
    window.click("Run now")
    window.expect_news("Order lines: 4 rows added")
    window.click("Delete")
    window.confirm("Delete")
    window.expect_news("“Order lines” was deleted. Its rows are still there.")
    assert desk.ann.http.get("/v1/automations").json() == {"automations": []}
    assert "Order lines" in desk.book.tabs()


def test_delete_that_is_called_off_deletes_nothing(desk: Desk, window: Window) -> None:
    """Cancel keeps it."""
    window.click("Delete")
    window.confirm("Cancel")
    window.expect_screen("Order lines")
    assert len(desk.ann.http.get("/v1/automations").json()["automations"]) == 1


def test_tab_of_the_automation_is_shown(desk: Desk, window: Window) -> None:
    """Before the first run there is none, and that is said."""
    window.click("Order lines")
    window.expect_news("The tab is made by the first run.")


@pytest.mark.parametrize(("button", "title"), [("Edit", "Edit automation"), ("Duplicate", "Duplicate automation")])
def test_form_opens(window: Window, button: str, title: str) -> None:
    """With the automation in it."""
    window.click(button)
    window.expect_screen(title)
