"""Jobs, executions and operations as the JSON of the API."""

from datetime import UTC, datetime
from typing import Any

from infra.local.run.execution import Ending, Execution, State
from infra.local.run.task_spec import TaskSpec

EXECUTION_TYPE = "type.googleapis.com/google.cloud.run.v2.Execution"
JOB_TYPE = "type.googleapis.com/google.cloud.run.v2.Job"
ABORTED = 10

COMPLETED_CONDITIONS: dict[State, dict[str, str]] = {
    State.PENDING: {"state": "CONDITION_PENDING", "message": "Waiting for execution to start."},
    State.RUNNING: {"state": "CONDITION_RECONCILING", "message": "Waiting for execution to complete."},
    State.SUCCEEDED: {"state": "CONDITION_SUCCEEDED", "message": "Execution completed successfully."},
    State.FAILED: {
        "state": "CONDITION_FAILED",
        "executionReason": "NON_ZERO_EXIT_CODE",
        "message": "Execution failed.",
    },
    State.CANCELLED: {
        "state": "CONDITION_FAILED",
        "executionReason": "CANCELLED",
        "message": "Execution cancelled.",
    },
}

COMPLETION_STATUS = {
    State.PENDING: "EXECUTION_PENDING",
    State.RUNNING: "EXECUTION_RUNNING",
    State.SUCCEEDED: "EXECUTION_SUCCEEDED",
    State.FAILED: "EXECUTION_FAILED",
    State.CANCELLED: "EXECUTION_CANCELLED",
}


def rfc3339(epoch_s: float) -> str:
    return datetime.fromtimestamp(epoch_s, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def execution_resource(execution: Execution) -> dict[str, Any]:
    """Counts of zero and times not reached are left out, as Google's JSON leaves them out."""
    resource = {
        "name": execution.name,
        "uid": execution.uid,
        "generation": "1",
        "labels": dict(execution.labels),
        "annotations": dict(execution.annotations) | _usage(execution),
        "createTime": rfc3339(execution.created_s),
        "startTime": None if execution.started_s is None else rfc3339(execution.started_s),
        "completionTime": None if execution.completed_s is None else rfc3339(execution.completed_s),
        "job": execution.job.rpartition("/")[2],
        "parallelism": 1,
        "taskCount": execution.spec.task_count,
        "template": _task_template(execution.spec),
        "reconciling": not execution.is_done,
        "conditions": [_completed_condition(execution)],
        "observedGeneration": "1",
        "runningCount": execution.running_count,
        "succeededCount": execution.succeeded_count,
        "failedCount": execution.failed_count,
        "cancelledCount": execution.cancelled_count,
        "retriedCount": execution.retried_count,
        "logUri": execution.log_uri,
    }
    return {name: value for name, value in resource.items() if value}


def execution_reference(execution: Execution) -> dict[str, str]:
    """What a job says of its latest execution."""
    reference = {
        "name": execution.name,
        "createTime": rfc3339(execution.created_s),
        "completionStatus": COMPLETION_STATUS[execution.state],
    }
    if execution.completed_s is not None:
        reference["completionTime"] = rfc3339(execution.completed_s)
    return reference


def execution_operation(name: str, execution: Execution) -> dict[str, Any]:
    """What jobs.run answers. It is done when the execution is, with the execution or with an error."""
    resource = execution_resource(execution)
    operation: dict[str, Any] = {"name": name, "metadata": {"@type": EXECUTION_TYPE, **resource}}
    if not execution.is_done:
        return operation
    if execution.state is State.SUCCEEDED:
        return operation | {"done": True, "response": {"@type": EXECUTION_TYPE, **resource}}
    message = _completed_condition(execution)["message"]
    execution_id = execution.name.rpartition("/")[2]
    error = {"code": ABORTED, "message": f"Execution {execution_id} failed with message: {message}"}
    return operation | {"done": True, "error": error}


def finished_operation(name: str, resource: dict[str, Any], *, resource_type: str) -> dict[str, Any]:
    typed = {"@type": resource_type, **resource}
    return {"name": name, "metadata": typed, "done": True, "response": typed}


def _usage(execution: Execution) -> dict[str, str]:
    """The highest memory and the sum of the CPU time of the attempts that ended."""
    if not execution.results:
        return {}
    return {
        "tabkeeper.local/max-rss-kib": str(max(result.max_rss_kib for result in execution.results)),
        "tabkeeper.local/cpu-seconds": f"{sum(result.cpu_s for result in execution.results):.3f}",
    }


def _task_template(spec: TaskSpec) -> dict[str, Any]:
    env = [{"name": name, "value": value} for name, value in spec.env.items()]
    return {
        "containers": [{"command": list(spec.command), "env": env}],
        "timeout": f"{spec.timeout_s:g}s",
        "maxRetries": spec.max_retries,
    }


def _completed_condition(execution: Execution) -> dict[str, str]:
    changed_s = execution.completed_s or execution.started_s or execution.created_s
    condition = {
        "type": "Completed",
        **COMPLETED_CONDITIONS[execution.state],
        "lastTransitionTime": rfc3339(changed_s),
    }
    if execution.state is State.FAILED:
        condition["message"] = _failure(execution)
    return condition


def _failure(execution: Execution) -> str:
    """What became of the last attempt."""
    result = execution.results[-1]
    if result.ending is Ending.TIMED_OUT:
        return f"The configured timeout of {execution.spec.timeout_s:g}s was reached."
    if result.exit_code is None:
        return "The container's process was lost."
    if result.exit_code < 0:
        return f"The container was terminated by signal {-result.exit_code}."
    return f"The container exited with an error (exit code {result.exit_code})."
