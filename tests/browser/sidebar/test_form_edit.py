"""Changing an automation, and making another one like it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import violations
from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.form import Form
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk

PARTS = ["Which orders", "Columns", "Where", "When", "More options"]


@pytest.fixture
def automation(desk: Desk) -> dict[str, Any]:
    """Two orders of two lines wait for it."""
    desk.fill_shop(orders=2)
    return desk.automate()


@pytest.fixture
def filled(desk: Desk, automation: dict[str, Any]) -> dict[str, Any]:
    """Its tab has them."""
    desk.completed(automation)
    return automation


@pytest.fixture
def window(automation: dict[str, Any], open_window: OpenWindow) -> Window:
    """At its screen."""
    window = open_window()
    window.click("Order lines")
    return window


@pytest.fixture
def form(window: Window) -> Form:
    window.click("Edit")
    return Form(window)


def test_change_that_leaves_the_rows_as_they_are_is_only_saved(
    desk: Desk, automation: dict[str, Any], form: Form
) -> None:
    """Nothing can be saved before something differs; no run is needed for a name."""
    expect(form.window.button("Save")).to_be_disabled()
    form.open("More options")
    form.type("Name of this automation", "What was sold")
    form.window.click("Save")
    form.window.expect_screen("What was sold")
    assert desk.ann.automation(automation["id"])["version"] == 2
    assert desk.ann.open_runs(automation["id"]) == []


def test_change_of_the_columns_is_in_the_tab_at_once(desk: Desk, filled: dict[str, Any], form: Form) -> None:
    """A person who changes what is in the tab wants to see it there."""
    form.open("Columns")
    form.window.click("Add columns")
    form.window.sidebar.get_by_role("checkbox", name="Line total").uncheck()
    form.window.sidebar.get_by_role("checkbox", name="Order ID").check()
    form.window.click("Save and update the tab")
    form.window.expect_screen("Order lines")
    form.window.expect_news("4 rows updated")
    header, *_ = desk.book.cells(filled["sheet_id"])
    assert "Order ID" in header


def test_change_of_somebody_else_is_kept_with_ours(desk: Desk, automation: dict[str, Any], form: Form) -> None:
    """Both are in the form; a second click saves ours on top of theirs."""
    desk.ann.change_automation(automation["id"], name="Renamed elsewhere", on_removed="mark")
    form.open("More options")
    form.window.sidebar.get_by_role("checkbox", name="Continue my formulas").check()
    form.choose("When an order is cancelled or no longer matches", "Delete its rows")
    form.window.click("Save and update the tab")
    told = form.window.sidebar.get_by_role("alert")
    expect(told).to_contain_text("This was changed in another window meanwhile.")
    expect(told).to_contain_text("with your own changes: formulas.")
    expect(told).to_contain_text("Changed there and by you: cancelled orders. You see theirs")
    form.open("More options")
    expect(form.field("Name of this automation")).to_have_value("Renamed elsewhere")
    form.window.click("Save")
    form.window.expect_screen("Renamed elsewhere")
    configuration = desk.ann.automation(automation["id"])["configuration"]
    assert (configuration["fill_down"], configuration["on_removed"]) == (True, "mark")


def test_leaving_with_changes_asks(desk: Desk, automation: dict[str, Any], form: Form) -> None:
    """Escape, too; without changes nobody is asked."""
    form.open("More options")
    form.type("Name of this automation", "Never saved")
    form.field("Name of this automation").press("Escape")
    form.window.confirm("Cancel")
    form.window.expect_screen("Edit automation")
    form.window.click("Back")
    form.window.confirm("Leave")
    form.window.expect_screen("Order lines")
    form.window.click("Edit")
    form.window.click("Back")
    form.window.expect_screen("Order lines")
    assert desk.ann.automation(automation["id"])["version"] == 1


@pytest.mark.usefixtures("filled")
def test_duplicate_has_a_tab_of_its_own(desk: Desk, window: Window) -> None:
    """Named like the first, with a number; both are filled."""
    window.click("Duplicate")
    window.click("Create and fill")
    window.expect_screen("Order lines 2")
    window.expect_news("4 rows added")
    tabs = desk.book.tabs()
    assert desk.book.cells(tabs["Order lines 2"]) == desk.book.cells(tabs["Order lines"])


def test_form_can_be_used_by_everybody(form: Form) -> None:
    """Each part open: axe-core finds nothing, and nothing scrolls sideways at 300 pixels."""
    form.window.expect_news("newest orders")
    for part in PARTS:
        form.open(part)
        if part == "Which orders":
            form.window.click("Add a condition")
        if part == "Columns":
            form.window.click("Add columns")
        assert violations(form.window.page.frames[-1]) == [], part
        wide = form.window.sidebar.locator(":root").evaluate("(root) => root.scrollWidth - root.clientWidth")
        assert wide == 0, part
