"""The shape of a log line."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from google.api_core import client_logging

from backend import telemetry


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    telemetry.configure(level="INFO", project_id="a-project")
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_event_has_the_fields_of_cloud_logging(capsys: pytest.CaptureFixture[str]) -> None:
    """Identifiers are labels, the trace is a resource name, and the rest is payload."""
    telemetry.configure(level="INFO", project_id="a-project")
    with telemetry.bound(tenant_id="ten_1", trace="0af7651916cd43dd8448eb211c80319c"):
        structlog.get_logger().warning("batch_written", run_id="run_1", rows=3)
    (event,) = written(capsys)
    assert event.pop("time")
    assert event == {
        "severity": "WARNING",
        "message": "batch_written",
        "logging.googleapis.com/labels": {"tenant_id": "ten_1", "run_id": "run_1"},
        "logging.googleapis.com/trace": "projects/a-project/traces/0af7651916cd43dd8448eb211c80319c",
        "rows": 3,
    }


def test_what_was_bound_ends_with_its_block(capsys: pytest.CaptureFixture[str]) -> None:
    """No request's identifiers are on the lines of the next one."""
    telemetry.configure(level="INFO", project_id="a-project")
    with telemetry.bound(tenant_id="ten_1"):
        pass
    structlog.get_logger().info("lane_started")
    (event,) = written(capsys)
    assert "logging.googleapis.com/labels" not in event


def test_level_is_honoured(capsys: pytest.CaptureFixture[str]) -> None:
    """What is below the level costs no line."""
    telemetry.configure(level="WARNING", project_id="a-project")
    structlog.get_logger().info("lane_started")
    assert written(capsys) == []


def test_libraries_write_the_same_shape(capsys: pytest.CaptureFixture[str]) -> None:
    """A warning of a Google client is one line of JSON as well, once that client is made."""
    telemetry.configure(level="INFO", project_id="a-project")
    client_logging.initialize_logging()  # type: ignore[no-untyped-call]
    logging.getLogger("google.somewhere").warning("retrying %s", "soon")
    (event,) = written(capsys)
    assert (event["severity"], event["message"]) == ("WARNING", "retrying soon")
