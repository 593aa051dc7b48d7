"""A window with the sidebar beside the spreadsheet, used as a person uses it: by what its controls are and say."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from infra.local.stack import Stack

PATIENCE_MS = 90_000
"""Of a run's end: its worker is to start first."""
SIDEBAR = 'iframe[title="Tabkeeper"]'


class Window:
    def __init__(self, page: Page, stack: Stack, *, person: str, spreadsheet_id: str, opened: bool = True) -> None:
        self.page = page
        self.sidebar = page.frame_locator(SIDEBAR)
        wanted = {"person": person, "spreadsheet": spreadsheet_id} | ({"open": "1"} if opened else {})
        page.goto(f"{stack.urls['desk']}/?{urlencode(wanted)}")

    def look(self) -> None:
        """Turn to this window."""
        self.page.bring_to_front()
        self.sidebar.locator(":root").evaluate("() => window.dispatchEvent(new Event('focus'))")

    def button(self, name: str) -> Locator:
        return self.sidebar.get_by_role("button", name=name, exact=True)

    def click(self, name: str) -> None:
        """In the window that is in front; Chromium may drop a click in one behind it."""
        self.page.bring_to_front()
        self.button(name).click()

    def consent(self, click: str, answer: str) -> None:
        """In the window that the click opens."""
        with self.page.context.expect_page() as opened:
            self.click(click)
        opened.value.get_by_role("button", name=answer, exact=True).click()

    def confirm(self, name: str) -> None:
        """In the question that is asked."""
        self.sidebar.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    def heading(self, name: str) -> Locator:
        return self.sidebar.get_by_role("heading", name=name, exact=True)

    def expect_screen(self, title: str) -> None:
        expect(self.sidebar.get_by_role("heading", level=1)).to_have_text(title)

    def expect_button(self, name: str) -> None:
        expect(self.button(name)).to_be_visible(timeout=PATIENCE_MS)

    def expect_text(self, words: str | re.Pattern[str]) -> None:
        expect(self.sidebar.get_by_text(words).first).to_be_visible(timeout=PATIENCE_MS)

    def expect_news(self, words: str) -> None:
        """What is read aloud."""
        expect(self.sidebar.get_by_role("status").filter(has_text=words).first).to_be_visible(timeout=PATIENCE_MS)
