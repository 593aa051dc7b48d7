"""What one execution runs: a job's template with the overrides of jobs.run applied."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.run.errors import invalid_argument, unimplemented

DEFAULT_TIMEOUT_S = 600.0
MAX_TIMEOUT_S = 168 * 3600.0
DEFAULT_MAX_RETRIES, MAX_RETRIES = 3, 10


@dataclass(frozen=True)
class TaskSpec:
    command: tuple[str, ...]
    env: Mapping[str, str]
    timeout_s: float
    max_retries: int
    task_count: int


def task_spec(template: Mapping[str, Any], overrides: Mapping[str, Any]) -> TaskSpec:
    """`template` is a job's ExecutionTemplate. Tasks run one after another, so parallelism is 1 at most.

    Raises where the real service would run something else than this one can.
    """
    task = template.get("template", {})
    container, override = _only_container(task), _container_override(overrides)
    if template.get("parallelism", 0) > 1:
        raise unimplemented("parallelism above 1")
    if task.get("volumes"):
        raise unimplemented("volumes")
    return TaskSpec(
        command=(*container["command"], *_args(container, override)),
        env=_env(container) | _env(override),
        timeout_s=_timeout_s(overrides.get("timeout") or task.get("timeout") or f"{DEFAULT_TIMEOUT_S}s"),
        max_retries=_bounded(
            task.get("maxRetries", DEFAULT_MAX_RETRIES),
            least=0,
            most=MAX_RETRIES,
            field="job.template.template.maxRetries",
        ),
        task_count=_bounded(
            overrides.get("taskCount") or template.get("taskCount") or 1, least=1, most=10_000, field="taskCount"
        ),
    )


def _only_container(task: Mapping[str, Any]) -> Mapping[str, Any]:
    field = "job.template.template.containers"
    containers: list[Mapping[str, Any]] = task.get("containers", [])
    if not containers:
        raise invalid_argument(f"{field}: at least one container is required.", field=field)
    if len(containers) > 1:
        raise unimplemented("sidecar containers")
    if not containers[0].get("command"):
        raise invalid_argument(
            f"{field}[0].command: required here, where no image could say what to run.", field=f"{field}[0].command"
        )
    return containers[0]


def _container_override(overrides: Mapping[str, Any]) -> Mapping[str, Any]:
    containers: list[Mapping[str, Any]] = overrides.get("containerOverrides", [])
    if len(containers) > 1:
        raise unimplemented("sidecar containers")
    return containers[0] if containers else {}


def _args(container: Mapping[str, Any], override: Mapping[str, Any]) -> list[str]:
    """An override's args replace the container's; none leaves them, unless clearArgs says so."""
    if override.get("clearArgs"):
        return []
    args: list[str] = override.get("args") or container.get("args", [])
    return args


def _env(container: Mapping[str, Any]) -> dict[str, str]:
    variables = container.get("env", [])
    if any("valueSource" in variable for variable in variables):
        raise unimplemented("secrets as environment variables (valueSource)")
    return {variable["name"]: variable.get("value", "") for variable in variables}


def _timeout_s(duration: str) -> float:
    matched = re.fullmatch(r"(\d+(?:\.\d+)?)s", duration)
    timeout_s = float(matched[1]) if matched else 0.0
    if not 0 < timeout_s <= MAX_TIMEOUT_S:
        raise invalid_argument(
            f"timeout: {duration!r} is not a duration like '600s' of at most {MAX_TIMEOUT_S:.0f}s.", field="timeout"
        )
    return timeout_s


def _bounded(value: int, *, least: int, most: int, field: str) -> int:
    if not least <= value <= most:
        raise invalid_argument(f"{field}: {value} is not between {least} and {most}.", field=field)
    return value
