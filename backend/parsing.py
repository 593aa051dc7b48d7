"""Documents from outside into pydantic models; what is wrong comes back by the path the caller wrote it at."""

from collections.abc import Container, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from backend.errors import InvalidInput

Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], document: Mapping[str, Any]) -> Model:
    """Raises InvalidInput with a sentence for each wrong field."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise InvalidInput(fields=wrong_fields(error, document)) from error


def wrong_fields(error: ValidationError, document: Mapping[str, Any]) -> dict[str, str]:
    """The first complaint about each field. Paths follow the document, without the branches of a union."""
    fields: dict[str, str] = {}
    for complaint in error.errors(include_url=False, include_input=False):
        path = _path(complaint["loc"], document, missing=complaint["type"] in {"missing", "extra_forbidden"})
        fields.setdefault(path, complaint["msg"].removeprefix("Value error, "))
    return fields


def _path(location: Sequence[str | int], document: Any, *, missing: bool) -> str:
    steps: list[str] = []
    here = document
    for step in location:
        if step not in _steps(here) and not (missing and step == location[-1]):
            break
        here = here[step] if step in _steps(here) else None
        steps.append(str(step))
    return ".".join(steps) or "body"


def _steps(here: Any) -> Container[str | int]:
    if isinstance(here, list):
        return range(len(here))
    return here.keys() if isinstance(here, Mapping) else ()
