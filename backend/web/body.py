import json
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType


def read_body() -> dict[str, Any]:
    """The JSON object that the request carries, `{}` when it carries nothing."""
    raw = request.get_data(cache=False)
    if raw and not request.is_json:
        raise UnsupportedMediaType("Send the body as application/json.")
    return parse_json(raw) if raw else {}


def parse_json(raw: bytes) -> dict[str, Any]:
    """Raises BadRequest for anything but an object; NaN and Infinity are no JSON, though Python reads them."""
    try:
        document = json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not valid JSON.") from error
    if not isinstance(document, dict):
        raise BadRequest("The body must be a JSON object.")
    return document


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
