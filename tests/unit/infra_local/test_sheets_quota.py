"""Quotas a minute, and faults in the order they were asked for."""

import pytest

from infra.local.sheets.errors import ApiError
from infra.local.sheets.faults import Fault, Faults
from infra.local.sheets.methods import Method, Methods
from infra.local.sheets.quota import Quota, Terms
from infra.local.sheets.schemas import Schemas, load_discovery


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def taken(quota: Quota, user: str, *, write: bool) -> int:
    """How many calls are let through in a row."""
    count = 0
    while count < 1000:
        try:
            quota.take(user, write=write)
        except ApiError:
            return count
        count += 1
    return count


def test_sixty_a_minute_a_user_reads_and_writes_apart() -> None:
    """Refilled when the minute is over, and not before."""
    clock = Clock()
    quota = Quota(enforced=True, clock_s=clock)
    assert (taken(quota, "a", write=True), taken(quota, "a", write=False)) == (60, 60)
    clock.now_s = 59.9
    assert taken(quota, "a", write=True) == 0
    clock.now_s = 60
    assert taken(quota, "a", write=True) == 60


def test_three_hundred_a_minute_for_the_project() -> None:
    """However many users share it; the refusal says which limit it was."""
    quota = Quota(enforced=True, clock_s=Clock())
    assert sum(taken(quota, f"user {number}", write=False) for number in range(7)) == 300
    with pytest.raises(ApiError) as refused:
        quota.take("another", write=False)
    assert "limit 'Read requests per minute' of service" in refused.value.message


def test_no_quota_lets_everything_through() -> None:
    """For tests about something else."""
    assert taken(Quota(enforced=False), "a", write=True) == 1000


def test_quota_can_be_changed_and_restored() -> None:
    """For tests that cannot wait a minute."""
    clock = Clock()
    quota = Quota(enforced=False, clock_s=clock)
    quota.change(Terms(user=5, project=8, window_s=2))
    assert (taken(quota, "a", write=True), taken(quota, "b", write=True)) == (5, 3)
    clock.now_s = 2
    assert taken(quota, "a", write=True) == 5
    quota.change(None)
    assert taken(quota, "a", write=True) == 1000


@pytest.fixture(scope="module")
def batch_update() -> Method:
    discovery = load_discovery()
    found = Methods(discovery, Schemas(discovery)).find("POST", "/v4/spreadsheets/x:batchUpdate")
    assert found is not None
    return found[0]


def test_one_call_meets_one_outcome(batch_update: Method) -> None:
    """Delays and edits come with it; the next outcome waits for the next call."""
    faults = Faults()
    for kind in ("delay", "429", "503_after"):
        faults.add(Fault(kind))
    assert [fault.kind for fault in faults.take(batch_update, "x")] == ["delay", "429"]
    assert [fault.kind for fault in faults.take(batch_update, "x")] == ["503_after"]
    assert faults.take(batch_update, "x") == []


def test_faults_wait_for_their_calls(batch_update: Method) -> None:
    """Of the right kind, on the right spreadsheet."""
    faults = Faults()
    faults.add(Fault("429", calls="read"))
    faults.add(Fault("429", calls="spreadsheets.batchUpdate", spreadsheet_id="y"))
    assert faults.take(batch_update, "x") == []
    assert [fault.kind for fault in faults.take(batch_update, "y")] == ["429"]
