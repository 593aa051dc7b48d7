"""A Flask app on a free loopback port, for the services that speak REST."""

import threading

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from infra.local.service import LOOPBACK

_POLL_S = 0.05
"""How soon `stop()` is noticed."""


class QuietHandler(WSGIRequestHandler):
    """Keeps connections alive, as Google's front ends do, and writes no access log."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        del code, size


class HttpServer:
    """Serves `app` on its own threads until `stop()`; conforms to infra.local.service.Service."""

    def __init__(self, app: Flask, *, port: int = 0) -> None:
        self._server = make_server(LOOPBACK, port, app, threaded=True, request_handler=QuietHandler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL_S,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
