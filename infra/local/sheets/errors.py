"""How Google says no: a status, a message and details, in one JSON shape."""

from typing import Any

Json = dict[str, Any]

STATUS_CODES = {
    "INVALID_ARGUMENT": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
}


class ApiError(Exception):
    """An answer that is an error; `details` are google.rpc messages."""

    def __init__(self, status: str, message: str, *, details: list[Json] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details or []

    @property
    def code(self) -> int:
        return STATUS_CODES[self.status]

    def body(self) -> Json:
        error: Json = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return {"error": error}

    def within(self, place: str) -> "ApiError":
        """The same refusal, said of one part of a request: `Invalid requests[3].updateCells: ...`."""
        if self.status != "INVALID_ARGUMENT":
            return self
        return ApiError(self.status, f"Invalid {place}: {self.message}", details=self.details)


def invalid(message: str) -> ApiError:
    return ApiError("INVALID_ARGUMENT", message)


def bad_request(violations: list[tuple[str, str]], *, message: str | None = None) -> ApiError:
    """`violations` are (field, description); without a `message` the descriptions are the message."""
    described = [
        {"field": field, "description": text} if field else {"description": text} for field, text in violations
    ]
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": described}]
    text = message or "\n".join(description for _, description in violations)
    return ApiError("INVALID_ARGUMENT", text, details=details)


def required(message: Json, name: str) -> Any:
    """A field that the request cannot do without."""
    if name not in message:
        raise invalid(f"{name} must be specified.")
    return message[name]


def not_found() -> ApiError:
    return ApiError("NOT_FOUND", "Requested entity was not found.")


def permission_denied() -> ApiError:
    return ApiError("PERMISSION_DENIED", "The caller does not have permission")


def unavailable() -> ApiError:
    return ApiError("UNAVAILABLE", "The service is currently unavailable.")


def unimplemented(what: str) -> ApiError:
    return ApiError("UNIMPLEMENTED", f"{what} is not simulated by the local Sheets service.")
