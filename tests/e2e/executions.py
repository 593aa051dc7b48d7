"""What Cloud Run's API says of the job's executions."""

import time
from typing import Any

from infra.local.stack import JOB, LOCATION, PROJECT, Stack

PATIENCE_S = 30.0


def executions(stack: Stack) -> list[dict[str, Any]]:
    """The newest first."""
    answer: dict[str, Any] = stack.http.get(f"{_job(stack)}/executions", params={"pageSize": 1000}).json()
    return list(answer.get("executions", []))


def executions_of(stack: Stack, connection_id: str) -> list[dict[str, Any]]:
    """Those that were told this lane, by the words that Cloud Run was given."""
    return [execution for execution in executions(stack) if _words(execution)[-2:] == ["lane", connection_id]]


def await_execution(stack: Stack, connection_id: str) -> dict[str, Any]:
    """The newest one of this lane, as soon as there is one."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := executions_of(stack, connection_id)):
        assert time.monotonic() < deadline, f"no job was started for {connection_id}"
        time.sleep(0.05)
    return found[0]


def cancel_execution(stack: Stack, execution: dict[str, Any]) -> None:
    """Cloud Run sends SIGTERM to it."""
    answer = stack.http.post(f"{stack.urls['run']}/v2/{execution['name']}:cancel", json={})
    assert answer.is_success, answer.text


def _job(stack: Stack) -> str:
    return f"{stack.urls['run']}/v2/projects/{PROJECT}/locations/{LOCATION}/jobs/{JOB}"


def _words(execution: dict[str, Any]) -> list[str]:
    (container,) = execution["template"]["containers"]
    return [*container.get("command", []), *container.get("args", [])]
