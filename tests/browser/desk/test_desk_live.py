"""The desk of the whole stack: what a run writes shows while the person looks on."""

import uuid
from pathlib import Path

from playwright.sync_api import Page, expect

from infra.local.demo.merchant import Merchant
from infra.local.stack import Stack
from tests.e2e.desk import Desk as MerchantsDesk


def test_rows_of_a_run_show_by_themselves(page: Page, stack: Stack, tmp_path: Path) -> None:
    """In the open tab, without a click; the column that Tabkeeper hides is marked."""
    ann = Merchant(stack, email=f"{uuid.uuid4().hex[:12]}@shop.example")
    ann.sign_in()
    desk = MerchantsDesk(ann, tmp_path)
    desk.shop.put("#1001")
    automation = desk.automate()
    desk.completed(automation)
    page.goto(f"{stack.urls['desk']}/?person={ann.email}&spreadsheet={desk.book.id}")
    page.get_by_role("tab", name="Order lines").click()
    expect(page.get_by_role("gridcell", name="#1001").first).to_be_visible()
    expect(page.get_by_role("button", name="Show column B")).to_be_visible()
    desk.shop.put("#1002")
    desk.completed(automation)
    expect(page.get_by_role("gridcell", name="#1002").first).to_be_visible()
    ann.close()
