"""The OpenAPI 3.1 document, made from the routes and their models."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from backend.web.page import Page
from backend.web.problem import CONTENT_TYPE, Problem
from backend.web.route import Auth, IdempotencyKey, Nothing, Route

Mode: TypeAlias = Literal["validation", "serialization"]
Schemas: TypeAlias = Mapping[tuple[type[BaseModel], Mode], dict[str, Any]]

_SECURITY: Mapping[Auth, list[dict[str, list[str]]]] = {
    Auth.PUBLIC: [],
    Auth.SESSION: [{"session": []}],
    Auth.TASKS: [{"tasks": []}],
    Auth.SCHEDULER: [{"scheduler": []}],
}
_HTML = {"text/html": {"schema": {"type": "string"}}}
_SECURITY_SCHEMES = {
    "session": {"type": "http", "scheme": "bearer", "description": "A token from POST /v1/token."},
    "tasks": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Cloud Tasks only."},
    "scheduler": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Cloud Scheduler only."},
}


def openapi_document(routes: Sequence[Route], *, public_url: str) -> dict[str, Any]:
    schemas, components = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tabkeeper", "version": "1"},
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _SECURITY_SCHEMES},
    }


def _schemas(
    routes: Iterable[Route],
) -> tuple[Schemas, dict[str, Any]]:
    used: set[tuple[type[BaseModel], Mode]] = {(Problem, "serialization")}
    for route in routes:
        used.add((route.takes, "validation"))
        used.update((model, "serialization") for model in route.answers.values() if model not in {None, Page})
    ordered = sorted(used, key=lambda entry: (entry[0].__name__, entry[1]))
    schemas, document = models_json_schema(ordered, ref_template="#/components/schemas/{model}")
    return cast("Schemas", schemas), document.get("$defs", {})


def _operation(route: Route, schemas: Schemas, components: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "security": _SECURITY[route.auth],
        "parameters": list(_parameters(route, components)),
        "responses": {
            str(status): {"description": "Done."} | ({"content": _answered(model, schemas)} if model else {})
            for status, model in route.answers.items()
        },
    }
    if summary := (route.view.__doc__ or "").strip():
        operation["summary"] = summary
    if route.takes is not Nothing and not route.takes_query:
        required = any(each.is_required() for each in route.takes.model_fields.values())
        operation["requestBody"] = {"required": required, "content": _content(schemas[route.takes, "validation"])}
    operation["responses"]["default"] = {
        "description": "Refused, or failed.",
        "content": _HTML if route.is_for_people else _content(schemas[Problem, "serialization"], CONTENT_TYPE),
    }
    return operation


def _answered(model: type[BaseModel], schemas: Schemas) -> dict[str, Any]:
    return _HTML if model is Page else _content(schemas[model, "serialization"])


def _parameters(route: Route, components: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    if route.idempotency_key is not IdempotencyKey.UNUSED:
        required = route.idempotency_key is IdempotencyKey.REQUIRED
        yield {"name": "Idempotency-Key", "in": "header", "required": required, "schema": {"type": "string"}}
    if route.takes_query:
        taken = components.get(route.takes.__name__, {})
        for name, schema in taken.get("properties", {}).items():
            required = name in taken.get("required", [])
            yield {"name": name, "in": "query", "required": required, "schema": schema}


def _content(schema: Mapping[str, Any], content_type: str = "application/json") -> dict[str, Any]:
    return {content_type: {"schema": schema}}
