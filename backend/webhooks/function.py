"""The HTTP function: `functions-framework --source backend/webhooks/function.py --target receive`.

One function for all platforms; the path says which: POST /shopify.
"""

import sys
import threading
from functools import cache
from http import HTTPStatus

import functions_framework
import structlog
from flask import Request, Response
from google.api_core.exceptions import GoogleAPICallError, RetryError

from backend import telemetry
from backend.changes.repository import ChangeRepository
from backend.changes.tasks import ChangeTasks
from backend.clock import utc_now
from backend.connections.model import PlatformName
from backend.connections.repository import ConnectionRepository
from backend.database import Database
from backend.errors import ConfigurationError
from backend.platforms.shopify.webhook import ShopifyWebhooks
from backend.runs.queues import queues_parent
from backend.tasks import BackendTasks, tasks_client
from backend.webhooks.ingress import Ingress, Receipt
from backend.webhooks.settings import WebhookSettings

EX_CONFIG = 78
STATUSES = {
    Receipt.NOTED: HTTPStatus.OK,
    Receipt.REPEATED: HTTPStatus.OK,
    Receipt.NOT_UNDERSTOOD: HTTPStatus.OK,
    Receipt.IGNORED: HTTPStatus.OK,
    Receipt.REFUSED: HTTPStatus.UNAUTHORIZED,
}
_making = threading.Lock()
_log = structlog.get_logger()


def read_settings() -> WebhookSettings:
    try:
        return WebhookSettings.from_environment()
    except ConfigurationError as error:
        sys.stderr.write(f"{error.message}\n")
        sys.exit(EX_CONFIG)


SETTINGS = read_settings()
"""Read before the fork, so that a function that cannot be configured does not start."""


@functions_framework.http
def receive(request: Request) -> Response:
    if request.path != "/shopify":
        return _answer(HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        return _answer(HTTPStatus.METHOD_NOT_ALLOWED)
    body = request.stream.read(SETTINGS.webhook_max_bytes + 1)
    if len(body) > SETTINGS.webhook_max_bytes:
        return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        return _answer(STATUSES[shopify().receive(dict(request.headers), body)])
    except (GoogleAPICallError, RetryError) as error:
        _log.warning("webhook_not_noted", reason=type(error).__name__)
        return _answer(HTTPStatus.SERVICE_UNAVAILABLE)
    except Exception:  # noqa: BLE001 - the entry point; the framework would answer with the error's own words
        _log.exception("webhook_crashed")
        return _answer(HTTPStatus.INTERNAL_SERVER_ERROR)


def shopify() -> Ingress:
    with _making:
        return _shopify()


@cache
def _shopify() -> Ingress:
    """Made at the first request, after the fork: Google's gRPC clients do not survive one."""
    telemetry.configure(level=SETTINGS.log_level, project_id=SETTINGS.project_id)
    db = Database(project=SETTINGS.project_id, patience_s=SETTINGS.webhook_call_timeout_s)
    tasks = BackendTasks(
        tasks_client(SETTINGS.tasks_endpoint),
        parent=queues_parent(SETTINGS.project_id, SETTINGS.location),
        public_url=SETTINGS.public_url,
        service_account=SETTINGS.tasks_service_account,
        timeout_s=SETTINGS.webhook_call_timeout_s,
    )
    return Ingress(
        PlatformName.SHOPIFY,
        ShopifyWebhooks(),
        secrets=SETTINGS.shopify_secrets,
        shops=ConnectionRepository(db),
        changes=ChangeRepository(db),
        tasks=ChangeTasks(tasks, window_s=SETTINGS.changes_window_s, clock=utc_now),
        timeout_s=SETTINGS.webhook_call_timeout_s,
        clock=utc_now,
    )


def _answer(status: HTTPStatus) -> Response:
    return Response(status=status)
