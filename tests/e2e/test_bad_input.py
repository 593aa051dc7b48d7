"""Bad input ends in a sentence that says what to do, the spreadsheet stays as it was, and mending it is enough."""

from typing import Any

import pytest

from infra.local.demo.google_account import GoogleAccount
from infra.local.demo.merchant import COLUMNS
from infra.local.stack import Stack
from tests.e2e.desk import Desk
from tests.spreadsheet import Spreadsheet

WRITE = "spreadsheets.batchUpdate"
ALMOST_ALL_CELLS = {"rowCount": 555, "columnCount": 18_000}
"""Of the 10,000,000 that a spreadsheet may have: 10,000 are left."""

ACTIONS = {
    "token_revoked": "link_account",
    "connection_refused": "reconnect_shop",
    "not_shared": "choose_account",
    "spreadsheet_gone": "choose_spreadsheet",
    "tab_gone": "recreate_tab",
    "tab_occupied": "choose_tab",
    "column_gone": "restore_columns",
    "text_too_long": "cut_texts",
    "protected_range": "resume",
    "workbook_full": "resume",
}
"""What a client's button does about each."""


def add_order(desk: Desk) -> None:
    """Something that a run would write if it could."""
    desk.shop.put("#600000", lines=[{"sku": "NEW", "title": "A NEW THING", "quantity": 2, "price": "7.50"}])


def add_long_order(desk: Desk, *, title: str = "x" * 50_001) -> None:
    """The order that changed last, with more text in a line than a cell holds."""
    desk.shop.put("#600000", lines=[{"sku": "LONG", "title": title, "quantity": 1, "price": "7.50"}])


def exported(desk: Desk, **changes: Any) -> dict[str, Any]:
    """An automation whose tab is in step with the shop."""
    desk.fill_shop(orders=5)
    automation = desk.automate(**changes)
    desk.completed(automation)
    return automation


def assert_nothing_written(desk: Desk, automation: dict[str, Any], *, code: str, said: str) -> None:
    """The next run fails and says why, in the run, in the automation, and to who starts another."""
    before = desk.book.everything()
    run = desk.run(automation)
    assert (run["status"], run["error"]["code"], run["error"]["retriable"]) == ("failed", code, False)
    assert said in run["error"]["message"]
    assert desk.status(automation) == ("needs_attention", run["error"]["message"])
    assert desk.ann.automation(automation["id"])["attention"]["action"] == ACTIONS[code]
    refused = desk.ann.http.post(f"/v1/automations/{automation['id']}/runs", headers={"Idempotency-Key": "next"})
    assert refused.status_code == 409
    assert said in refused.json()["detail"]
    assert desk.book.everything() == before


def assert_mended(desk: Desk, automation: dict[str, Any], **changes: Any) -> None:
    """Resumed, the automation brings everything that it could not bring."""
    desk.ann.resume(automation["id"], **changes)
    desk.completed(automation)
    assert desk.status(automation) == ("active", None)
    assert desk.rows(desk.ann.automation(automation["id"])) == desk.shop.rows()


def someone_elses(stack: Stack, **wanted: Any) -> Spreadsheet:
    """A spreadsheet of her boss, shared as told."""
    return Spreadsheet.made_by(stack, GoogleAccount(stack, "boss@shop.example"), **wanted)


def test_unknown_column_type_is_refused_by_its_field(desk: Desk) -> None:
    """The answer names the field and what may stand there; no automation is made."""
    body = {
        "name": "Orders",
        "connection_id": desk.connection_id,
        "destination": {"spreadsheet_id": desk.book.id},
        "columns": [
            {"key": "order_name", "header": "Order", "type": "text"},
            {"key": "total", "header": "Total", "type": "currency"},
        ],
    }
    refused = desk.ann.http.post("/v1/automations", json=body)
    assert refused.status_code == 422
    assert list(refused.json()["fields"]) == ["columns.1.type"]
    assert "money" in refused.json()["fields"]["columns.1.type"]
    assert desk.ann.http.get("/v1/automations").json() == {"automations": []}


def test_revoked_google_account(stack: Stack, desk: Desk) -> None:
    """Linking the account again is what it takes."""
    desk.book = someone_elses(stack, editors=[desk.ann.email])
    automation = exported(desk)
    add_order(desk)
    desk.ann.google.withdraw_consent()
    assert_nothing_written(desk, automation, code="token_revoked", said="Link the account again")
    desk.ann.link_account()
    assert_mended(desk, automation)


def test_revoked_shop_token(desk: Desk) -> None:
    """The connection shows it too; connecting the shop again is what it takes."""
    automation = exported(desk)
    add_order(desk)
    desk.shop.replace_token("shpat_another")
    assert_nothing_written(desk, automation, code="connection_refused", said="Connect the shop again")
    assert desk.ann.http.get(f"/v1/connections/{desk.connection_id}").json()["status"] == "refused"
    desk.ann.connect(desk.shop)
    assert desk.ann.http.get(f"/v1/connections/{desk.connection_id}").json()["status"] == "connected"
    assert_mended(desk, automation)


