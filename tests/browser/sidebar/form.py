"""The form of an automation, used by its labels."""

from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from tests.browser.sidebar.window import Window


class Form:
    def __init__(self, window: Window) -> None:
        self.window = window

    def open(self, part: str) -> None:
        self.window.click(part)
        expect(self.window.button(part)).to_have_attribute("aria-expanded", "true")

    def field(self, label: str) -> Locator:
        """The last of these."""
        return self.window.sidebar.get_by_label(label, exact=True).last

    def type(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.field(label).select_option(label=option)

    def options(self, label: str) -> list[str]:
        return self.field(label).get_by_role("option").all_text_contents()

    def columns(self) -> Locator:
        """The buttons that open them, which bear their headers."""
        return self.window.sidebar.get_by_role("list", name="Columns, in their order").locator("[aria-expanded]")

    def drag(self, handle: str, *, onto: str) -> None:
        """With the mouse, in steps as a hand moves."""
        mouse = self.window.page.mouse
        mouse.move(*_middle(self.window.button(handle)))
        mouse.down()
        mouse.move(*_middle(self.window.button(onto)), steps=6)
        mouse.up()

    def expect_preview(self, words: str, first_cells: Sequence[str]) -> None:
        self.window.expect_news(words)
        expect(self.window.sidebar.get_by_role("table").locator("tbody td:first-child")).to_have_text(first_cells)


def _middle(control: Locator) -> tuple[float, float]:
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
