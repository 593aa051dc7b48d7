from typing import Any

import pytest

from infra.local.run.errors import ApiError
from infra.local.run.task_spec import task_spec

CONTAINER: dict[str, Any] = {"command": ["job"], "args": ["--all"], "env": [{"name": "A", "value": "1"}]}


def template(*, container: dict[str, Any] | None = None, **task: Any) -> dict[str, Any]:
    return {"template": {"containers": [container or CONTAINER], **task}}


def test_defaults_are_cloud_runs() -> None:
    """Ten minutes, three retries, one task."""
    spec = task_spec(template(), {})
    assert (spec.timeout_s, spec.max_retries, spec.task_count) == (600, 3, 1)
    assert (spec.command, spec.env) == (("job", "--all"), {"A": "1"})


def test_zero_retries_are_not_the_default() -> None:
    """An explicit 0 means no retry."""
    assert task_spec(template(maxRetries=0), {}).max_retries == 0


@pytest.mark.parametrize(
    ("override", "command"),
    [
        ({}, ("job", "--all")),
        ({"args": ["lane", "c1"]}, ("job", "lane", "c1")),
        ({"args": []}, ("job", "--all")),
        ({"clearArgs": True}, ("job",)),
    ],
)
def test_args_are_replaced_or_cleared(override: dict[str, Any], command: tuple[str, ...]) -> None:
    """No args in an override leave the container's, unless they are cleared."""
    assert task_spec(template(), {"containerOverrides": [override]}).command == command


def test_variables_are_merged() -> None:
    """An override adds variables and replaces those of the same name."""
    env = [{"name": "A", "value": "2"}, {"name": "B", "value": "3"}]
    assert task_spec(template(), {"containerOverrides": [{"env": env}]}).env == {"A": "2", "B": "3"}


def test_timeout_and_task_count_are_overridden() -> None:
    """What jobs.run says holds before what the job says."""
    spec = task_spec(template(timeout="60s") | {"taskCount": 2}, {"timeout": "1.5s", "taskCount": 5})
    assert (spec.timeout_s, spec.task_count) == (1.5, 5)


@pytest.mark.parametrize("timeout", ["60", "1m", "0s", "-1s", "604801s"])
def test_timeout_must_be_a_duration_in_range(timeout: str) -> None:
    """A duration is a number of seconds followed by s, of at most a week."""
    with pytest.raises(ApiError, match="timeout"):
        task_spec(template(timeout=timeout), {})


def test_secret_variables_are_told_to_be_missing() -> None:
    """A variable that would silently be empty is refused instead."""
    secret = {"name": "TOKEN", "valueSource": {"secretKeyRef": {"secret": "s"}}}
    with pytest.raises(ApiError, match="valueSource") as refusal:
        task_spec(template(container={"command": ["job"], "env": [secret]}), {})
    assert refusal.value.http_status == 501
