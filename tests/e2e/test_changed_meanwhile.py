"""What a run is about changes while it is under way: the tab ends as the automation and the spreadsheet are now."""

from typing import Any

from infra.local.demo.merchant import COLUMNS
from tests.e2e.desk import Desk
from tests.e2e.executions import await_execution, cancel_execution

WRITE = "spreadsheets.batchUpdate"
KEY = "the run's key"


def dates(desk: Desk, automation: dict[str, Any]) -> dict[str, float]:
    """By order, in days."""
    return dict(desk.book.columns(automation["sheet_id"], "Order", "Date"))


def test_automation_changed_between_two_attempts(desk: Desk) -> None:
    """The second attempt does not go on from where the first, which made other rows, had come to."""
    desk.fill_shop(orders=310, lines=1)
    automation = desk.automate()
    desk.book.fault("delay", calls=WRITE, skip=1, delay_s=1.0)
    run_id = desk.start(automation, key=KEY)
    desk.book.await_faults()
    cancel_execution(desk.stack, await_execution(desk.stack, desk.connection_id))
    assert desk.waiting(run_id)["counts"]["added"] == 300
    texts = [{"key": key, "header": header, "type": "text"} for key, header, _ in COLUMNS]
    desk.ann.change_automation(automation["id"], columns=texts)
    desk.ann.start_run(automation["id"], key=KEY)
    assert desk.ended(run_id)["status"] == "completed"
    quantities = [quantity for (quantity,) in desk.book.columns(automation["sheet_id"], "Quantity")]
    assert (len(quantities), {type(quantity) for quantity in quantities}) == (310, {str})


def test_time_zone_changed_under_a_run(desk: Desk) -> None:
    """A run counts days by one zone; where it had to read the tab again in another, the next run writes them anew."""
    desk.fill_shop(orders=310, lines=1)
    automation = desk.automate()
    zone = {"updateSpreadsheetProperties": {"properties": {"timeZone": "Asia/Tokyo"}, "fields": "timeZone"}}
    rows = {"sheetId": automation["sheet_id"], "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
    desk.book.fault("edit_before", calls=WRITE, skip=2, requests=[zone, {"insertDimension": {"range": rows}}])
    desk.completed(automation)
    before = dates(desk, automation)
    assert desk.completed(automation)["counts"]["updated"] == 310
    after = dates(desk, automation)
    assert {round((after[name] - before[name]) * 24, 6) for name in before} == {9.0}
