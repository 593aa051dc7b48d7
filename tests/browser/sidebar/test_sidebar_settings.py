"""Shops, accounts, and who is signed in."""

import pytest
from playwright.sync_api import expect

from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk


@pytest.fixture
def window(desk: Desk, open_window: OpenWindow) -> Window:
    del desk
    window = open_window()
    window.click("Settings")
    return window


def test_shop_is_disconnected(desk: Desk, window: Window) -> None:
    """It asks first; where nothing uses it any more, it is gone."""
    window.click(f"Disconnect {desk.shop.domain.partition('.')[0]}")
    window.confirm("Disconnect")
    expect(window.sidebar.get_by_text(desk.shop.domain)).to_have_count(0)
    assert desk.ann.http.get("/v1/connections").json() == {"connections": []}


def test_account_in_use_stays_and_the_reason_is_said(desk: Desk, window: Window) -> None:
    """The sentence names the automation."""
    desk.automate()
    window.click(f"Unlink {desk.ann.email}")
    window.confirm("Unlink")
    expect(window.sidebar.get_by_role("alert")).to_have_text("The automation “Order lines” still uses it.")


def test_person_signs_out_and_in_again(window: Window) -> None:
    """Nothing is asked of the backend in between."""
    window.click("Sign out")
    window.expect_text("You are signed out.")
    window.click("Sign in again")
    expect(window.button("Settings")).to_be_visible()
