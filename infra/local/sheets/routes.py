"""HTTP in and out: every path of the API goes through one view, which knows the methods from the discovery document."""

import json
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from flask import Blueprint, Request, Response, request
from werkzeug.exceptions import InternalServerError

from infra.local.sheets.api_spreadsheets import SPREADSHEET_METHODS
from infra.local.sheets.api_values import VALUE_METHODS
from infra.local.sheets.call import Call
from infra.local.sheets.errors import ApiError, Json, unavailable, unimplemented
from infra.local.sheets.faults import Fault, Faults
from infra.local.sheets.identity import Caller, Gate
from infra.local.sheets.library import Library
from infra.local.sheets.masks import EVERYTHING, pruned, read_mask
from infra.local.sheets.methods import Method, Methods
from infra.local.sheets.people import apply_edit
from infra.local.sheets.protection import Editor
from infra.local.sheets.quota import Quota, exhausted
from infra.local.sheets.schemas import Schemas
from infra.local.sheets.stats import Stats

HANDLERS = {**SPREADSHEET_METHODS, **VALUE_METHODS}
VERBS = ["GET", "POST", "PUT"]


class ConnectionDropped(Exception):
    """The caller shall get no answer."""


@dataclass(frozen=True)
class Front:
    """What every call passes on its way in."""

    library: Library
    schemas: Schemas
    methods: Methods
    gate: Gate
    quota: Quota
    faults: Faults
    stats: Stats


@dataclass
class Visit:
    """One HTTP request on its way through, and what became known of it."""

    method: Method
    path: dict[str, str]
    query: dict[str, list[str]]
    raw: bytes
    authorization: str
    user: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def spreadsheet_id(self) -> str | None:
        return self.path.get("spreadsheetId")


def api_routes(front: Front, *, name: str = "sheets") -> Blueprint:
    blueprint = Blueprint(name, __name__)

    @blueprint.route("/v4/<path:rest>", methods=VERBS)
    def serve(rest: str) -> Response:
        return answer_request(front, request, path=f"/v4/{rest}")

    @blueprint.app_errorhandler(InternalServerError)
    def broken(_: InternalServerError) -> tuple[Json, int]:
        error = {"code": 500, "message": "Internal error encountered.", "status": "INTERNAL"}
        return {"error": error}, 500

    return blueprint


def answer_request(front: Front, incoming: Request, *, path: str) -> Response:
    verb, query = incoming.method, {name: incoming.args.getlist(name) for name in incoming.args}
    raw = incoming.get_data()
    if verb == "POST" and incoming.headers.get("x-http-method-override") == "GET":
        # google-api-python-client sends a GET whose address is too long this way
        verb, query, raw = "GET", parse_qs(raw.decode(), keep_blank_values=True), b""
    found = front.methods.find(verb, path)
    if found is None:
        return Response("Not Found", status=404)
    authorization = incoming.headers.get("Authorization", "")
    visit = Visit(*found, query=query, raw=raw, authorization=authorization)
    try:
        body, status = answer(front, visit), 200
    except ApiError as error:
        body, status = error.body(), error.code
    except ConnectionDropped:
        record(front, visit, status=0, bytes_out=0)
        return drop(incoming)
    payload = json.dumps(body).encode()
    record(front, visit, status=status, bytes_out=len(payload))
    return Response(payload, status=status, content_type="application/json; charset=UTF-8")


def answer(front: Front, visit: Visit) -> Json:
    method = visit.method
    caller = front.gate.caller(visit.authorization)
    visit.user = caller.user
    front.quota.take(caller.user, write=method.writes)
    query = method.read_query(visit.query)
    mask = read_mask(query["fields"], front.schemas, method.response_message) if query.get("fields") else EVERYTHING
    body = method.read_body(visit.raw)
    check_access(front, visit, caller, body)
    handler = HANDLERS.get(method.name)
    if handler is None:
        raise unimplemented(method.name)
    visit.faults = front.faults.take(method, visit.spreadsheet_id)
    for fault in visit.faults:
        fire_before(front, visit, fault)
    call = Call(front.library, front.schemas, Editor(caller.user), visit.path, query, body, mask)
    message = handler(call)
    for fault in visit.faults:
        fire_after(front, visit, fault)
    chosen: Json = pruned(message, mask)
    return chosen


def check_access(front: Front, visit: Visit, caller: Caller, body: Json) -> None:
    method = visit.method
    if visit.spreadsheet_id is None:
        front.gate.check(caller, None, write=True)
        return
    sharing = front.library.sharing(visit.spreadsheet_id)
    front.gate.check(caller, sharing, write=method.writes and method.name != "sheets.copyTo")
    destination = body.get("destinationSpreadsheetId")
    if destination is not None:
        front.gate.check(caller, front.library.sharing(destination), write=True)


def fire_before(front: Front, visit: Visit, fault: Fault) -> None:
    if fault.kind.endswith("_after"):
        return
    front.stats.fault_fired(fault.kind)
    if fault.kind == "delay":
        time.sleep(fault.delay_s)
    elif fault.kind == "edit_before":
        edit(front, visit, fault)
    elif fault.kind == "429":
        raise exhausted("Write" if visit.method.writes else "Read", "user")
    elif fault.kind == "503_before":
        raise unavailable()
    elif fault.kind == "drop_before":
        raise ConnectionDropped


def fire_after(front: Front, visit: Visit, fault: Fault) -> None:
    if not fault.kind.endswith("_after"):
        return
    front.stats.fault_fired(fault.kind)
    if fault.kind == "edit_after":
        edit(front, visit, fault)
    elif fault.kind == "503_after":
        raise unavailable()
    elif fault.kind == "drop_after":
        raise ConnectionDropped


def edit(front: Front, visit: Visit, fault: Fault) -> None:
    target = fault.spreadsheet_id or visit.spreadsheet_id
    if target is not None:
        apply_edit(front.library, front.schemas, target, fault.requests)


def drop(incoming: Request) -> Response:
    """Close the connection under the answer: the client sees it end without one."""
    connection: socket.socket = incoming.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return Response()


def record(front: Front, visit: Visit, *, status: int, bytes_out: int) -> None:
    front.stats.count(
        visit.method.name,
        write=visit.method.writes,
        status=status,
        user=visit.user,
        spreadsheet_id=visit.spreadsheet_id,
        bytes_in=len(visit.raw),
        bytes_out=bytes_out,
    )
