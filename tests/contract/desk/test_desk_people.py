"""At the desk a person reads and writes her spreadsheets as in Google's own page."""

import uuid

import pytest
from google.auth import jwt

from infra.local.sheets.quota import Terms
from tests.desk import ANN, AUDIENCE, Desk


def someone() -> str:
    return f"{uuid.uuid4().hex[:8]}@shop.example"


def test_first_spreadsheet_is_made_once(desk: Desk) -> None:
    """Who has none gets one; the next time it is there."""
    person = someone()
    first, again = (desk.http.post(f"/people/{person}/spreadsheet").json()["spreadsheetId"] for _ in range(2))
    assert first == again
    assert desk.call("GET", f"spreadsheets/{first}", person=person).json()["properties"]["title"] == "My shop"


def test_newest_spreadsheet_is_the_one_made_last(desk: Desk) -> None:
    """The demo's spreadsheet is what the desk opens with."""
    person = someone()
    desk.new_spreadsheet(owner=person)
    newest = desk.new_spreadsheet(owner=person)
    desk.new_spreadsheet(owner=someone())
    assert desk.http.post(f"/people/{person}/spreadsheet").json() == {"spreadsheetId": newest}


def test_what_is_typed_is_understood(desk: Desk) -> None:
    """A number that is typed is a number."""
    spreadsheet_id = desk.new_spreadsheet()
    assert desk.enter(spreadsheet_id, "1,200").status_code == 200
    path = f"spreadsheets/{spreadsheet_id}/values/Sheet1!A1?valueRenderOption=UNFORMATTED_VALUE"
    assert desk.call("GET", path).json()["values"] == [[1200]]


def test_stranger_is_refused(desk: Desk) -> None:
    """The desk has the rights of who sits at it, and no more."""
    assert desk.enter(desk.new_spreadsheet(), "mine", person=someone()).status_code == 403


@pytest.mark.parametrize("with_email", [True, False])
def test_identity_token_is_the_script_projects(desk: Desk, with_email: bool) -> None:
    """Its audience is the add-on's; the email is in it where the add-on has that scope."""
    answer = desk.http.post(f"/people/{ANN}/identity-token", json={"with_email": with_email})
    claims = jwt.decode(answer.json()["token"], verify=False)  # type: ignore[no-untyped-call]
    assert claims["aud"] == AUDIENCE
    assert claims.get("email") == (ANN if with_email else None)


def test_looking_takes_nothing_from_the_quota(desk: Desk) -> None:
    """A page that is open does not slow down the exports of the same person."""
    spreadsheet_id = desk.new_spreadsheet()
    answers = {desk.call("GET", f"spreadsheets/{spreadsheet_id}").status_code for _ in range(Terms().user + 1)}
    assert answers == {200}


def test_faults_strike_programs_only(desk: Desk) -> None:
    """A fault that was ordered waits for the export; the open page neither meets nor spends it."""
    spreadsheet_id = desk.new_spreadsheet()
    desk.sheets.post("/control/faults", json={"kind": "503_before", "spreadsheetId": spreadsheet_id})
    assert desk.enter(spreadsheet_id, "typed").status_code == 200
    assert len(desk.sheets.get("/control/faults").json()["faults"]) == 1
    desk.sheets.delete("/control/faults")


def test_each_change_is_a_new_revision(desk: Desk) -> None:
    """So that looking whether anything is new costs next to nothing."""
    spreadsheet_id = desk.new_spreadsheet()
    before = desk.revision(spreadsheet_id)
    assert desk.revision(spreadsheet_id) == before
    desk.enter(spreadsheet_id, "new")
    assert desk.revision(spreadsheet_id) != before
