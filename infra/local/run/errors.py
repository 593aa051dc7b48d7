from collections.abc import Mapping, Sequence
from typing import Any


class ApiError(Exception):
    """A refusal in the shape of Google's REST APIs."""

    def __init__(
        self, http_status: int, status: str, message: str, *, details: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.body: dict[str, Any] = {"error": {"code": http_status, "message": message, "status": status}}
        if details:
            self.body["error"]["details"] = list(details)


def invalid_argument(message: str, *, field: str) -> ApiError:
    violation = {"field": field, "description": message}
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}]
    return ApiError(400, "INVALID_ARGUMENT", message, details=details)


def not_found(name: str) -> ApiError:
    return ApiError(404, "NOT_FOUND", f"Resource '{name}' was not found.")


def already_exists(name: str) -> ApiError:
    return ApiError(409, "ALREADY_EXISTS", f"Resource '{name}' already exists.")


def failed_precondition(message: str) -> ApiError:
    return ApiError(400, "FAILED_PRECONDITION", message)


def unimplemented(message: str) -> ApiError:
    return ApiError(501, "UNIMPLEMENTED", f"This local Cloud Run has no {message}.")
