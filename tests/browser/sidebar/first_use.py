"""`make first-use`: from an empty spreadsheet to orders in it by the shortest way, each click and key counted."""

import re
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from infra.local.demo.command import SAMPLE
from infra.local.demo.google_account import GoogleAccount
from infra.local.demo.shop import Shop
from infra.local.stack import Stack
from tests.browser import chromium
from tests.browser.sidebar.window import PATIENCE_MS, Window

SHOP = "my-shop"
ORDER = re.compile(r"^#\d")
TOLD = "first use: clicks={clicks} keystrokes={keystrokes} seconds={seconds:.1f}"
HEARD = """
for (const kind of ['pointerdown', 'keydown'])
  addEventListener(kind, (event) => event.isTrusted && heard(kind), { capture: true });
"""


@dataclass(frozen=True)
class Effort:
    clicks: int
    keystrokes: int
    seconds: float
    """From the first click until the first order shows in the grid, for somebody who reads and thinks in no time."""

    def __str__(self) -> str:
        return TOLD.format(clicks=self.clicks, keystrokes=self.keystrokes, seconds=self.seconds)


class Person:
    """Whom nobody has met before, in front of an empty spreadsheet of hers, with the sidebar closed."""

    def __init__(self, context: BrowserContext, stack: Stack) -> None:
        self._done: Counter[str] = Counter()
        context.expose_function("heard", self._hear)
        context.add_init_script(HEARD)
        google = GoogleAccount(stack, f"{uuid.uuid4().hex[:12]}@shop.example")
        book = google.create_spreadsheet("My shop")
        self.window = Window(context.new_page(), stack, person=google.email, spreadsheet_id=book, opened=False)

    def begin(self, shop_name: str) -> Effort:
        """Until the first order is there."""
        window, page = self.window, self.window.page
        menu = page.get_by_role("button", name="Extensions")
        expect(menu).to_be_visible()
        begun = time.monotonic()
        menu.click()
        page.get_by_role("menuitem", name="Open Tabkeeper").click()
        address = window.sidebar.get_by_label("Your Shopify address")
        address.click()
        address.press_sequentially(shop_name)
        window.consent("Connect shop", "Install")
        window.consent("Continue with Google", "Allow")
        window.click("Orders")
        window.click("Create and fill")
        expect(page.get_by_role("gridcell", name=ORDER).first).to_be_visible(timeout=PATIENCE_MS)
        seconds = time.monotonic() - begun
        return Effort(clicks=self._done["pointerdown"], keystrokes=self._done["keydown"], seconds=seconds)

    def _hear(self, kind: str) -> None:
        self._done[kind] += 1


def main(tell: Callable[[str], None] = print) -> int:
    executable = chromium.found()
    if executable is None:
        tell(f"no Chromium; {chromium.INSTALL_LINE}")
        return 1
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder)) as stack, chromium.running(executable) as browser:
        shop = Shop(stack, domain=f"{SHOP}.myshopify.com")
        shop.open()
        shop.load(SAMPLE)
        tell(str(Person(browser.new_context(), stack).begin(SHOP)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
