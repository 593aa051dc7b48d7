"""One line of JSON an event on stdout, in the shape that Cloud Logging understands.

Event names are static, snake_case and in the past tense: metrics and alerts key on them. Values are identifiers and
numbers: never a token, never a cell's content. What is bound with `bound` is on every line written inside it.
"""

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog
from structlog.typing import Processor

LABELS = ("tenant_id", "run_id", "automation_id", "lane")
_SEVERITIES = {"warn": "WARNING", "exception": "ERROR"}


def configure(*, level: str, project_id: str) -> None:
    """Once a process, before its first event."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        _CloudLoggingShape(project_id),
    ]
    render = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    libraries = logging.StreamHandler(sys.stdout)
    libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render]
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[libraries], force=True)
    google = logging.getLogger("google")
    google.setLevel(logging.WARNING)  # else google.api_core.client_logging takes its lines away from the root
    google.propagate = True


@contextmanager
def bound(**values: str) -> Iterator[None]:
    """These identifiers are on every event of this thread until the block ends."""
    with structlog.contextvars.bound_contextvars(**values):
        yield


class _CloudLoggingShape:
    """https://cloud.google.com/logging/docs/structured-logging#structured_logging_special_fields"""

    def __init__(self, project_id: str) -> None:
        self._project_id = project_id

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        level = str(event.pop("level", "info"))
        shaped: dict[str, Any] = {
            "severity": _SEVERITIES.get(level, level.upper()),
            "message": event.pop("event", ""),
            "time": event.pop("time", None),
        }
        labels = {name: str(event.pop(name)) for name in LABELS if name in event}
        if labels:
            shaped["logging.googleapis.com/labels"] = labels
        if trace := event.pop("trace", None):
            shaped["logging.googleapis.com/trace"] = f"projects/{self._project_id}/traces/{trace}"
        return {**shaped, **event}