def test_deleted_tab(desk: Desk) -> None:
    """A tab that a person deleted is not made again behind their back, but when they say so."""
    automation = exported(desk)
    add_order(desk)
    desk.book.edit({"deleteSheet": {"sheetId": automation["sheet_id"]}})
    assert_nothing_written(desk, automation, code="tab_gone", said="The tab was deleted")
    assert_mended(desk, automation)


def test_deleted_column(desk: Desk) -> None:
    """The sentence names the column; an automation without it goes on, and the others' cells are as they were."""
    automation = exported(desk)
    add_order(desk)
    place = desk.book.cells(automation["sheet_id"])[0].index("Country")
    where = {"sheetId": automation["sheet_id"], "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    desk.book.edit({"deleteDimension": {"range": where}})
    assert_nothing_written(desk, automation, code="column_gone", said="“Country” was deleted")
    others = [{"key": key, "header": header, "type": type_} for key, header, type_ in COLUMNS if header != "Country"]
    desk.ann.change_automation(automation["id"], columns=others)
    assert_mended(desk, automation)
    assert "Country" not in desk.book.cells(automation["sheet_id"])[0]


def test_deleted_column_comes_back_when_its_merchant_resumes(desk: Desk) -> None:
    """It is made again where it belongs, and every row of it is filled."""
    automation = exported(desk)
    place = desk.book.cells(automation["sheet_id"])[0].index("Quantity")
    where = {"sheetId": automation["sheet_id"], "dimension": "COLUMNS", "startIndex": place, "endIndex": place + 1}
    desk.book.edit({"deleteDimension": {"range": where}})
    assert_nothing_written(desk, automation, code="column_gone", said="Resume to have it added again")
    assert_mended(desk, automation)


def test_protected_range(stack: Stack, desk: Desk) -> None:
    """A range that the linked account may not edit stops the run before it writes anything."""
    desk.book = someone_elses(stack, editors=[desk.ann.email])
    automation = exported(desk)
    add_order(desk)
    protected = {"protectedRangeId": 1, "range": {"sheetId": automation["sheet_id"]}, "editors": {"users": []}}
    desk.book.edit({"addProtectedRange": {"protectedRange": protected}})
    assert_nothing_written(desk, automation, code="protected_range", said="Let the linked account edit it")
    desk.book.edit({"deleteProtectedRange": {"protectedRangeId": 1}})
    assert_mended(desk, automation)


@pytest.mark.parametrize("rights", ["none", "readers"])
def test_spreadsheet_that_is_not_shared(stack: Stack, desk: Desk, rights: str) -> None:
    """Neither an account that may not see it nor one that may only look leaves a trace in it."""
    desk.fill_shop(orders=5)
    desk.book = someone_elses(stack, **({} if rights == "none" else {rights: [desk.ann.email]}))
    automation = desk.automate()
    assert_nothing_written(desk, automation, code="not_shared", said="Share it with the account")
    desk.book = someone_elses(stack, spreadsheetId=desk.book.id, editors=[desk.ann.email])
    assert_mended(desk, automation)


def test_account_that_may_not_edit_gives_way_to_another(stack: Stack, desk: Desk) -> None:
    """A merchant who has linked two accounts resumes with the one that may, in a single request."""
    desk.fill_shop(orders=5)
    boss = GoogleAccount(stack, "boss@shop.example")
    desk.book = someone_elses(stack)
    automation = desk.automate()
    assert_nothing_written(desk, automation, code="not_shared", said="choose another account")
    linked = desk.ann.http.post("/v1/accounts", json={"refresh_token": boss.consent()}).json()["id"]
    assert_mended(desk, automation, account_id=linked)
    stored = desk.ann.automation(automation["id"])["configuration"]["destination"]["account_id"]
    assert stored == linked


def test_resuming_with_an_account_that_is_not_linked_is_refused(desk: Desk) -> None:
    """The answer names the field, and the automation goes on waiting."""
    automation = desk.automate()
    desk.ann.http.post(f"/v1/automations/{automation['id']}/pause").raise_for_status()
    refused = desk.ann.http.post(f"/v1/automations/{automation['id']}/resume", json={"account_id": "acc_0"})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["account_id"])
    assert desk.status(automation)[0] == "paused"


