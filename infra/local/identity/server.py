import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from pydantic import ValidationError

from infra.local.http import HttpServer
from infra.local.identity.codes import Codes
from infra.local.identity.consent import consent
from infra.local.identity.control import control
from infra.local.identity.directory import Directory
from infra.local.identity.endpoints import endpoints
from infra.local.identity.errors import OAuthError
from infra.local.identity.grants import Grants
from infra.local.identity.issuer import Issuer
from infra.local.identity.signing_key import SigningKey
from infra.local.identity.store import Store
from infra.local.service import Service


class IdentityService:
    def __init__(self, *, http: HttpServer, store: Store) -> None:
        self._http = http
        self._store = store

    @property
    def address(self) -> str:
        return self._http.address

    def stop(self) -> None:
        self._http.stop()
        self._store.close()


def start(*, port: int = 0, state: Path | None = None, clock: Callable[[], float] = time.time) -> Service:
    store = Store(state)
    return IdentityService(http=HttpServer(create_app(store, clock=clock), port=port), store=store)


def create_app(store: Store, *, clock: Callable[[], float]) -> Flask:
    key = SigningKey.load_or_generate(store)
    directory, grants, codes = Directory(store), Grants(store, clock=clock), Codes(store, clock=clock)
    issuer = Issuer(key=key, directory=directory, grants=grants, codes=codes, clock=clock)

    app = Flask(__name__)
    app.register_blueprint(endpoints(issuer=issuer, key=key))
    app.register_blueprint(consent(directory=directory, grants=grants, codes=codes))
    app.register_blueprint(control(directory=directory, grants=grants, issuer=issuer))

    @app.errorhandler(OAuthError)
    def refuse(error: OAuthError) -> tuple[dict[str, str], int]:
        return error.body, error.status

    @app.errorhandler(ValidationError)
    def refuse_control_body(error: ValidationError) -> tuple[dict[str, Any], int]:
        return {"error": "invalid_request", "error_description": str(error)}, 400

    return app
