"""The API's methods, without HTTP."""

import re
import secrets
import string
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.local.run.errors import already_exists, failed_precondition, invalid_argument, not_found, unimplemented
from infra.local.run.execution import Execution
from infra.local.run.representation import (
    EXECUTION_TYPE,
    JOB_TYPE,
    execution_operation,
    execution_reference,
    execution_resource,
    finished_operation,
    rfc3339,
)
from infra.local.run.runner import Runner
from infra.local.run.schema import BodySchema
from infra.local.run.store import Store
from infra.local.run.task_spec import task_spec

JOB_ID = "[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
UNSUPPORTED = ("validateOnly", "etag", "startExecutionToken", "runExecutionToken")


class Jobs:
    def __init__(
        self, *, store: Store, runner: Runner, log_folder: Path, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._runner = runner
        self._log_folder = log_folder
        self._clock = clock
        self._schema = BodySchema()

    def create(self, location: str, *, job_id: str, body: dict[str, Any]) -> dict[str, Any]:
        if not re.fullmatch(JOB_ID, job_id):
            raise invalid_argument(f"Invalid job id {job_id!r}: it must match {JOB_ID}.", field="job_id")
        name = f"{location}/jobs/{job_id}"
        if self._store.job(name) is not None:
            raise already_exists(name)
        return self._put(name, body, existing=None)

    def patch(self, name: str, *, body: dict[str, Any], allow_missing: bool) -> dict[str, Any]:
        """Replaces the job. Executions that run already go on as they were started."""
        existing = self._store.job(name)
        if existing is None and not allow_missing:
            raise not_found(name)
        return self._put(name, body, existing=existing)

    def get(self, name: str) -> dict[str, Any]:
        return self._with_latest_execution(self._existing(name))

    def list(self, location: str) -> dict[str, Any]:
        return {"jobs": [self._with_latest_execution(job) for job in self._store.jobs(location)]}

    def delete(self, name: str) -> dict[str, Any]:
        job = self._existing(name)
        if any(not execution.is_done for execution in self._store.executions(name)):
            raise failed_precondition(f"Job '{name}' has running executions: cancel them first.")
        self._store.delete_job(name)
        return self._finished(name, job | {"deleteTime": rfc3339(self._clock())}, resource_type=JOB_TYPE)

    def run(self, name: str, *, body: dict[str, Any]) -> dict[str, Any]:
        self._schema.check(body, "GoogleCloudRunV2RunJobRequest")
        _refuse_unsupported(body)
        job = self._existing(name)
        execution_id = f"{name.rpartition('/')[2]}-{_suffix()}"
        execution = Execution(
            name=f"{name}/executions/{execution_id}",
            uid=str(uuid.uuid4()),
            spec=task_spec(job["template"], body.get("overrides", {})),
            log_uri=str(self._log_folder / f"{execution_id}.log"),
            created_s=self._clock(),
            labels=job["template"].get("labels", {}),
            annotations=job["template"].get("annotations", {}),
        )
        operation = f"{_location(name)}/operations/{execution.uid}"
        self._store.add_execution(execution)
        self._store.put_operation(operation, execution=execution.name)
        self._runner.submit(execution.name)
        return execution_operation(operation, execution)

    def get_execution(self, name: str) -> dict[str, Any]:
        return execution_resource(self._store.execution(name))

    def list_executions(self, job: str) -> dict[str, Any]:
        self._existing(job)
        return {"executions": [execution_resource(execution) for execution in self._store.executions(job)]}

    def cancel_execution(self, name: str) -> dict[str, Any]:
        if self._store.execution(name).is_done:
            raise failed_precondition(f"Execution '{name}' has already completed.")
        execution = self._runner.cancel(name)
        operation = f"{_location(name)}/operations/{uuid.uuid4()}"
        self._store.put_operation(operation, execution=name)
        return execution_operation(operation, execution)

    def delete_execution(self, name: str) -> dict[str, Any]:
        execution = self._store.execution(name)
        if not execution.is_done:
            raise failed_precondition(f"Execution '{name}' is running: cancel it first.")
        self._store.delete_execution(name)
        return self._finished(name, execution_resource(execution), resource_type=EXECUTION_TYPE)

    def get_operation(self, name: str, *, wait_s: float = 0.0) -> dict[str, Any]:
        execution, finished = self._store.operation(name)
        if execution is not None:
            return execution_operation(name, self._store.wait_for_execution(execution, timeout_s=wait_s))
        if finished is None:
            raise not_found(name)
        return finished

    def _put(self, name: str, body: dict[str, Any], *, existing: dict[str, Any] | None) -> dict[str, Any]:
        self._schema.check(body, "GoogleCloudRunV2Job", root="job")
        _refuse_unsupported(body)
        task_spec(body.get("template", {}), {})
        now = rfc3339(self._clock())
        generation = "1" if existing is None else str(int(existing["generation"]) + 1)
        job = body | {
            "name": name,
            "uid": str(uuid.uuid4()) if existing is None else existing["uid"],
            "generation": generation,
            "observedGeneration": generation,
            "createTime": now if existing is None else existing["createTime"],
            "updateTime": now,
            "launchStage": body.get("launchStage", "GA"),
            "terminalCondition": {"type": "Ready", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": now},
        }
        self._store.put_job(job)
        return self._finished(name, job, resource_type=JOB_TYPE)

    def _finished(self, name: str, resource: dict[str, Any], *, resource_type: str) -> dict[str, Any]:
        operation_name = f"{_location(name)}/operations/{uuid.uuid4()}"
        operation = finished_operation(operation_name, resource, resource_type=resource_type)
        self._store.put_operation(operation_name, resource=operation)
        return operation

    def _existing(self, name: str) -> dict[str, Any]:
        job = self._store.job(name)
        if job is None:
            raise not_found(name)
        return job

    def _with_latest_execution(self, job: dict[str, Any]) -> dict[str, Any]:
        executions = self._store.executions(job["name"])
        if not executions:
            return job
        return job | {
            "executionCount": len(executions),
            "latestCreatedExecution": execution_reference(executions[0]),
        }


def _refuse_unsupported(body: dict[str, Any]) -> None:
    for name in UNSUPPORTED:
        if body.get(name):
            raise unimplemented(name)


def _location(name: str) -> str:
    return "/".join(name.split("/")[:4])


def _suffix() -> str:
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(5))
