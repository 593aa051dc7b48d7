from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx
from flask import Flask
from google.cloud import firestore

from infra.local.desk.addon import AddOn
from infra.local.desk.ops.documents import Documents
from infra.local.desk.ops.jobs import Jobs
from infra.local.desk.ops.logs import Logs
from infra.local.desk.ops.queues import Queues
from infra.local.desk.ops.room import Room
from infra.local.desk.ops.routes import ops_routes
from infra.local.desk.ops.switches import Switchboard
from infra.local.desk.people import People
from infra.local.desk.routes import routes
from infra.local.http import HttpServer
from infra.local.service import Service

TIMEOUT_S = 60.0


class DeskService:
    def __init__(self, *, server: HttpServer, closing: ExitStack) -> None:
        self._server = server
        self._closing = closing

    @property
    def address(self) -> str:
        return self._server.address

    def stop(self) -> None:
        self._server.stop()
        self._closing.close()


@dataclass(frozen=True)
class Places:
    """Where the others are, and which add-on it shows."""

    checkout: Path
    identity_url: str
    sheets_url: str
    api_url: str
    audience: str
    """Of the identity tokens that the add-on gets: the OAuth client of its script project."""
    shopify_url: str
    tasks: str
    """host:port, as below"""
    scheduler: str
    project: str
    location: str
    logs: Path
    """The folder of the programs' logs."""
    executions: Path
    """And that of the jobs' logs."""


def start(places: Places, *, port: int = 0) -> Service:
    """The Firestore client reads FIRESTORE_EMULATOR_HOST itself."""
    closing = ExitStack()
    http = closing.enter_context(httpx.Client(timeout=TIMEOUT_S, trust_env=False))
    room = _room(places, http=http, closing=closing)
    return DeskService(server=HttpServer(_app(places, room, http=http), port=port), closing=closing)


def _room(places: Places, *, http: httpx.Client, closing: ExitStack) -> Room:
    db = firestore.Client(project=places.project)
    tasks, scheduler = (grpc.insecure_channel(address) for address in (places.tasks, places.scheduler))
    for each in (db, tasks, scheduler):
        closing.callback(each.close)
    parent = f"projects/{places.project}/locations/{places.location}"
    return Room(
        documents=Documents(db),
        queues=Queues(tasks, parent=parent),
        jobs=Jobs(scheduler, parent=parent),
        switches=Switchboard(http, {"sheets": places.sheets_url, "shopify": places.shopify_url}),
        logs=Logs(places.logs, places.executions),
    )


def _app(places: Places, room: Room, *, http: httpx.Client) -> Flask:
    app = Flask("desk", static_folder=None)
    app.url_map.merge_slashes = False
    people = People(identity_url=places.identity_url, sheets_url=places.sheets_url, http=http)
    addon = AddOn(places.checkout)
    app.register_blueprint(
        routes(
            addon=addon,
            people=people,
            http=http,
            sheets_url=places.sheets_url,
            api_url=places.api_url,
            audience=places.audience,
        )
    )
    app.register_blueprint(ops_routes(room, http=http, identity_url=places.identity_url))

    @app.errorhandler(httpx.TransportError)
    def out_of_reach(_: httpx.TransportError) -> tuple[dict[str, dict[str, str]], int]:
        return {"error": {"message": "Google Sheets cannot be reached. Is the stack still running?"}}, 502

    return app
