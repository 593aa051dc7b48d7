"""The page for whoever runs it, over the whole stack."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from infra.local.demo.merchant import Merchant
from infra.local.stack import Stack
from tests.browser.accessibility import violations
from tests.e2e.desk import Desk


@pytest.fixture
def desk(merchant: Merchant, tmp_path: Path) -> Desk:
    """Her shop is empty yet."""
    return Desk(merchant, tmp_path)


@pytest.fixture
def ops(page: Page, stack: Stack) -> Iterator[Page]:
    page.goto(f"{stack.urls['desk']}/ops")
    yield page
    httpx.delete(f"{stack.urls['desk']}/ops/switches").raise_for_status()


def row(page: Page, table: str, name: str) -> Locator:
    rows = page.get_by_role("table", name=table).get_by_role("row")
    return rows.filter(has=page.get_by_role("rowheader", name=name, exact=True)).first


def test_run_waits_while_sheets_refuses_and_goes_on_afterwards(ops: Page, desk: Desk) -> None:
    """The budget tells until when nobody calls; with the fault switched off the run completes."""
    desk.fill_shop(orders=3)
    automation = desk.automate(name="Waits for Google")
    refusal = ops.get_by_role("switch", name="Sheets refuses every call")
    refusal.click()
    expect(refusal).to_be_checked()
    run_id = desk.start(automation)
    run = row(ops, "Runs: the open ones, then the newest", "Waits for Google")
    expect(run).to_contain_text("running")
    closed = ops.get_by_role("table", name="Budgets of Google Sheets: calls of the last minute").locator("td.bad")
    expect(closed.filter(has_text=":").first).to_be_visible()
    expect(row(ops, "Lanes: held, or with runs that wait", desk.shop.domain)).to_contain_text("held")
    refusal.click()
    expect(refusal).not_to_be_checked()
    expect(run).to_contain_text("completed")
    assert desk.ended(run_id)["counts"]["orders"] == 3


def test_paused_queue_keeps_runs_waiting(ops: Page, desk: Desk) -> None:
    """Its task is counted; resumed, the queue lets the run go."""
    desk.fill_shop(orders=1)
    automation = desk.automate(name="Waits in the queue")
    ops.get_by_role("button", name="Pause interactive").press("Enter")
    resume = ops.get_by_role("button", name="Resume interactive")
    expect(resume).to_be_focused()
    desk.start(automation)
    run = row(ops, "Runs: the open ones, then the newest", "Waits in the queue")
    expect(run).to_contain_text("pending")
    resume.press("Enter")
    expect(run).to_contain_text("completed")


def test_tick_can_be_paused_and_run(ops: Page) -> None:
    """Through Cloud Scheduler; a paused job has no button to run it."""
    at_once = ops.get_by_role("button", name="Run tick now")
    at_once.click()
    tick = row(ops, "Scheduled jobs", "tick")
    expect(tick.get_by_role("cell").nth(2)).not_to_be_empty()
    ops.get_by_role("button", name="Pause tick").click()
    expect(at_once).to_be_hidden()
    ops.get_by_role("button", name="Resume tick").click()
    expect(at_once).to_be_visible()


def test_page_keeps_the_rules_of_accessibility(ops: Page) -> None:
    """With its tables filled."""
    expect(ops.get_by_role("switch", name="Sheets is slow")).to_be_visible()
    assert violations(ops) == []


def test_desk_and_operations_lead_to_each_other(ops: Page) -> None:
    """There and back again."""
    ops.get_by_role("link", name="Spreadsheet").click()
    ops.get_by_role("link", name="Operations").click()
    expect(ops.get_by_role("heading", name="Operations", level=1)).to_be_visible()
