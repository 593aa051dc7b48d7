"""The only place that knows Flask's request: authenticate, parse, call the view, serialise."""

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from backend import telemetry
from backend.errors import InvalidInput, NotFound, RetriableError, TabkeeperError
from backend.parsing import parse
from backend.tenants.model import Session
from backend.web.body import read_body
from backend.web.cors import let_pages_call
from backend.web.page import Page, page_response
from backend.web.problem import CONTENT_TYPE, Problem, http_problem, problem, retry_after_s, translated
from backend.web.route import Answer, Auth, Call, IdempotencyKey, Route

MAX_BODY_BYTES = 256 * 1024
MAX_IDEMPOTENCY_KEY = 255

Door: TypeAlias = Callable[[str | None], Session | None]
"""Lets a request in by its Authorization header, or raises NotAuthenticated or NotAuthorized."""

_ID = re.compile(r"[a-z]+_[0-9a-z]{1,64}")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_log = structlog.get_logger()


def mount(app: Flask, routes: Iterable[Route], *, doors: Mapping[Auth, Door]) -> None:
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.url_map.merge_slashes = False
    for route in routes:
        app.add_url_rule(
            route.path.replace("{", "<").replace("}", ">"),
            endpoint=route.name,
            view_func=_handler(route, doors[route.auth]),
            methods=[route.method],
            provide_automatic_options=False,
        )
    app.register_error_handler(Exception, _refuse)
    let_pages_call(app)


def _handler(route: Route, door: Door) -> Callable[..., Response]:
    def handle(**path: str) -> Response:
        started = time.monotonic()
        trace = _TRACEPARENT.fullmatch(request.headers.get("traceparent", ""))
        with telemetry.bound(route=route.name, **({"trace": trace[1]} if trace else {})):
            try:
                response = _carry_out(route, door, path)
            except Exception as error:  # noqa: BLE001 - the entry point: every failure is answered and recorded
                response = _refuse(error, for_people=route.is_for_people)
            busy_ms = round((time.monotonic() - started) * 1000, 1)
            _log.info("request_answered", status=response.status_code, busy_ms=busy_ms)
        return response

    return handle


def _carry_out(route: Route, door: Door, path: Mapping[str, str]) -> Response:
    session = door(request.headers.get("Authorization"))
    if not all(_ID.fullmatch(value) for value in path.values()):
        raise NotFound
    document = request.args.to_dict() if route.takes_query else read_body()
    call = Call(
        taken=parse(route.takes, document),
        path=path,
        session=session,
        idempotency_key=_idempotency_key(route.idempotency_key),
    )
    with telemetry.bound(**({"tenant_id": session.tenant_id} if session else {})):
        answer = route.view(call)
    status = answer.status if isinstance(answer, Answer) else next(iter(route.answers))
    body = answer.body if isinstance(answer, Answer) else answer
    if isinstance(body, Page):
        return page_response(body, status=status)
    return Response(
        body.model_dump_json() if body else b"",
        status=status,
        mimetype="application/json" if body else None,
        headers={"Cache-Control": "no-store"},
    )


def _idempotency_key(need: IdempotencyKey) -> str | None:
    if need is IdempotencyKey.UNUSED:
        return None
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > MAX_IDEMPOTENCY_KEY:
        raise InvalidInput(fields={"Idempotency-Key": f"must not be longer than {MAX_IDEMPOTENCY_KEY} characters"})
    if need is IdempotencyKey.REQUIRED and not key:
        raise InvalidInput(
            fields={"Idempotency-Key": "this header is required: a value of your choice, new for each new run"}
        )
    return key or None


def _refuse(error: Exception, *, for_people: bool = False) -> Response:
    if isinstance(error, HTTPException):
        return _answer(http_problem(error), dict(error.get_headers()) if error.code == 405 else {})
    known = error if isinstance(error, TabkeeperError) else translated(error)
    told = problem(known)
    if told.status >= 500:
        severity = _log.warning if isinstance(known, RetriableError) else _log.error
        severity("request_failed", code=known.code, detail=known.detail, exc_info=error)
    if for_people:
        advice = " Go back to the sidebar to try again." if told.retriable else ""
        return page_response(Page(heading="That did not work", text=told.detail + advice), status=told.status)
    headers = {"WWW-Authenticate": "Bearer"} if told.status == 401 else {}
    if (wait_s := retry_after_s(known)) is not None:
        headers["Retry-After"] = str(max(1, round(wait_s)))
    return _answer(told, headers)


def _answer(told: Problem, headers: Mapping[str, str]) -> Response:
    body = json.dumps(told.model_dump(exclude_none=True))
    allowed = {name: value for name, value in headers.items() if name in {"Allow", "Retry-After", "WWW-Authenticate"}}
    return Response(body, status=told.status, content_type=CONTENT_TYPE, headers=allowed)
