"""Making, changing, pausing and deleting jobs."""

import pytest
from google.api_core.exceptions import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound
from google.cloud.scheduler_v1.types import HttpMethod, Job
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask

from tests.contract.scheduler.cloud import EVERY_MINUTE, LOCATION, NEW_YEAR, Cloud
from tests.contract.still_clock import Clock

NOBODY = f"{LOCATION}/jobs/nobody"


def test_job_has_the_documented_defaults(cloud: Cloud) -> None:
    """Enabled, POST, three minutes for an answer, no retry, UTC."""
    job = cloud.get(cloud.job("/s-defaults"))
    assert (job.state, job.http_target.http_method, job.time_zone) == (Job.State.ENABLED, HttpMethod.POST, "Etc/UTC")
    assert job.attempt_deadline.total_seconds() == 180
    retry = job.retry_config
    assert (retry.retry_count, retry.max_doublings) == (0, 5)
    assert (retry.min_backoff_duration.total_seconds(), retry.max_backoff_duration.total_seconds()) == (5, 3600)
    assert job.schedule_time.strftime("%m-%d %H:%M") == "01-01 00:00"


def test_nameless_job_is_given_a_name(cloud: Cloud) -> None:
    """In the location of the request."""
    job = {"schedule": NEW_YEAR, "http_target": {"uri": "http://127.0.0.1:9/"}}
    assert cloud.client.create_job(parent=LOCATION, job=job).name.startswith(f"{LOCATION}/jobs/")


def test_name_is_taken_once(cloud: Cloud) -> None:
    """Until the job is deleted."""
    name = cloud.job("/s-taken")
    with pytest.raises(AlreadyExists):
        cloud.job("/s-taken")
    cloud.client.delete_job(name=name)
    with pytest.raises(NotFound):
        cloud.get(name)
    cloud.job("/s-taken")


def test_jobs_are_listed_by_pages(cloud: Cloud) -> None:
    """Each once, those of another location not at all."""
    elsewhere = LOCATION.replace("west1", "west9")
    job = {"schedule": NEW_YEAR, "http_target": {"uri": "http://127.0.0.1:9/"}}
    names = [f"{elsewhere}/jobs/{number}" for number in range(5)]
    for name in names:
        cloud.client.create_job(parent=elsewhere, job={"name": name, **job})
    pager = cloud.client.list_jobs(request={"parent": elsewhere, "page_size": 2})
    assert [[job.name for job in page.jobs] for page in pager.pages] == [names[:2], names[2:4], names[4:]]


def test_update_changes_what_the_mask_names(still_cloud: Cloud, clock: Clock) -> None:
    """And nothing else; the next instant follows the new schedule."""
    name = still_cloud.job("/s-mask", description="old", retry_config={"retry_count": 2})
    asked = {
        "name": name,
        "schedule": EVERY_MINUTE,
        "description": "new",
        "http_target": {"uri": "http://127.0.0.1:9/elsewhere"},
    }
    mask = FieldMask(paths=["schedule", "http_target.uri"])
    changed = still_cloud.client.update_job(job=asked, update_mask=mask)
    assert (changed.schedule, changed.http_target.uri) == (EVERY_MINUTE, "http://127.0.0.1:9/elsewhere")
    assert (changed.description, changed.retry_config.retry_count) == ("old", 2)
    assert changed.schedule_time.timestamp() == clock.now_s + 60
    assert still_cloud.get(name) == changed


def test_update_without_a_mask_replaces_the_job(cloud: Cloud) -> None:
    """What is not said returns to its default; what is output only stays."""
    name = cloud.job("/s-whole", description="old")
    cloud.client.pause_job(name=name)
    asked = {"name": name, "schedule": NEW_YEAR, "http_target": {"uri": "http://127.0.0.1:9/"}, "state": "ENABLED"}
    changed = cloud.client.update_job(job=asked)
    assert (changed.description, changed.state) == ("", Job.State.PAUSED)


