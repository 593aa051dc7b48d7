from dataclasses import dataclass
from pathlib import Path

import httpx
from flask import Flask

from infra.local.desk.addon import AddOn
from infra.local.desk.people import People
from infra.local.desk.routes import routes
from infra.local.http import HttpServer
from infra.local.service import Service

TIMEOUT_S = 60.0


class DeskService:
    def __init__(self, *, server: HttpServer, http: httpx.Client) -> None:
        self._server = server
        self._http = http

    @property
    def address(self) -> str:
        return self._server.address

    def stop(self) -> None:
        self._server.stop()
        self._http.close()


@dataclass(frozen=True)
class Places:
    """Where the others are, and which add-on it shows."""

    checkout: Path
    identity_url: str
    sheets_url: str
    api_url: str
    audience: str
    """Of the identity tokens that the add-on gets: the OAuth client of its script project."""


def start(places: Places, *, port: int = 0) -> Service:
    http = httpx.Client(timeout=TIMEOUT_S, trust_env=False)
    return DeskService(server=HttpServer(create_app(places, http=http), port=port), http=http)


def create_app(places: Places, *, http: httpx.Client) -> Flask:
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

    @app.errorhandler(httpx.TransportError)
    def out_of_reach(_: httpx.TransportError) -> tuple[dict[str, dict[str, str]], int]:
        return {"error": {"message": "Google Sheets cannot be reached. Is the stack still running?"}}, 502

    return app
