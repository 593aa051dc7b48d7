"""What lets the sidebar's page call the API from an origin that nobody knows beforehand.

Every origin may: a caller is let in by the bearer token that its page holds, never by anything a browser adds itself.
"""

from flask import Flask, Response, request
from werkzeug.exceptions import MethodNotAllowed

API = "/v1/"
NOT_FOR_PAGES = ("/v1/internal/", "/v1/oauth/")
PREFLIGHT_MAX_AGE_S = 7200
"""The longest that Chromium keeps one."""


def let_pages_call(app: Flask) -> None:
    app.before_request(_answer_preflight)
    app.after_request(_allow)


def _answer_preflight() -> Response | None:
    """No route takes OPTIONS, so the refusal that Flask holds ready knows the methods of the path."""
    if request.method != "OPTIONS" or not _for_pages() or not isinstance(request.routing_exception, MethodNotAllowed):
        return None
    headers = {
        "Access-Control-Allow-Methods": ", ".join(sorted(request.routing_exception.valid_methods or ())),
        "Access-Control-Allow-Headers": "authorization, content-type, idempotency-key",
        "Access-Control-Max-Age": str(PREFLIGHT_MAX_AGE_S),
    }
    return Response(status=204, headers=headers)


def _allow(response: Response) -> Response:
    if _for_pages():
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    return response


def _for_pages() -> bool:
    return request.path.startswith(API) and not request.path.startswith(NOT_FOR_PAGES)