def test_paused_job_does_not_fire_until_it_is_resumed(still_cloud: Cloud, clock: Clock) -> None:
    """Nor for the minutes of its pause."""
    name = still_cloud.job("/s-paused", schedule=EVERY_MINUTE)
    assert still_cloud.client.pause_job(name=name).state == Job.State.PAUSED
    clock.now_s += 90
    still_cloud.barrier("/s-paused-before")
    assert still_cloud.client.resume_job(name=name).state == Job.State.ENABLED
    still_cloud.barrier("/s-paused-after")
    assert still_cloud.worker.at("/s-paused") == []
    clock.now_s += 30
    still_cloud.barrier("/s-resumed")
    still_cloud.worker.wait_for("/s-paused")


@pytest.mark.parametrize(
    ("method", "paused", "message"),
    [
        ("pause_job", True, "Job.state must be ENABLED for PauseJob"),
        ("run_job", True, "Job.state must be ENABLED for RunJob"),
        ("resume_job", False, "Job.state must be PAUSED for ResumeJob"),
    ],
)
def test_job_in_the_wrong_state_is_refused(cloud: Cloud, method: str, paused: bool, message: str) -> None:
    """FAILED_PRECONDITION names the state that is needed."""
    name = cloud.job(f"/s-state-{method}")
    if paused:
        cloud.client.pause_job(name=name)
    with pytest.raises(FailedPrecondition, match=message):
        getattr(cloud.client, method)(name=name)


@pytest.mark.parametrize("method", ["get_job", "delete_job", "pause_job", "resume_job", "run_job"])
def test_unknown_job_is_not_found(cloud: Cloud, method: str) -> None:
    """By every method that names one."""
    with pytest.raises(NotFound):
        getattr(cloud.client, method)(name=NOBODY)


def test_update_does_not_create(cloud: Cloud) -> None:
    """Unlike Cloud Tasks' UpdateQueue."""
    with pytest.raises(NotFound):
        cloud.client.update_job(job={"name": NOBODY, "schedule": NEW_YEAR})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"schedule": "60 * * * *"}, "Schedule or time zone is invalid"),
        ({"schedule": "* * * * * *"}, "Schedule or time zone is invalid"),
        ({"schedule": "0 0 L * *"}, "Schedule or time zone is invalid"),
        ({"schedule": "0 0 31 2 *"}, "Schedule or time zone is invalid"),
        ({"schedule": ""}, "Schedule or time zone is invalid"),
        ({"time_zone": "Europe/Atlantis"}, "Schedule or time zone is invalid"),
        ({"name": "not-a-name"}, "Job name must be formatted"),
        ({"name": f"{LOCATION.replace('west1', 'west2')}/jobs/other"}, "under the parent"),
        ({"http_target": {"uri": "ftp://127.0.0.1/"}}, "must be a full URL"),
        ({"http_target": {"uri": "http://h/", "http_method": "GET", "body": b"x"}}, "only allowed for"),
        ({"attempt_deadline": Duration(seconds=1801)}, "attemptDeadline"),
        ({"retry_config": {"retry_count": 6}}, "retryCount"),
        ({"description": "x" * 501}, "description"),
    ],
)
def test_job_that_the_service_refuses(cloud: Cloud, fields: dict[str, object], message: str) -> None:
    """Schedules, zones, names, targets and limits outside the reference are INVALID_ARGUMENT."""
    job = {"schedule": NEW_YEAR, "http_target": {"uri": "http://127.0.0.1:9/"}, **fields}
    with pytest.raises(InvalidArgument, match=message):
        cloud.client.create_job(parent=LOCATION, job=job)


def test_mask_of_an_unknown_field_is_refused(cloud: Cloud) -> None:
    """The refusal names the path."""
    name = cloud.job("/s-no-such-field")
    with pytest.raises(InvalidArgument, match="Invalid mask for Job: timeZone"):
        cloud.client.update_job(job={"name": name}, update_mask=FieldMask(paths=["timeZone"]))
