"""The desk's own addresses: its page, the add-on, and what the browser of the person at it can do."""

from pathlib import Path
from typing import Any

import httpx
from flask import Blueprint, Response, request, send_from_directory

from infra.local.desk.addon import AddOn
from infra.local.desk.people import People

STATIC = Path(__file__).parent / "static"
VERBS = ["GET", "POST", "PUT"]


def routes(
    *, addon: AddOn, people: People, http: httpx.Client, sheets_url: str, api_url: str, audience: str
) -> Blueprint:
    blueprint = Blueprint("desk", __name__)

    @blueprint.get("/")
    def page() -> Response:
        return send_from_directory(STATIC, "index.html", max_age=0)

    @blueprint.get("/static/<path:file>")
    def static(file: str) -> Response:
        return send_from_directory(STATIC, file, max_age=0)

    @blueprint.get("/addon")
    def upload() -> dict[str, Any]:
        """The add-on as it lies in the checkout now, and the script properties that its admin has set."""
        return {**addon.upload(), "properties": {"API_URL": api_url}}

    @blueprint.post("/people/<email>/spreadsheet")
    def newest_spreadsheet(email: str) -> dict[str, str]:
        return {"spreadsheetId": people.newest_spreadsheet(email)}

    @blueprint.post("/people/<email>/identity-token")
    def identity_token(email: str) -> dict[str, str]:
        with_email = bool(request.get_json()["with_email"])
        return {"token": people.identity_token(email, audience=audience, with_email=with_email)}

    @blueprint.get("/spreadsheets/<spreadsheet_id>/revision")
    def revision(spreadsheet_id: str) -> Response:
        return _passed_on(http.get(f"{sheets_url}/control/spreadsheets/{spreadsheet_id}/revision"))

    @blueprint.get("/spreadsheets/<spreadsheet_id>/extents")
    def extents(spreadsheet_id: str) -> Response:
        return _passed_on(http.get(f"{sheets_url}/control/spreadsheets/{spreadsheet_id}/extents"))

    @blueprint.route("/people/<email>/v4/<path:rest>", methods=VERBS)
    def sheets(email: str, rest: str) -> Response:
        """The Sheets API as the page of Google Sheets has it: hers, and no program's quota."""
        del rest
        path = request.environ["RAW_URI"].partition("/v4/")[2]
        headers = {**people.authorization(email), "Content-Type": request.content_type or "application/json"}
        url = f"{sheets_url}/editor/v4/{path}"
        return _passed_on(http.request(request.method, url, content=request.get_data(), headers=headers))

    return blueprint


def _passed_on(answer: httpx.Response) -> Response:
    return Response(answer.content, status=answer.status_code, content_type=answer.headers["Content-Type"])
