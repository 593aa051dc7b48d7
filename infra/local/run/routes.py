"""The API's addresses (the paths of the discovery document's `flatPath`s)."""

import re
from typing import Any

from flask import Blueprint, request

from infra.local.run.errors import invalid_argument, unimplemented
from infra.local.run.jobs import Jobs

DEFAULT_WAIT_S = 30.0


def routes(jobs: Jobs) -> Blueprint:  # noqa: C901 - a list of addresses, without a branch
    blueprint = Blueprint("run", __name__, url_prefix="/v2/projects/<project>/locations/<location>")

    @blueprint.before_request
    def refuse_validate_only() -> None:
        if request.args.get("validateOnly") == "true":
            raise unimplemented("validateOnly")

    @blueprint.post("/jobs")
    def create_job(**_: str) -> dict[str, Any]:
        return jobs.create(_parent("/jobs"), job_id=request.args.get("jobId", ""), body=_body())

    @blueprint.get("/jobs")
    def list_jobs(**_: str) -> dict[str, Any]:
        return jobs.list(_parent("/jobs"))

    @blueprint.get("/jobs/<job>")
    def get_job(**_: str) -> dict[str, Any]:
        return jobs.get(_name())

    @blueprint.patch("/jobs/<job>")
    def patch_job(**_: str) -> dict[str, Any]:
        return jobs.patch(_name(), body=_body(), allow_missing=request.args.get("allowMissing") == "true")

    @blueprint.delete("/jobs/<job>")
    def delete_job(**_: str) -> dict[str, Any]:
        return jobs.delete(_name())

    @blueprint.post("/jobs/<job>:run")
    def run_job(**_: str) -> dict[str, Any]:
        return jobs.run(_name(), body=_body())

    @blueprint.get("/jobs/<job>/executions")
    def list_executions(**_: str) -> dict[str, Any]:
        return jobs.list_executions(_parent("/executions"))

    @blueprint.get("/jobs/<job>/executions/<execution>")
    def get_execution(**_: str) -> dict[str, Any]:
        return jobs.get_execution(_name())

    @blueprint.delete("/jobs/<job>/executions/<execution>")
    def delete_execution(**_: str) -> dict[str, Any]:
        return jobs.delete_execution(_name())

    @blueprint.post("/jobs/<job>/executions/<execution>:cancel")
    def cancel_execution(**_: str) -> dict[str, Any]:
        return jobs.cancel_execution(_name())

    @blueprint.get("/operations/<operation>")
    def get_operation(**_: str) -> dict[str, Any]:
        return jobs.get_operation(_name())

    @blueprint.post("/operations/<operation>:wait")
    def wait_for_operation(**_: str) -> dict[str, Any]:
        return jobs.get_operation(_name(), wait_s=_wait_s(_body()))

    return blueprint


def _name() -> str:
    """The resource the address names, without its custom verb (`:run`)."""
    return request.path.removeprefix("/v2/").partition(":")[0]


def _parent(collection: str) -> str:
    return _name().removesuffix(collection)


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True) if request.get_data() else {}
    if not isinstance(body, dict):
        raise invalid_argument("Invalid JSON payload received. A JSON object is expected.", field="")
    return body


def _wait_s(body: dict[str, Any]) -> float:
    duration = body.get("timeout", f"{DEFAULT_WAIT_S}s")
    if not re.fullmatch(r"\d+(\.\d+)?s", duration):
        raise invalid_argument(f"Invalid value at 'timeout': {duration!r}", field="timeout")
    return float(duration.removesuffix("s"))
