"""Ways through the sidebar that pass every screen and state of it: each is judged by axe-core, and photographed."""

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from playwright.sync_api import Route, expect

from infra.local.demo.command import SAMPLE
from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk
from tests.shop import Shop

Look: TypeAlias = Callable[[str, Window], None]
"""Called with the name of a screen or state whenever there is another to be seen."""
Tour: TypeAlias = Callable[[Desk, OpenWindow, Look], None]

WRITE = "spreadsheets.batchUpdate"
WRITE_S = 4.0
"""Of a write that is to be seen going on."""
SAMPLE_LINES = 3_000
NEW_AT = "2011-01-26T10:00:00Z"
"""When orders were made that the sample does not have: on the day after its last."""
API = re.compile(r"/v1/")


def stock(shop: Shop, folder: Path) -> None:
    """With orders that people once made, enough for three writes of their lines."""
    file = folder / "orders.csv"
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as sample:
        file.write_text("".join(islice(sample, SAMPLE_LINES)), encoding="utf-8")
    shop.load(file)


def set_up(window: Window, shop_name: str, look: Look) -> None:
    """By somebody whom nobody has met before."""
    address = window.sidebar.get_by_label("Your Shopify address")
    expect(address).to_be_visible()
    look("connect-shop", window)
    address.fill(shop_name)
    with window.page.context.expect_page() as opened:
        window.click("Connect shop")
    expect(window.button("Cancel")).to_be_visible()
    look("consent", window)
    opened.value.get_by_role("button", name="Install").click()
    expect(window.button("Continue with Google")).to_be_visible()
    look("link-account", window)
    window.consent("Continue with Google", "Allow")
    expect(window.button("Daily sales")).to_be_visible()
    look("templates", window)


def fill_in(window: Window, look: Look) -> None:
    """The form, part by part, from the templates to what it makes."""
    part = partial(window.sidebar.get_by_label, exact=True)
    window.click("Orders")
    expect(window.sidebar.get_by_role("region", name="Preview")).to_be_visible()
    look("form", window)
    window.click("Which orders")
    window.click("Add a condition")
    part("Field").select_option("Payment status")
    part("Value").select_option("Paid")
    window.expect_text("would be in the tab")
    look("form-which", window)
    window.click("Columns")
    look("form-columns", window)
    window.click("Add columns")
    look("form-add-columns", window)
    window.click("Done")
    window.click("Where")
    look("form-where", window)
    window.click("When")
    part("On a schedule").select_option("On chosen days at …")
    window.expect_text("Next:")
    look("form-when", window)
    window.click("More options")
    look("form-more", window)
    window.click("Create and fill")


def run(desk: Desk, open_window: OpenWindow, look: Look) -> None:
    """An automation, what a run would change, a run, one that fails, what was, a question."""
    order, *_ = desk.shop.rows()
    desk.automate()
    window = open_window()
    window.click("Order lines")
    window.click("Run now")
    window.expect_news("Order lines:")
    look("automation", window)
    desk.shop.edit(order[0], "lines", change=[{"line": order[1], "quantity": 90}])
    desk.shop.put(
        "#600000", lines=[{"sku": "TEA", "title": "TEA FOR TWO", "quantity": 2, "price": "7.50"}], created_at=NEW_AT
    )
    window.click("See first what would change")
    expect(window.button("Do it now")).to_be_visible(timeout=90_000)
    look("dry-run", window)
    window.click("Do it now")
    window.expect_news("Order lines: 1 row added, 1 row updated")
    look("run", window)
    window.click("Back")
    desk.book.edit({"deleteSheet": {"sheetId": desk.book.tabs()["Order lines"]}})
    desk.shop.put(
        "#600001", lines=[{"sku": "TEA", "title": "TEA FOR ONE", "quantity": 1, "price": "7.50"}], created_at=NEW_AT
    )
    window.click("Run now")
    window.expect_text("This waits for you")
    look("needs-you", window)
    window.click("History")
    failed = window.sidebar.get_by_role("listitem").first
    expect(failed).to_contain_text("Failed")
    look("history", window)
    failed.get_by_role("button").click()
    expect(window.button("Make the tab again")).to_be_visible()
    look("failed-run", window)
    window.click("Back")
    window.click("Back")
    window.click("Delete")
    look("question", window)
    window.confirm("Cancel")


def home(desk: Desk, open_window: OpenWindow, look: Look) -> None:
    """Automations in every state, one of them at work; settings."""
    for key in ("orders", "daily_sales"):
        desk.completed(_made(desk, key))
    unfulfilled = _made(desk, "unfulfilled_orders")
    desk.ann.http.post(f"/v1/automations/{unfulfilled['id']}/pause").raise_for_status()
    refunds = _made(desk, "refunds")
    desk.completed(refunds)
    desk.book.edit({"deleteSheet": {"sheetId": refunds["sheet_id"]}})
    desk.ended(desk.start(refunds))
    desk.book.fault("delay", calls=WRITE, times=20, delay_s=WRITE_S)
    window = open_window()
    window.click("Settings")
    window.expect_screen("Settings")
    look("settings", window)
    window.click("Back")
    desk.start(_made(desk, "order_lines"))
    window.look()
    window.expect_text(re.compile(r"Running · [1-9]"))
    look("home", window)
    window.click("Order lines")
    window.expect_text(re.compile("of about"))
    look("running", window)
    window.click("Stop")
    window.expect_news("Order lines: Stopped")
    window.click("Back")
    window.click("Unfulfilled orders")
    expect(window.button("Resume")).to_be_visible()
    look("paused", window)


def trouble(desk: Desk, open_window: OpenWindow, look: Look) -> None:
    """A backend that is out of reach or does not answer, a person who is offline."""
    desk.automate()
    window = open_window()
    expect(window.button("Order lines")).to_be_visible()
    with _answered(window, lambda route: route.abort()):
        window.look()
        window.expect_news("Tabkeeper cannot be reached at the moment.")
        look("unreachable", window)
    expect(window.sidebar.get_by_text("cannot be reached")).to_have_count(0)
    window.page.context.set_offline(True)
    window.expect_news("You are offline.")
    look("offline", window)
    window.page.context.set_offline(False)
    with _answered(window, lambda _: None):
        window.page.reload()
        expect(window.sidebar.get_by_role("status", name="Loading")).to_be_visible()
        look("loading", window)
    with _answered(window, lambda route: route.abort()):
        window.page.reload()
        expect(window.button("Try again")).to_be_visible()
        look("not-opened", window)


@contextmanager
def _answered(window: Window, answer: Callable[[Route], None]) -> Iterator[None]:
    """The backend's place in the network is taken by `answer`."""
    window.page.context.route(API, answer)
    yield
    window.page.context.unroute(API, answer)


def _made(desk: Desk, key: str) -> dict[str, Any]:
    """An automation from a template as it stands, but run by hand."""
    templates = desk.ann.http.get("/v1/templates", params={"platform": "shopify"}).json()["templates"]
    (template,) = (each for each in templates if each["key"] == key)
    where = {"spreadsheet_id": desk.book.id, "title": template["tab_title"]}
    return desk.automate(
        **template["configuration"] | {"name": template["title"], "destination": where, "on_change": False}
    )
