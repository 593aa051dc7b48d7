"""Two windows open at once, a session that ends, a backend that is slow or away, a person who is offline."""

import os
import signal

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.sidebar.conftest import OpenWindow
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk


@pytest.fixture
def window(desk: Desk, open_window: OpenWindow) -> Window:
    desk.automate()
    return open_window()


def test_what_one_window_does_the_other_shows(desk: Desk, open_window: OpenWindow, window: Window) -> None:
    """As soon as a person looks at it; a screen of what is gone says so."""
    other = open_window()
    other.click("Order lines")
    window.click("Order lines")
    window.click("Pause")
    expect(window.button("Resume")).to_be_visible()
    other.look()
    expect(other.button("Resume")).to_be_visible()
    window.click("Delete")
    window.confirm("Delete")
    other.look()
    other.expect_screen("No longer there")


def test_click_on_what_changed_meanwhile_shows_how_it_is(desk: Desk, window: Window) -> None:
    """Without waiting for the next look."""
    window.click("Order lines")
    expect(window.button("Run now")).to_be_visible()
    (automation,) = desk.ann.http.get("/v1/automations").json()["automations"]
    desk.ann.http.post(f"/v1/automations/{automation['id']}/pause").raise_for_status()
    window.click("Run now")
    expect(window.button("Resume")).to_be_visible(timeout=20_000)


def test_run_begun_in_one_window_moves_in_the_other(
    desk: Desk, open_window: OpenWindow, window: Window, paused_queues: None
) -> None:
    """Both show it, and either can stop it."""
    other = open_window()
    expect(other.button("Order lines")).to_be_visible()
    window.click("Run “Order lines” now")
    other.look()
    other.click("Order lines")
    other.click("Stop")
    expect(window.button("Run “Order lines” now")).to_be_visible()


def test_session_that_ends_in_mid_use_is_renewed_unseen(context: BrowserContext, desk: Desk, window: Window) -> None:
    """The click that found it ended does what it was to do."""
    window.click("Order lines")
    with context.expect_event("request", lambda request: "/v1/runs" in request.url) as asked:
        window.look()
    token = asked.value.headers["authorization"]
    desk.ann.http.post("/v1/token/revoke", headers={"Authorization": token}).raise_for_status()
    window.click("Pause")
    expect(window.button("Resume")).to_be_visible()
    expect(window.sidebar.get_by_role("alert")).to_have_count(0)


def test_slow_backend_is_waited_for(desk: Desk, window: Window) -> None:
    """The button says that it is at work, and a second click does nothing."""
    window.click("Order lines")
    backend = desk.stack.processes["backend"]
    os.killpg(backend.pid, signal.SIGSTOP)
    try:
        window.click("Pause")
        expect(window.button("Pause")).to_have_attribute("aria-busy", "true")
    finally:
        os.killpg(backend.pid, signal.SIGCONT)
    expect(window.button("Resume")).to_be_visible()


def test_backend_that_is_away_is_told_and_comes_back(desk: Desk, window: Window) -> None:
    """What was known stays to be seen; it goes on by itself."""
    expect(window.button("Order lines")).to_be_visible()
    backend = desk.stack.processes["backend"]
    backend.stop()
    try:
        window.look()
        window.expect_news("Tabkeeper cannot be reached at the moment.")
        expect(window.button("Order lines")).to_be_visible()
    finally:
        desk.stack.processes["backend"] = backend.again()
    expect(window.sidebar.get_by_text("Tabkeeper cannot be reached")).to_have_count(0)


def test_person_who_is_offline_is_told(context: BrowserContext, window: Window) -> None:
    """And what is shown goes on once they are back."""
    window.click("Order lines")
    context.set_offline(True)
    window.expect_news("You are offline.")
    context.set_offline(False)
    expect(window.sidebar.get_by_text("You are offline.")).to_have_count(0)
