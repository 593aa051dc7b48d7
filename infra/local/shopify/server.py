"""Starts the service."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from flask import Flask

from infra.local.http import HttpServer
from infra.local.shopify.app import DEFAULT_SECRET, App
from infra.local.shopify.body import Refused, refuse
from infra.local.shopify.control import control_routes
from infra.local.shopify.control_app import control_app_routes
from infra.local.shopify.control_orders import control_order_routes
from infra.local.shopify.control_webhooks import control_webhook_routes
from infra.local.shopify.oauth import oauth_routes
from infra.local.shopify.routes import shopify_routes
from infra.local.shopify.simulator import Simulator, now, simulator


class ShopifyService:
    """Conforms to infra.local.service.Service."""

    def __init__(self, parts: Simulator, *, port: int, closing: ExitStack) -> None:
        self._parts = parts
        self._closing = closing
        self._server = HttpServer(_app(parts), port=port)

    @property
    def address(self) -> str:
        return self._server.address

    def stop(self) -> None:
        self._server.stop()
        self._parts.stop()
        self._closing.close()


def start(
    *,
    port: int = 0,
    state: Path | None = None,
    throttle: str = "standard",
    app: App | None = None,
    clock: Callable[[], int] = now,
) -> ShopifyService:
    """Without a state folder there is a temporary one, gone when the service stops. `clock` is in seconds since 1970.

    `throttle` is the plan of shops that name none, or "off". Without an app there is one that sends by http too.
    """
    closing = ExitStack()
    folder = state or Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="shopify-")))
    app = app or App(DEFAULT_SECRET, allows_http=True)
    return ShopifyService(simulator(folder, throttle=throttle, app=app, clock=clock), port=port, closing=closing)


def _app(parts: Simulator) -> Flask:
    app = Flask(__name__)
    app.register_blueprint(shopify_routes(parts))
    app.register_blueprint(oauth_routes(parts))
    app.register_blueprint(control_routes(parts))
    app.register_blueprint(control_order_routes(parts))
    app.register_blueprint(control_app_routes(parts))
    app.register_blueprint(control_webhook_routes(parts))
    app.register_error_handler(Refused, refuse)
    return app
