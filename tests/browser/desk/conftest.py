from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.desk import Desk, running_desk


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running_desk(tmp_path_factory.mktemp("checkout")) as desk:
        yield desk


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Page]:
    """One for all tests of a module: to open a page anew takes longer than most of them."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    thrown: list[str] = []
    context.on("weberror", lambda each: thrown.append(str(each.error)))
    yield context.new_page()
    context.close()
    assert thrown == []
