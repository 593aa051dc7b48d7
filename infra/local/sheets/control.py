"""What is not Google's: how tests and the demo make spreadsheets, order faults, edit as people do, and count."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from infra.local.sheets.errors import ApiError, Json, invalid, required
from infra.local.sheets.faults import KINDS, Fault, Faults
from infra.local.sheets.library import Library
from infra.local.sheets.methods import Methods
from infra.local.sheets.people import apply_edit, check_edit
from infra.local.sheets.quota import Quota, Terms
from infra.local.sheets.requests.sheets import new_sheet, place
from infra.local.sheets.resource import sheet_properties
from infra.local.sheets.routes import Front
from infra.local.sheets.schemas import Schemas
from infra.local.sheets.spreadsheet import Sharing, Spreadsheet
from infra.local.sheets.stats import Stats

SPREADSHEET_FIELDS = {"title", "owner", "editors", "readers", "spreadsheetId", "sheets", "locale", "timeZone"}
SHEET_FIELDS = {"title", "sheetId", "rowCount", "columnCount"}
QUOTA_FIELDS = {"user", "project", "window_s"}
FAULT_FIELDS = {"calls", "spreadsheetId", "kind", "skip", "times", "delay_s", "requests"}


def control_routes(front: Front) -> Blueprint:
    blueprint = Blueprint("control", __name__, url_prefix="/control")

    @blueprint.errorhandler(ApiError)
    def refuse(error: ApiError) -> ResponseReturnValue:
        return jsonify(error.body()), error.code

    spreadsheet_routes(blueprint, front.library, front.schemas)
    fault_routes(blueprint, front.faults, front.schemas, front.methods)
    quota_routes(blueprint, front.quota)
    stats_routes(blueprint, front.stats)
    return blueprint


def spreadsheet_routes(blueprint: Blueprint, library: Library, schemas: Schemas) -> None:
    @blueprint.post("/spreadsheets")
    def create_spreadsheet() -> Response:
        wanted = body_with(SPREADSHEET_FIELDS)
        sheets = wanted.get("sheets") or [{"title": "Sheet1", "sheetId": 0}]
        spreadsheet = library.create(
            {name: wanted[name] for name in ("title", "locale", "timeZone") if name in wanted},
            fill=partial(add_sheets, sheets=sheets),
            sharing=Sharing(wanted.get("owner"), tuple(wanted.get("editors", ())), tuple(wanted.get("readers", ()))),
            spreadsheet_id=wanted.get("spreadsheetId"),
        )
        return jsonify(summary(spreadsheet))

    @blueprint.get("/spreadsheets")
    def list_spreadsheets() -> Response:
        return jsonify({"spreadsheets": [summary(spreadsheet) for spreadsheet in library.all()]})

    @blueprint.get("/spreadsheets/<spreadsheet_id>/revision")
    def revision(spreadsheet_id: str) -> Response:
        """Tells cheaply whether there is anything new to read."""
        return jsonify({"revision": library.revision(spreadsheet_id)})

    @blueprint.get("/spreadsheets/<spreadsheet_id>/extents")
    def extents(spreadsheet_id: str) -> Response:
        """By tab: the last row and the last column with a value, which the API tells with the values only."""
        with library.reading(spreadsheet_id) as spreadsheet:
            filled = {sheet.sheet_id: sheet.filled() for sheet in spreadsheet.sheets}
        return jsonify({sheet_id: {"rows": rows, "columns": columns} for sheet_id, (rows, columns) in filled.items()})

    @blueprint.post("/edits")
    def edit() -> Response:
        wanted = body_with({"spreadsheetId", "requests"})
        requests = required(wanted, "requests")
        check_edit(requests, schemas)
        return jsonify({"replies": apply_edit(library, schemas, required(wanted, "spreadsheetId"), requests)})


def add_sheets(spreadsheet: Spreadsheet, *, sheets: list[Json]) -> None:
    for sheet in sheets:
        check_fields(sheet, SHEET_FIELDS)
        counts: Json = {name: sheet[name] for name in ("rowCount", "columnCount") if name in sheet}
        named: Json = {name: sheet[name] for name in ("title", "sheetId") if name in sheet}
        place(spreadsheet, new_sheet(spreadsheet, {**named, "gridProperties": counts}), None)


def fault_routes(blueprint: Blueprint, faults: Faults, schemas: Schemas, methods: Methods) -> None:
    @blueprint.post("/faults")
    def add_fault() -> Response:
        faults.add(read_fault(body_with(FAULT_FIELDS), schemas, methods))
        return jsonify({})

    @blueprint.get("/faults")
    def list_faults() -> Response:
        """Those that have not fired yet."""
        pending = [{"kind": f.kind, "calls": f.calls, "skip": f.skip, "times": f.times} for f in faults.pending()]
        return jsonify({"faults": pending})

    @blueprint.delete("/faults")
    def clear_faults() -> Response:
        """All, or those of the kind that the query names."""
        faults.clear(request.args.get("kind"))
        return jsonify({})


def quota_routes(blueprint: Blueprint, quota: Quota) -> None:
    @blueprint.get("/quota")
    def tell_quota() -> Response:
        """None where no quota is enforced."""
        return jsonify({"terms": quota.terms})

    @blueprint.put("/quota")
    def change_quota() -> Response:
        """So many calls of a user and of all together in each window; see infra.local.sheets.quota.Terms."""
        quota.change(Terms(**body_with(QUOTA_FIELDS)))
        return jsonify({})

    @blueprint.delete("/quota")
    def restore_quota() -> Response:
        """What the service was started with."""
        quota.change(None)
        return jsonify({})


def stats_routes(blueprint: Blueprint, stats: Stats) -> None:
    @blueprint.get("/stats")
    def report() -> Response:
        return jsonify(stats.report())

    @blueprint.delete("/stats")
    def clear_stats() -> Response:
        stats.clear()
        return jsonify({})


def summary(spreadsheet: Spreadsheet) -> Json:
    return {
        "spreadsheetId": spreadsheet.spreadsheet_id,
        "title": spreadsheet.properties["title"],
        "owner": spreadsheet.sharing.owner,
        "sheets": [sheet_properties(spreadsheet, sheet) for sheet in spreadsheet.sheets],
    }


def read_fault(wanted: Json, schemas: Schemas, methods: Methods) -> Fault:
    kind, calls = wanted.get("kind"), wanted.get("calls", "write")
    if kind not in KINDS:
        raise invalid(f"kind must be one of {', '.join(KINDS)}")
    if calls not in {"read", "write", *methods.names()}:
        raise invalid(f"calls must be read, write or a method such as spreadsheets.batchUpdate, not {calls}")
    requests = wanted.get("requests", [])
    if kind.startswith("edit_"):
        check_edit(requests, schemas)
    return Fault(
        kind=kind,
        calls=calls,
        spreadsheet_id=wanted.get("spreadsheetId"),
        skip=wanted.get("skip", 0),
        times=wanted.get("times", 1),
        delay_s=wanted.get("delay_s", 0),
        requests=requests,
    )


def body_with(fields: set[str]) -> Json:
    body: Any = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise invalid("The body must be a JSON object.")
    check_fields(body, fields)
    return body


def check_fields(body: Json, fields: set[str]) -> None:
    unknown = sorted(body.keys() - fields)
    if unknown:
        raise invalid(f"Unknown fields: {', '.join(unknown)}")
