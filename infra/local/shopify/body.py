"""Bodies of control requests: read with pydantic, refused with a sentence for every field that is wrong."""

from typing import Any, TypeVar

from flask import Response, jsonify, request
from pydantic import BaseModel, ConfigDict, ValidationError


class Body(BaseModel):
    """A misspelt field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


B = TypeVar("B", bound=Body)


class Refused(Exception):
    """Becomes the answer: a status, and JSON with `error` and what else helps."""

    def __init__(self, status: int, error: str, **details: Any) -> None:
        super().__init__(error)
        self.status = status
        self.answer = {"error": error, **details}


def read_body(kind: type[B]) -> B:
    try:
        return kind.model_validate_json(request.get_data() or b"{}")
    except ValidationError as invalid:
        problems = [
            f"{'.'.join(str(part) for part in error['loc']) or 'body'}: {error['msg']}" for error in invalid.errors()
        ]
        raise Refused(422, "; ".join(problems)) from invalid


def refuse(refused: Refused) -> tuple[Response, int]:
    return jsonify(refused.answer), refused.status
