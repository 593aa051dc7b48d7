from typing import Any

import pytest

from infra.local.run.errors import ApiError
from infra.local.run.schema import BodySchema


@pytest.fixture(scope="module")
def schema() -> BodySchema:
    return BodySchema()


def test_whole_job_is_accepted(schema: BodySchema) -> None:
    """Labels are free-form; numbers, lists and enums have their types."""
    task = {"containers": [{"image": "i", "command": ["c"], "env": [{"name": "A", "value": "1"}]}], "maxRetries": 0}
    body = {"labels": {"team": "sheets"}, "launchStage": "GA", "template": {"taskCount": 1, "template": task}}
    schema.check(body, "GoogleCloudRunV2Job", root="job")


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"nam": "x"}, "job", "Unknown name \"nam\" at 'job': Cannot find field."),
        ({"template": {"template": {"containers": [{"cmd": []}]}}}, "job.template.template.containers[0]", "cmd"),
        ({"template": {"taskCount": "1"}}, "job.template.taskCount", "Invalid value"),
        ({"template": {"taskCount": True}}, "job.template.taskCount", "Invalid value"),
        ({"labels": {"team": 1}}, "job.labels.team", "Invalid value"),
        ({"launchStage": "SOON"}, "job.launchStage", "enum"),
        ([], "job", "Invalid value"),
    ],
)
def test_mistake_is_told_with_its_field(schema: BodySchema, body: Any, field: str, message: str) -> None:
    """The refusal names the place in the body, as Google's does."""
    with pytest.raises(ApiError) as refusal:
        schema.check(body, "GoogleCloudRunV2Job", root="job")
    error = refusal.value.body["error"]
    assert message in error["message"]
    assert error["details"][0]["fieldViolations"][0]["field"] == field


def test_unknown_name_at_the_top_has_no_place(schema: BodySchema) -> None:
    """RunJob's body is the request itself, so there is nothing to be "at"."""
    with pytest.raises(ApiError, match='Unknown name "x": Cannot find field'):
        schema.check({"x": 1}, "GoogleCloudRunV2RunJobRequest")
