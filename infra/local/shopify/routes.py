"""What Shopify answers: GraphQL, and the files that bulk operations leave behind."""

import json
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

from flask import Blueprint, Response, request, send_file
from graphql import GraphQLError

from infra.local.shopify.execution import answer, read_request
from infra.local.shopify.faults import DownloadFault, RequestFault
from infra.local.shopify.installs import Installs
from infra.local.shopify.mutation import Mutation
from infra.local.shopify.session import Session
from infra.local.shopify.shops import ShopRow, Shops
from infra.local.shopify.simulator import Simulator
from infra.local.shopify.versions import served_version

WRONG_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"  # noqa: S105 - a message


def shopify_routes(simulator: Simulator) -> Blueprint:
    routes = Blueprint("shopify", __name__)

    @routes.post("/shops/<domain>/admin/api/<version>/graphql.json")
    def graphql(domain: str, version: str) -> Response:
        fault = simulator.faults.next(get_args(RequestFault))
        if fault is not None and fault.kind == "delay":
            time.sleep(fault.delay_s)
        kind = fault.kind if fault else None
        if kind == "429":
            return _json({"errors": "Exceeded the limit of requests; slow down."}, status=429, retry_after_s=2)
        if kind == "503":
            return _json({"errors": "Service Unavailable"}, status=503)
        served = served_version(version)
        if served is None:
            return _json({"errors": "Not Found"}, status=404)
        response = _graphql(simulator, domain, throttled=kind == "throttled")
        response.headers["X-Shopify-API-Version"] = served
        if kind == "drop":
            _hang_up()
        return response

    @routes.get("/bulk/<int:operation_id>/<secret>.jsonl")
    def bulk_result(operation_id: int, secret: str) -> Response:
        path = simulator.bulk.readable(operation_id, secret)
        if path is None:
            return _json({"errors": "Not Found"}, status=404)
        response = send_file(path, mimetype="application/jsonl", conditional=True, etag=True)
        return _cut(response) if simulator.faults.next(get_args(DownloadFault)) else response

    return routes


def _graphql(simulator: Simulator, domain: str, *, throttled: bool) -> Response:
    with simulator.store.reading() as connection:
        found = Shops(connection).find(domain)
        if found is None:
            return _json({"errors": "Not Found"}, status=404)
        scopes = _scopes(found, Installs(connection, found.number, now=simulator.clock()))
        if scopes is None:
            return _json({"errors": WRONG_TOKEN}, status=401)
        found = replace(found, shop=replace(found.shop, scopes=scopes))
        try:
            asked = read_request(request.get_json(silent=True))
        except GraphQLError as error:
            return _json({"errors": [error.formatted]})
        session = Session.open(connection, found, base_url=request.host_url, now=simulator.clock())
        body = answer(
            asked,
            schema=simulator.schema,
            session=session,
            mutation=Mutation(session, bulk=simulator.bulk, webhooks=simulator.webhooks),
            bucket=simulator.buckets.of(found.shop),
            throttled=throttled,
        )
        return _json(body)


def _scopes(row: ShopRow, installs: Installs) -> tuple[str, ...] | None:
    """What the caller's token opens: the shop's own one all that the shop gives, an app's what was agreed to."""
    given = request.headers.get("X-Shopify-Access-Token", "")
    if secrets.compare_digest(given.encode(), row.shop.access_token.encode()):
        return row.shop.scopes
    return installs.scopes_of(given)


def _json(body: Any, *, status: int = 200, retry_after_s: int | None = None) -> Response:
    response = Response(json.dumps(body, ensure_ascii=False), status=status, mimetype="application/json")
    response.headers["X-Request-Id"] = secrets.token_hex(16)
    if retry_after_s is not None:
        response.headers["Retry-After"] = f"{retry_after_s}.0"
    return response


def _cut(response: Response) -> Response:
    """Sends half of what it promises, and then nothing."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    whole, left = response.iter_encoded(), (response.content_length or 0) // 2

    def half() -> Iterator[bytes]:
        nonlocal left
        for chunk in whole:
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                break
        connection.shutdown(socket.SHUT_RDWR)

    cut = Response(half(), response.status, response.headers)
    cut.call_on_close(response.close)
    return cut


def _hang_up() -> None:
    """Closes the connection under the answer, which then goes nowhere."""
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
