"""`make screenshots`: the sidebar, screen by screen, as docs/sidebar.md shows it, and the desk."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from infra.local.demo.google_account import GoogleAccount
from infra.local.demo.merchant import EMAIL, Merchant
from infra.local.stack import CHECKOUT, Stack
from tests.browser import chromium
from tests.browser.png import shrunk
from tests.browser.sidebar import tours
from tests.browser.sidebar.window import PATIENCE_MS, SIDEBAR, Window
from tests.conftest import LINGERING
from tests.e2e.desk import Desk
from tests.shop import Shop

IMAGES = CHECKOUT / "docs/images"
SHOP = "lantern-and-lace"
WIDTH_PX = 1280
HEIGHT_PX = 760
SHORTEST_PX = 420
CONTENT_PX = """() => {
  const { style, offsetHeight } = Object.assign(document.getElementById('page'), { style: 'min-height: 0' });
  style.minHeight = '';
  return offsetHeight;
}"""
NO_NEWS = ".news { visibility: hidden }"


class Photographer:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def look(self, name: str, window: Window) -> None:
        """The sidebar, as high as what is in it."""
        window.page.mouse.move(0, 0)
        frame = window.page.locator(SIDEBAR)
        content_px = window.sidebar.locator(":root").evaluate(CONTENT_PX)
        box = frame.bounding_box()
        assert box is not None
        height_px = HEIGHT_PX + max(SHORTEST_PX, content_px) - box["height"]
        window.page.set_viewport_size({"width": WIDTH_PX, "height": round(height_px)})
        self._keep(f"sidebar-{name}", frame.screenshot(animations="disabled", style=NO_NEWS))
        window.page.set_viewport_size({"width": WIDTH_PX, "height": HEIGHT_PX})

    def page(self, name: str, page: Page) -> None:
        self._keep(name, page.screenshot(animations="disabled"))

    def _keep(self, name: str, picture: bytes) -> None:
        (self._folder / f"{name}.png").write_bytes(shrunk(picture))
        tell(name)


def main() -> int:
    executable = chromium.found()
    if executable is None:
        tell(f"no Chromium; {chromium.INSTALL_LINE}")
        return 1
    with tempfile.TemporaryDirectory() as name, chromium.running(executable) as browser:
        folder = Path(name)
        with Stack(folder / "stack", quota="off", settings=LINGERING) as stack:
            shop = Shop(stack, domain=f"{SHOP}.myshopify.com")
            shop.open(plan="plus")
            tours.stock(shop, folder)
            take(stack, browser, shop, folder)
    return 0


def take(stack: Stack, browser: Browser, shop: Shop, folder: Path) -> None:
    photographer = Photographer(IMAGES)
    with windows(browser, stack) as opened:
        window = opened(GoogleAccount(stack, EMAIL).create_spreadsheet("My shop"))
        tours.set_up(window, SHOP, photographer.look)
        tours.fill_in(window, photographer.look)
        window.expect_news("Orders:")
        expect(window.page.get_by_role("gridcell", name="#536365")).to_be_visible()
        photographer.page("desk", window.page)
    with closing(Merchant(stack)) as ann:
        ann.sign_in()
        for tour in (tours.run, tours.home, tours.trouble):
            desk = Desk(ann, folder, shop=shop)
            with windows(browser, stack) as opened:
                tour(desk, partial(opened, desk.book.id), photographer.look)
    ops = browser.new_page(viewport={"width": WIDTH_PX, "height": HEIGHT_PX})
    ops.goto(f"{stack.urls['desk']}/ops")
    expect(ops.get_by_role("rowheader", name="Order lines").first).to_be_visible()
    photographer.page("desk-ops", ops)


@contextmanager
def windows(browser: Browser, stack: Stack) -> Iterator[Callable[[str], Window]]:
    """Opens Ann's, each on a spreadsheet, and closes them in the end."""
    with closing(browser.new_context(viewport={"width": WIDTH_PX, "height": HEIGHT_PX})) as context:
        context.set_default_timeout(PATIENCE_MS)
        yield lambda spreadsheet_id: Window(context.new_page(), stack, person=EMAIL, spreadsheet_id=spreadsheet_id)


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
