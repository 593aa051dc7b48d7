"""A merchant whose shop is connected, and the sidebar open beside her spreadsheet."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import BrowserContext

from infra.local.demo.merchant import Merchant
from tests.browser.sidebar.window import Window
from tests.e2e.desk import Desk

OpenWindow: TypeAlias = Callable[[], Window]


@pytest.fixture
def desk(merchant: Merchant, tmp_path: Path) -> Desk:
    """Her shop is empty yet."""
    return Desk(merchant, tmp_path)


@pytest.fixture
def open_window(context: BrowserContext, desk: Desk) -> OpenWindow:
    """Each call opens another window of hers on the same spreadsheet."""
    return lambda: Window(context.new_page(), desk.stack, person=desk.ann.email, spreadsheet_id=desk.book.id)
