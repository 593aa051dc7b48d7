"""No rule of axe-core speaks against any screen, and what holds for all of them."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from infra.local.demo.google_account import GoogleAccount
from infra.local.stack import Stack
from tests.browser.accessibility import violations
from tests.browser.sidebar import tours
from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk
from tests.shop import Shop


@pytest.fixture
def found() -> Iterator[list[str]]:
    """What is wrong, to be empty in the end."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def look(found: list[str]) -> tours.Look:
    return lambda name, window: found.extend(f"{name}: {each}" for each in violations(window.page.frames[-1]))


def test_first_steps_can_be_taken_by_everyone(page: Page, stack: Stack, tmp_path: Path, look: tours.Look) -> None:
    """Each step of setting up, each part of the form."""
    shop = Shop.new(stack)
    tours.stock(shop, tmp_path)
    ann = GoogleAccount(stack, f"{uuid.uuid4().hex[:12]}@shop.example")
    window = Window(page, stack, person=ann.email, spreadsheet_id=ann.create_spreadsheet("My shop"))
    tours.set_up(window, shop.domain, look)
    tours.fill_in(window, look)
    window.expect_news("Orders:")


@pytest.mark.parametrize("tour", [tours.run, tours.home, tours.trouble], ids=lambda tour: tour.__name__)
def test_screens_can_be_used_by_everyone(
    tour: tours.Tour, desk: Desk, open_window: OpenWindow, tmp_path: Path, look: tours.Look
) -> None:
    """Home, an automation and its runs in every state, settings, a question, what is shown while nothing answers."""
    tours.stock(desk.shop, tmp_path)
    tour(desk, open_window, look)


def test_focus_is_on_the_heading_of_a_new_screen(desk: Desk, open_window: OpenWindow) -> None:
    """A screen reader says where the person is; Escape goes back."""
    desk.automate()
    window = open_window()
    window.click("Order lines")
    expect(window.heading("Order lines")).to_be_focused()
    window.page.keyboard.press("Escape")
    expect(window.heading("Tabkeeper")).to_be_focused()
