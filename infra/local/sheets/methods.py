"""The methods of the API, read from the discovery document: verb, path, parameters, body."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from infra.local.sheets.errors import Json, bad_request
from infra.local.sheets.schemas import ENUM_NAMES, PACKAGE, Check, Path, Schemas, Violations, snake

# The body of these methods is one field of their request message, and errors name it so.
BODY_FIELD = {"ValueRange": "data", "Spreadsheet": "spreadsheet"}


@dataclass(frozen=True)
class Method:
    name: str
    """As the issue names it: `values.batchGet`, `spreadsheets.batchUpdate`."""
    verb: str
    pattern: re.Pattern[str]
    parameters: Json
    body_message: str | None
    response_message: str
    body_check: Check | None

    @property
    def writes(self) -> bool:
        """What the write quota counts; a POST that only looks things up is a read."""
        looks_up = self.name.endswith(("ByDataFilter", ".search")) and "Update" not in self.name
        return self.verb != "GET" and (not looks_up or "Clear" in self.name)

    def read_body(self, raw: bytes) -> Json:
        if self.body_check is None or self.body_message is None:
            return {}
        try:
            body = json.loads(raw or b"{}", parse_constant=reject_constant)
        except ValueError as error:
            place = str(error).partition(":")[0]
            raise bad_request([("", f"Invalid JSON payload received. Unexpected token.\n{place}")]) from error
        violations: Violations = []
        field = BODY_FIELD.get(self.body_message)
        path: Path = (None, field) if field else None
        read: Json = self.body_check(body, path, violations)
        if violations:
            raise bad_request(violations)
        return read

    def read_query(self, query: dict[str, list[str]]) -> Json:
        """The query's parameters as typed values; repeated ones are lists."""
        read: Json = {}
        for name, texts in query.items():
            schema = self.parameters.get(name)
            if schema is None:
                text = f"Cannot bind query parameter. Field '{name}' could not be found in request message."
                raise bad_request([("", f'Invalid JSON payload received. Unknown name "{name}": {text}')])
            values = [read_parameter(name, schema, text) for text in texts]
            read[name] = values if schema.get("repeated") else values[-1]
        return read


def reject_constant(name: str) -> NoReturn:
    """Python's client sends NaN and Infinity, which are not JSON."""
    raise ValueError(name)


def read_parameter(name: str, schema: Json, text: str) -> Any:
    if "enum" in schema and text not in schema["enum"]:
        type_name = PACKAGE + ENUM_NAMES.get(name, name[0].upper() + name[1:])
        raise bad_request([(snake(name), f"Invalid value at '{snake(name)}' ({type_name}), \"{text}\"")])
    if schema.get("type") == "boolean":
        if text.lower() not in {"true", "false", "1", "0"}:
            raise bad_request([(snake(name), f"Invalid value at '{snake(name)}' (TYPE_BOOL), \"{text}\"")])
        return text.lower() in {"true", "1"}
    return text


class Methods:
    """Finds the method that a request means."""

    def __init__(self, discovery: Json, schemas: Schemas) -> None:
        shared: Json = discovery["parameters"]
        found = [read_method(raw, shared, schemas) for raw in walk(discovery)]
        self._methods = sorted(found, key=lambda method: -len(method.pattern.pattern))

    def names(self) -> set[str]:
        return {method.name for method in self._methods}

    def find(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        for method in self._methods:
            match = method.pattern.fullmatch(path) if method.verb == verb else None
            if match:
                return method, match.groupdict()
        return None


def walk(resource: Json) -> Iterator[Json]:
    yield from resource.get("methods", {}).values()
    for child in resource.get("resources", {}).values():
        yield from walk(child)


def read_method(raw: Json, shared: Json, schemas: Schemas) -> Method:
    body_message = raw["request"]["$ref"] if "request" in raw else None
    name = raw["id"].removeprefix("sheets.")
    for group in ("values", "developerMetadata", "sheets"):
        name = name.replace(f"spreadsheets.{group}.", f"{group}.")
    query = {key: schema for key, schema in raw["parameters"].items() if schema["location"] == "query"}
    return Method(
        name=name,
        verb=raw["httpMethod"],
        pattern=path_pattern(raw["flatPath"]),
        parameters={**shared, **query},
        body_message=body_message,
        response_message=raw["response"]["$ref"],
        body_check=schemas.message(body_message) if body_message else None,
    )


def path_pattern(flat_path: str) -> re.Pattern[str]:
    """`{range}` may hold anything, other names hold neither a slash nor a colon."""
    parts = re.split(r"\{(\w+)\}", flat_path)
    pattern = "/"
    for index, part in enumerate(parts):
        if index % 2 == 0:
            pattern += re.escape(part)
        else:
            pattern += f"(?P<{part}>.+)" if part == "range" else f"(?P<{part}>[^/:]+)"
    return re.compile(pattern, re.DOTALL)
