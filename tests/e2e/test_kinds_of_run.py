"""Dry runs tell and write nothing; repairs look at every managed cell."""

from typing import Any

from tests.e2e.desk import Desk


def person_writes(desk: Desk, automation: dict[str, Any], *, row: int, column: int, text: str) -> None:
    cell = {"userEnteredValue": {"stringValue": text}}
    start = {"sheetId": automation["sheet_id"], "rowIndex": row, "columnIndex": column}
    desk.book.edit({"updateCells": {"start": start, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}})


def column_of(desk: Desk, automation: dict[str, Any], header: str) -> int:
    return desk.book.cells(automation["sheet_id"])[0].index(header)


def test_dry_run_tells_what_a_sync_would_do_and_writes_nothing(desk: Desk) -> None:
    """Counts, and the cells before and after; the spreadsheet stays byte for byte as it was."""
    desk.fill_shop(orders=10, lines=2)
    automation = desk.automate()
    desk.completed(automation)
    desk.shop.put("#NEW1", lines=[{"title": "A new thing", "quantity": 2, "price": "5.00", "sku": "NEW"}])
    desk.shop.edit("#500004", "lines", change=[{"line": "10001A", "quantity": 90}])
    before = desk.book.everything()
    run = desk.completed(automation, kind="dry")
    assert desk.book.everything() == before
    assert (run["counts"]["added"], run["counts"]["updated"], run["usage"]["writes"]) == (1, 1, 0)
    told = {(change["order"], change["column"]): (change["before"], change["after"]) for change in run["changes"]}
    assert told["#500004", "Quantity"][1] == "90"
    assert told["#500004", "Quantity"][0] not in {None, "90"}
    assert told["#NEW1", "SKU"] == (None, "NEW")
    assert ("#500004", "SKU") not in told


def test_dry_run_before_the_first_export_makes_no_tab(desk: Desk) -> None:
    """Everything would be added, at most fifty cells of it are shown, and a sync afterwards adds it."""
    desk.fill_shop(orders=10, lines=2)
    automation = desk.automate()
    before = desk.book.everything()
    run = desk.completed(automation, kind="dry")
    assert desk.book.everything() == before
    assert run["counts"]["added"] == 20
    assert len(run["changes"]) == 50
    assert all(change["before"] is None for change in run["changes"])
    assert desk.completed(automation)["counts"]["added"] == 20
    assert desk.rows(automation) == desk.shop.rows()


def test_dry_run_after_a_column_was_added_to_the_automation_adds_none(desk: Desk) -> None:
    """The column that is yet to be made counts as empty, and is not made."""
    desk.fill_shop(orders=4, lines=1)
    automation = desk.automate()
    desk.completed(automation)
    columns = automation["configuration"]["columns"]
    vendor = {"key": "vendor", "header": "Vendor", "type": "text"}
    price = {"key": "line_discount", "header": "Discount", "type": "money"}
    desk.ann.change_automation(automation["id"], columns=[*columns, vendor, price])
    before = desk.book.everything()
    run = desk.completed(automation, kind="dry")
    assert desk.book.everything() == before
    assert run["counts"]["updated"] == 4
    assert {change["column"] for change in run["changes"]} <= {"Vendor", "Discount"}


def test_repair_mends_managed_cells_and_leaves_peoples_alone(desk: Desk) -> None:
    """A sync does not look at cells whose orders did not change; a repair compares them all with the shop."""
    desk.fill_shop(orders=10, lines=2)
    automation = desk.automate()
    desk.completed(automation)
    sheet_id = automation["sheet_id"]
    desk.book.edit({"appendDimension": {"sheetId": sheet_id, "dimension": "COLUMNS", "length": 1}})
    own = len(desk.book.cells(sheet_id)[0])
    person_writes(desk, automation, row=3, column=own, text="mine")
    person_writes(desk, automation, row=3, column=column_of(desk, automation, "Product"), text="overwritten")
    person_writes(desk, automation, row=7, column=column_of(desk, automation, "Quantity"), text="many")
    assert desk.rows(automation) != desk.shop.rows()
    run = desk.completed(automation, kind="repair")
    assert desk.rows(automation) == desk.shop.rows()
    assert (run["counts"]["updated"], run["counts"]["unchanged"]) == (2, 18)
    assert desk.book.cells(sheet_id)[3][own] == "mine"


def test_unknown_kind_of_run_is_refused(desk: Desk) -> None:
    """The answer names the field and what it can be."""
    automation = desk.automate()
    url = f"/v1/automations/{automation['id']}/runs"
    answer = desk.ann.http.post(url, json={"kind": "wet"}, headers={"Idempotency-Key": "a key"})
    assert answer.status_code == 422
    assert "kind" in answer.json()["fields"]
