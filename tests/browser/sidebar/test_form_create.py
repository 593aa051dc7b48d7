"""From a template to orders in a tab: with two clicks, or chosen part by part."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.form import Form
from tests.e2e.desk import Desk

HEADERS = [
    "Order",
    "Ordered",
    "Customer",
    "Email",
    "Total",
    "Refunded",
    "Payment",
    "Delivery",
    "Country",
    "Tags",
    "Note",
]


@pytest.fixture
def form(desk: Desk, open_window: OpenWindow) -> Form:
    """Of the template Orders; two orders are in the shop, over 10 and 300."""
    desk.shop.put("#1", lines=[{"title": "Socks", "quantity": 1, "price": "10"}])
    desk.shop.put("#2", lines=[{"title": "Coat", "quantity": 1, "price": "300"}])
    window = open_window()
    window.click("Orders")
    return Form(window)


def created(desk: Desk) -> dict[str, Any]:
    (automation,) = desk.ann.http.get("/v1/automations").json()["automations"]
    return dict(automation)


def test_two_clicks_bring_orders_into_a_new_tab(desk: Desk, form: Form) -> None:
    """The form shows what is going to be there; then the automation's own screen shows the run."""
    form.expect_preview("From your 2 newest orders", ["#2", "#1"])
    form.window.click("Create and fill")
    form.window.expect_screen("Orders")
    form.window.expect_news("2 rows added")
    assert desk.book.columns(created(desk)["sheet_id"], "Order", "Total") == [("#1", 10), ("#2", 300)]
    assert desk.book.tabs().keys() == {"Sheet1", "Orders"}


def test_conditions_narrow_the_preview_and_the_tab(desk: Desk, form: Form) -> None:
    """Said in words, with the numbers that a person types."""
    form.open("Which orders")
    form.window.click("Add a condition")
    expect(form.field("Field")).to_be_focused()
    form.choose("Field", "Total")
    form.choose("Comparison", "is at least")
    form.type("Value", "100.5")
    expect(form.window.button("Which orders")).to_have_accessible_description("Total is at least 100.5")
    form.expect_preview("1 of your 2 newest orders would be in the tab", ["#2"])
    form.window.click("Create and fill")
    form.window.expect_news("1 row added")
    assert desk.book.columns(created(desk)["sheet_id"], "Order") == [("#2",)]


def test_condition_that_says_too_little_gets_the_focus(desk: Desk, form: Form) -> None:
    """Nothing is created before it says what to compare with."""
    form.open("Which orders")
    form.window.click("Add a condition")
    form.open("Columns")
    form.window.click("Create and fill")
    value = form.field("Value")
    expect(value).to_be_focused()
    expect(value).to_have_accessible_description("Say what to compare with, or remove this condition.")
    assert desk.ann.http.get("/v1/automations").json() == {"automations": []}


@pytest.mark.usefixtures("paused_queues")
def test_columns_are_removed_added_renamed_and_moved_by_keys(desk: Desk, form: Form) -> None:
    """The focus stays with what was moved, and each move is read aloud."""
    form.open("Columns")
    for header in HEADERS[2:]:
        form.window.click(f"Remove {header}")
    form.window.click("Add columns")
    form.type("Search columns", "city")
    form.window.sidebar.get_by_role("checkbox", name="Shipping city").check()
    form.window.click("Done")
    form.window.click("Ordered")
    form.type("Header", "When")
    form.choose("Shown as", "Date")
    handle = form.window.button("Move Shipping city")
    handle.press("ArrowUp")
    handle.press("ArrowUp")
    expect(handle).to_be_focused()
    form.window.expect_news("Shipping city is now column 1 of 3.")
    form.window.click("Create and fill")
    expect(form.window.button("Stop")).to_be_visible()
    chosen = [(column["header"], column["type"]) for column in created(desk)["configuration"]["columns"]]
    assert chosen == [("Shipping city", "text"), ("Order", "text"), ("When", "date")]


def test_columns_are_dragged(form: Form) -> None:
    """By their handles; the list moves along."""
    form.open("Columns")
    form.drag("Move Note", onto="Move Order")
    expect(form.columns()).to_have_text([re.compile(f"^{header}") for header in ["Note", *HEADERS[:-1]]])


def test_complaint_of_the_backend_stands_beside_its_column(form: Form) -> None:
    """While it is typed already; what is wrong is where the focus goes instead of creating."""
    form.open("Columns")
    form.window.click("Customer")
    form.type("Header", "Order")
    expect(form.field("Header")).to_have_accessible_description("column 1 already has the header Order")
    form.open("When")
    form.window.click("Create and fill")
    expect(form.window.sidebar.get_by_role("alert")).to_contain_text("Please look at what is marked.")
    expect(form.field("Header")).to_be_focused()
    form.type("Header", "Buyer")
    form.expect_preview("From your 2 newest orders", ["#2", "#1"])
    expect(form.window.sidebar.get_by_role("alert")).to_have_count(0)


def test_empty_tab_of_the_spreadsheet_is_filled(desk: Desk, form: Form) -> None:
    """Where one is; tabs with something in them are not offered."""
    form.open("Where")
    assert form.options("Write into") == ["A new tab", "“Sheet1” (empty)"]
    form.choose("Write into", "“Sheet1” (empty)")
    form.window.click("Create and fill")
    form.window.expect_screen("Sheet1")
    form.window.expect_news("2 rows added")
    assert desk.book.columns(0, "Order") == [("#1",), ("#2",)]


@pytest.mark.usefixtures("paused_queues")
def test_times_are_chosen_in_words(desk: Desk, form: Form) -> None:
    """With the cron line and the next three times beside them, in the spreadsheet's zone."""
    form.open("When")
    form.window.sidebar.get_by_role("checkbox", name="As orders change in the shop").uncheck()
    form.choose("On a schedule", "On chosen days at …")
    form.window.sidebar.get_by_role("checkbox", name="Thursday").check()
    form.type("Time", "06:30")
    form.window.expect_text("Cron: 30 6 * * 1,4")
    form.window.expect_text("Next: ")
    form.window.click("Create and fill")
    expect(form.window.button("Stop")).to_be_visible()
    configuration = created(desk)["configuration"]
    assert (configuration["schedule"]["cron"], configuration["on_change"]) == ("30 6 * * 1,4", False)


def test_cron_line_of_ones_own_is_judged_at_once(form: Form) -> None:
    """In the backend's words, beside the line."""
    form.open("When")
    form.choose("On a schedule", "My own cron line")
    form.type("Cron line", "* * * * *")
    expect(form.field("Cron line")).to_have_accessible_description(re.compile("5 minutes apart"))


def test_shop_that_refuses_is_told_in_the_preview(desk: Desk, form: Form) -> None:
    """With the way on; when it lets us in again, the preview does, too."""
    token = desk.shop.token
    desk.shop.replace_token("shpat_another")
    form.open("Columns")
    form.window.click("Remove Note")
    expect(form.window.sidebar.get_by_role("alert")).to_contain_text("Connect the shop again")
    desk.shop.replace_token(token)
    form.window.click("Try again")
    form.expect_preview("From your 2 newest orders", ["#2", "#1"])
