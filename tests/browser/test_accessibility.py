"""The judge of the sidebar's screens can say no."""

from playwright.sync_api import Page

from tests.browser.accessibility import violations

FAULTY = "<main><h1>Orders</h1><input type='text'></main>"
SOUND = "<main><h1>Orders</h1><label>Shop <input type='text'></label></main>"


def document(body: str) -> str:
    return f"<!doctype html><html lang='en'><title>Orders</title><body>{body}</body></html>"


def test_field_without_a_name_is_found_in_a_sandboxed_frame(page: Page) -> None:
    """The sidebar stands in such a frame, of an origin of its own."""
    page.set_content(document('<iframe title="Sidebar" sandbox="allow-scripts"></iframe>'))
    page.locator("iframe").evaluate("(frame, text) => { frame.srcdoc = text; }", document(FAULTY))
    page.frame_locator("iframe").get_by_role("textbox").wait_for()
    (found,) = violations(page.frames[-1])
    assert found.startswith("label: ")


def test_sound_page_is_passed(page: Page) -> None:
    """No rule of axe-core speaks against a page that keeps them."""
    page.set_content(document(SOUND))
    assert violations(page) == []
