"""Every route declares who may call it, and keeps its word."""

import re
from typing import Any

import pytest
from flask import Flask

from backend.web.route import Auth

DECLARED_PUBLIC = {
    "GET /health",
    "GET /openapi.json",
    "POST /v1/token",
    "GET /v1/oauth/google",
    "GET /v1/oauth/shopify",
}
DECLARED_TASKS = {
    "POST /v1/internal/connections/{connection_id}/changes",
    "POST /v1/internal/lanes/{connection_id}/dispatch",
    "POST /v1/internal/notifications/{notification_id}",
}
DECLARED_SCHEDULER = {"POST /v1/internal/tick"}


def described(app: Flask) -> dict[str, dict[str, Any]]:
    """The operations of the OpenAPI document, by method and path."""
    document = app.test_client().get("/openapi.json").get_json()
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def served(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule.replace('<', '{').replace('>', '}')}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }


def test_every_route_is_described(app: Flask) -> None:
    """Nothing is served that the OpenAPI document does not tell, and nothing told that is not served."""
    assert served(app) == set(described(app))


def test_every_route_declares_its_auth(app: Flask) -> None:
    """What needs no session is listed here by name, so that a new route cannot be open by oversight."""
    by_auth: dict[Auth, set[str]] = {auth: set() for auth in Auth}
    for route, operation in described(app).items():
        schemes = [scheme for requirement in operation["security"] for scheme in requirement]
        by_auth[Auth(schemes[0]) if schemes else Auth.PUBLIC].add(route)
    assert by_auth[Auth.PUBLIC] == DECLARED_PUBLIC
    assert by_auth[Auth.TASKS] == DECLARED_TASKS
    assert by_auth[Auth.SCHEDULER] == DECLARED_SCHEDULER
    assert by_auth[Auth.SESSION]


def test_every_route_but_the_public_ones_refuses_without_a_token(app: Flask) -> None:
    """Before the body is read or the storage is asked."""
    client = app.test_client()
    for route in served(app) - DECLARED_PUBLIC:
        method, path = route.split(" ")
        for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic YTpi"}):
            answer = client.open(re.sub(r"{\w+}", "x_1", path), method=method, headers=headers)
            assert (route, answer.status_code) == (route, 401)
            assert answer.get_json()["code"] == "not_authenticated"


def test_every_route_is_under_v1(app: Flask) -> None:
    """Except what tells about the service itself."""
    assert {route for route in served(app) if " /v1/" not in route} == {"GET /health", "GET /openapi.json"}


def test_description_is_openapi(app: Flask) -> None:
    """The published validator of OpenAPI 3.1 finds nothing wrong."""
    validator = pytest.importorskip("openapi_spec_validator", reason="openapi-spec-validator is not installed")
    validator.validate(app.test_client().get("/openapi.json").get_json())


def test_description_resolves(app: Flask) -> None:
    """Every reference of the document leads to a schema in it, and every operation has an id of its own."""
    document = app.test_client().get("/openapi.json").get_json()
    references = re.findall(r'"\$ref": ?"([^"]+)"', app.test_client().get("/openapi.json").get_data(as_text=True))
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert references
    assert set(references) <= schemas
    ids = [operation["operationId"] for operation in described(app).values()]
    assert len(ids) == len(set(ids))
    assert all(operation["summary"] for operation in described(app).values())