def test_spreadsheet_that_does_not_exist(desk: Desk) -> None:
    """Another spreadsheet can be chosen, and gets everything."""
    desk.fill_shop(orders=5)
    nowhere = {"spreadsheet_id": f"{desk.book.id}x", "title": "Order lines"}
    automation = desk.automate(destination=nowhere)
    assert_nothing_written(desk, automation, code="spreadsheet_gone", said="Choose another one")
    desk.ann.change_automation(automation["id"], destination=nowhere | {"spreadsheet_id": desk.book.id})
    assert_mended(desk, automation)


def test_tab_that_holds_other_data(desk: Desk) -> None:
    """A tab that the merchant chose and that is not empty is left alone."""
    desk.fill_shop(orders=5)
    theirs = {"rows": [{"values": [{"userEnteredValue": {"stringValue": "mine"}}]}], "fields": "userEnteredValue"}
    sheet_id = desk.book.tabs()["Sheet1"]
    desk.book.edit({"updateCells": theirs | {"start": {"sheetId": sheet_id, "rowIndex": 7, "columnIndex": 2}}})
    automation = desk.automate(destination={"spreadsheet_id": desk.book.id, "sheet_id": sheet_id})
    assert_nothing_written(desk, automation, code="tab_occupied", said="Choose an empty tab")
    wipe = {"range": {"sheetId": sheet_id}, "fields": "userEnteredValue"}
    desk.book.edit({"updateCells": wipe})
    assert_mended(desk, automation)


def test_spreadsheet_that_is_full(stack: Stack, desk: Desk) -> None:
    """Where the first export would not fit, not even the tab is made."""
    desk.fill_shop(orders=900, lines=1)
    desk.book = someone_elses(stack, editors=[desk.ann.email], sheets=[{"sheetId": 1, **ALMOST_ALL_CELLS}])
    automation = desk.automate()
    assert_nothing_written(desk, automation, code="workbook_full", said="Delete unused rows, columns or tabs")
    half = {"sheetId": 1, "dimension": "ROWS", "startIndex": 300, "endIndex": 555}
    desk.book.edit({"deleteDimension": {"range": half}})
    assert_mended(desk, automation)


def test_spreadsheet_that_fills_up_in_mid_run(stack: Stack, desk: Desk) -> None:
    """The batches before are whole, the one that did not fit is not there at all, and the rest comes later."""
    desk.fill_shop(orders=650, lines=1)
    desk.book = someone_elses(stack, editors=[desk.ann.email], sheets=[{"rowCount": 1, "columnCount": 1}])
    automation = desk.automate()
    grid = {"rowCount": 555, "columnCount": 18_007}
    much = {"addSheet": {"properties": {"sheetId": 2, "title": "Archive", "gridProperties": grid}}}
    desk.book.fault("edit_before", calls=WRITE, skip=2, requests=[much])
    run = desk.run(automation)
    assert (run["status"], run["error"]["code"]) == ("failed", "workbook_full")
    assert desk.status(automation) == ("needs_attention", run["error"]["message"])
    rows = desk.rows(automation)
    assert (len(rows), run["counts"]["added"]) == (300, 300)
    assert set(rows) <= set(desk.shop.rows())
    desk.book.edit({"deleteSheet": {"sheetId": 2}})
    assert_mended(desk, automation)


def test_text_too_long_for_a_cell(desk: Desk) -> None:
    """Where it is refused, it stops a first export before the tab is made; order and column are told, not the text."""
    desk.fill_shop(orders=5)
    add_long_order(desk)
    automation = desk.automate(long_text="refuse")
    assert_nothing_written(desk, automation, code="text_too_long", said="Order #600000")
    said = desk.status(automation)[1]
    assert said
    assert "“Product”" in said
    assert "xx" not in said
    add_long_order(desk, title="x" * 50_000)
    assert_mended(desk, automation)


def test_text_too_long_for_a_cell_fails_a_dry_run_too(desk: Desk) -> None:
    """As it would the run that it stands for."""
    automation = exported(desk, long_text="refuse")
    add_long_order(desk)
    before = desk.book.everything()
    run = desk.ended(str(desk.ann.start_run(automation["id"], kind="dry")["id"]))
    assert (run["status"], run["error"]["code"]) == ("failed", "text_too_long")
    assert desk.book.everything() == before


def test_text_that_was_cut_is_found_when_its_merchant_refuses_that(desk: Desk) -> None:
    """The run after the change goes through everything; let be cut again, it completes and changes nothing."""
    desk.fill_shop(orders=5)
    add_long_order(desk)
    automation = desk.automate()
    assert desk.completed(automation)["counts"]["skipped"] == {"text_cut": 1}
    desk.ann.change_automation(automation["id"], long_text="refuse")
    assert_nothing_written(desk, automation, code="text_too_long", said="let this automation cut long texts")
    desk.ann.change_automation(automation["id"], long_text="cut")
    desk.ann.resume(automation["id"])
    assert desk.completed(automation)["usage"]["writes"] == 0
