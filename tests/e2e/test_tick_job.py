"""The admin command that keeps the Cloud Scheduler job of the tick."""

from collections.abc import Iterator

import pytest
from google.cloud.scheduler_v1 import CloudSchedulerClient
from google.cloud.scheduler_v1.types import HttpMethod, Job
from google.protobuf.field_mask_pb2 import FieldMask

from backend.admin import main
from backend.clients import scheduler_client
from backend.settings import Settings
from infra.local.instants import seconds
from infra.local.stack import PROJECT, SCHEDULER_ACCOUNT

ELSEWHERE = "europe-west9"
NAME = f"projects/{PROJECT}/locations/{ELSEWHERE}/jobs/tick"


@pytest.fixture
def scheduler(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudSchedulerClient]:
    """In a location of its own, so that the stack's tick is left alone."""
    monkeypatch.setenv("TABKEEPER_LOCATION", ELSEWHERE)
    client = scheduler_client(settings.scheduler_endpoint)
    yield client
    client.delete_job(name=NAME)
    client.transport.close()  # type: ignore[no-untyped-call]


def test_tick_job_is_made_as_declared(
    scheduler: CloudSchedulerClient, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every minute, as the scheduler's service account, addressed to the backend; no tick outlives its minute."""
    assert main(["tick-job"]) == 0
    assert capsys.readouterr().out == f"tick-job: * * * * * POST {settings.public_url}/v1/internal/tick, enabled\n"
    job = scheduler.get_job(name=NAME)
    target = job.http_target
    assert (job.schedule, job.state) == ("* * * * *", Job.State.ENABLED)
    assert (target.http_method, target.uri) == (HttpMethod.POST, f"{settings.public_url}/v1/internal/tick")
    assert target.oidc_token.service_account_email == SCHEDULER_ACCOUNT
    assert target.oidc_token.audience == settings.public_url
    assert seconds(job.attempt_deadline) < 60


def test_tick_job_is_brought_back_to_what_is_declared(scheduler: CloudSchedulerClient) -> None:
    """However often the command is given, and whatever somebody changed by hand."""
    assert main(["tick-job"]) == 0
    declared = scheduler.get_job(name=NAME)
    changed = Job(name=NAME, schedule="0 0 * * *", http_target={"uri": "https://elsewhere.example/"})
    mask = FieldMask(paths=["schedule", "http_target", "retry_config"])
    scheduler.update_job(job=changed, update_mask=mask)
    assert main(["tick-job"]) == 0
    again = scheduler.get_job(name=NAME)
    for field in ("schedule", "http_target", "retry_config", "attempt_deadline", "time_zone", "description"):
        assert getattr(again, field) == getattr(declared, field)


def test_tick_job_stays_paused_until_it_is_resumed(scheduler: CloudSchedulerClient) -> None:
    """Pausing or resuming twice is no error, and keeping the job does not wake it."""
    states = []
    for flags in (["--pause"], ["--pause"], [], ["--resume"], ["--resume"]):
        assert main(["tick-job", *flags]) == 0
        states.append(scheduler.get_job(name=NAME).state.name)
    assert states == ["PAUSED", "PAUSED", "PAUSED", "ENABLED", "ENABLED"]


def test_scheduler_out_of_reach_is_told_in_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Instead of a traceback."""
    monkeypatch.setenv("TABKEEPER_SCHEDULER_ENDPOINT", "127.0.0.1:9")
    assert main(["tick-job"]) == 1
    assert capsys.readouterr().err.startswith("Google did not carry it out; it is safe to try again. 503")
