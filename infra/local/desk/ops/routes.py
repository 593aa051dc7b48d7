"""Addresses under /ops: the page, what it shows, and what its buttons do."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from flask import Blueprint, Response, request, send_from_directory
from flask.typing import ResponseReturnValue
from google.api_core.exceptions import GoogleAPICallError

from infra.local.desk.ops.room import Room

STATIC = Path(__file__).parents[1] / "static" / "ops"


def ops_routes(room: Room, *, http: httpx.Client, identity_url: str) -> Blueprint:
    blueprint = Blueprint("ops", __name__, url_prefix="/ops")

    @blueprint.errorhandler(KeyError)
    def unknown(error: KeyError) -> ResponseReturnValue:
        return {"error": {"message": f"There is no {error.args[0]} here."}}, 404

    @blueprint.errorhandler(GoogleAPICallError)
    def refused(error: GoogleAPICallError) -> ResponseReturnValue:
        return {"error": {"message": error.message or "It did not answer."}}, int(error.code or 502)

    @blueprint.errorhandler(httpx.HTTPError)
    def away(error: httpx.HTTPError) -> ResponseReturnValue:
        return {"error": {"message": f"That did not work: {error}"}}, 502

    @blueprint.get("")
    def page() -> Response:
        return send_from_directory(STATIC, "index.html", max_age=0)

    @blueprint.get("/state")
    def state() -> Response:
        return Response(json.dumps(room.state(), default=_told), mimetype="application/json")

    @blueprint.get("/logs/<name>")
    def log(name: str) -> Response:
        return Response(room.logs.tail(name), mimetype="text/plain", headers={"Cache-Control": "no-store"})

    switch_routes(blueprint, room)
    valve_routes(blueprint, room)
    consent_routes(blueprint, http=http, identity_url=identity_url)
    return blueprint


def switch_routes(blueprint: Blueprint, room: Room) -> None:
    @blueprint.post("/switches/<key>")
    def turn(key: str) -> dict[str, Any]:
        room.switches.turn(key, on=bool(request.get_json()["on"]))
        return {}

    @blueprint.delete("/switches")
    def all_off() -> dict[str, Any]:
        room.switches.all_off()
        return {}


def valve_routes(blueprint: Blueprint, room: Room) -> None:
    @blueprint.post("/queues/<name>/<any(pause, resume):valve>")
    def queue(name: str, valve: str) -> dict[str, Any]:
        {"pause": room.queues.pause, "resume": room.queues.resume}[valve](name)
        return {}

    @blueprint.post("/jobs/<name>/<any(pause, resume, run):valve>")
    def job(name: str, valve: str) -> dict[str, Any]:
        {"pause": room.jobs.pause, "resume": room.jobs.resume, "run": room.jobs.run}[valve](name)
        return {}


def consent_routes(blueprint: Blueprint, *, http: httpx.Client, identity_url: str) -> None:
    @blueprint.post("/consents/withdraw")
    def withdraw_consent() -> dict[str, Any]:
        """As on the page where people see who may reach their Google account."""
        person = {"email": request.get_json()["email"]}
        http.post(f"{identity_url}/control/revocations", json=person).raise_for_status()
        return {}


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the answer")
