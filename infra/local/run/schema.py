"""The JSON schemas of Cloud Run's bodies, from the discovery document inside google-api-python-client."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from infra.local.run.errors import invalid_argument

JSON_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


class BodySchema:
    """Refuses what the real API refuses before it looks at the meaning: unknown fields, wrong types, unknown enums."""

    def __init__(self) -> None:
        document = files("googleapiclient.discovery_cache.documents").joinpath("run.v2.json").read_text()
        self._schemas = json.loads(document)["schemas"]

    def check(self, body: Any, schema_name: str, *, root: str = "") -> None:
        """`root` is the field that the body is of the RPC's request: "job" of CreateJob, nothing of RunJob."""
        self._check(body, {"$ref": schema_name}, root)

    def _check(self, body: Any, schema: Mapping[str, Any], path: str) -> None:
        schema = self._schemas[schema["$ref"]] if "$ref" in schema else schema
        expected = schema["type"]
        is_type = isinstance(body, JSON_TYPES[expected]) and (expected == "boolean" or not isinstance(body, bool))
        if not is_type:
            raise invalid_argument(f"Invalid value at '{path}' ({expected}), {json.dumps(body)}", field=path)
        if "enum" in schema and body not in schema["enum"]:
            raise invalid_argument(f"Invalid value at '{path}' (enum), {json.dumps(body)}", field=path)
        if expected == "array":
            for index, item in enumerate(body):
                self._check(item, schema["items"], f"{path}[{index}]")
        if expected == "object":
            self._check_fields(body, schema, path)

    def _check_fields(self, body: Mapping[str, Any], schema: Mapping[str, Any], path: str) -> None:
        fields, free_form = schema.get("properties", {}), schema.get("additionalProperties")
        for name, item in body.items():
            field = fields.get(name, free_form)
            if field is None:
                where = f" at '{path}'" if path else ""
                message = f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.'
                raise invalid_argument(message, field=path)
            self._check(item, field, f"{path}.{name}" if path else name)
