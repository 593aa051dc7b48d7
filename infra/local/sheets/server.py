"""Puts the service together and starts it."""

from dataclasses import replace
from pathlib import Path

from flask import Flask

from infra.local.http import HttpServer
from infra.local.sheets.control import control_routes
from infra.local.sheets.faults import Faults
from infra.local.sheets.identity import IdentityGate, OpenGate
from infra.local.sheets.library import Library
from infra.local.sheets.methods import Methods
from infra.local.sheets.quota import Quota
from infra.local.sheets.routes import Front, api_routes
from infra.local.sheets.schemas import Schemas, load_discovery
from infra.local.sheets.stats import Stats
from infra.local.sheets.store import Store


class SheetsService:
    """The running service."""

    def __init__(self, server: HttpServer, library: Library) -> None:
        self._server = server
        self._library = library
        self._stopped = False

    @property
    def address(self) -> str:
        return self._server.address

    def stop(self) -> None:
        if not self._stopped:
            self._stopped = True
            self._server.stop()
            self._library.close()


def start(
    *, port: int = 0, state: Path | None = None, identity: str | None = None, quota: bool = False
) -> SheetsService:
    """`state` None keeps everything in memory. `identity` is the URL of that service; without it any bearer token is
    taken for a user's name. Under `/editor` the same API serves the page that a person has open: with her rights, but
    no program's quota, faults or counts.
    """
    discovery = load_discovery()
    schemas = Schemas(discovery)
    methods = Methods(discovery, schemas)
    library = Library(Store(state))
    faults, stats = Faults(), Stats()
    front = Front(
        library=library,
        schemas=schemas,
        methods=methods,
        gate=IdentityGate(identity) if identity else OpenGate(),
        quota=Quota(enforced=quota),
        faults=faults,
        stats=stats,
    )
    app = Flask("sheets")
    app.url_map.merge_slashes = False
    app.register_blueprint(api_routes(front))
    app.register_blueprint(control_routes(front))
    editor = replace(front, quota=Quota(enforced=False), faults=Faults(), stats=Stats())
    app.register_blueprint(api_routes(editor, name="editor"), url_prefix="/editor")
    return SheetsService(HttpServer(app, port=port), library)
