import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from infra.local.http import HttpServer
from infra.local.run.errors import ApiError
from infra.local.run.jobs import Jobs
from infra.local.run.routes import routes
from infra.local.run.runner import DEFAULT_EXECUTIONS, DEFAULT_GRACE_S, Runner
from infra.local.run.store import Store
from infra.local.service import Service


class RunService:
    def __init__(self, *, http: HttpServer, runner: Runner, store: Store) -> None:
        self._http = http
        self._runner = runner
        self._store = store

    @property
    def address(self) -> str:
        return self._http.address

    def stop(self) -> None:
        self._http.stop()
        self._runner.stop()
        self._store.close()


def start(
    *,
    port: int = 0,
    state: Path | None = None,
    grace_s: float = DEFAULT_GRACE_S,
    executions: int = DEFAULT_EXECUTIONS,
    clock: Callable[[], float] = time.time,
) -> Service:
    """Without `state` everything goes to a new temporary folder: logs are worth keeping until someone read them."""
    folder = Path(tempfile.mkdtemp(prefix="tabkeeper-run-")) if state is None else state.resolve()
    log_folder = folder / "logs"
    log_folder.mkdir(parents=True, exist_ok=True)
    store = Store(folder)
    runner = Runner(store, folder=folder / "attempts", grace_s=grace_s, executions=executions, clock=clock)
    jobs = Jobs(store=store, runner=runner, log_folder=log_folder, clock=clock)
    return RunService(http=HttpServer(create_app(jobs), port=port), runner=runner, store=store)


def create_app(jobs: Jobs) -> Flask:
    app = Flask(__name__)
    app.register_blueprint(routes(jobs))

    @app.errorhandler(ApiError)
    def refuse(error: ApiError) -> tuple[dict[str, Any], int]:
        return error.body, error.http_status

    @app.errorhandler(HTTPException)
    def refuse_address(error: HTTPException) -> tuple[dict[str, Any], int]:
        code = error.code or 500
        return {
            "error": {"code": code, "message": error.description, "status": error.name.upper().replace(" ", "_")}
        }, code

    return app
