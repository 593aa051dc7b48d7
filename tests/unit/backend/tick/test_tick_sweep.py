"""What the sweep decides about a run that has not ended."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.runs.lanes import NEVER, Holder, LaneState
from backend.runs.model import Run, RunStatus, Trigger, new_run
from backend.tick.sweep import PATIENCE, Limits, Verdict, verdict

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LIMITS = Limits(silent=timedelta(minutes=30), given_up=timedelta(days=1))
SECOND = timedelta(seconds=1)


def run(status: RunStatus = RunStatus.PENDING, *, epoch: int = 0, heartbeat_at: datetime | None = None) -> Run:
    made = new_run(
        tenant_id="ten_1",
        automation_id="aut_1",
        connection_id="con_1",
        trigger=Trigger.SCHEDULE,
        cause="schedule:now",
        at=NOON,
    )
    return made.model_copy(update={"status": status, "lane_epoch": epoch, "heartbeat_at": heartbeat_at})


def free(*, called_since: datetime | None = None) -> LaneState:
    return LaneState("con_1", "ten_1", 7, NOON, called_since, None)


def held(*, epoch: int = 7) -> LaneState:
    return LaneState("con_1", "ten_1", epoch, NOON, None, Holder("worker/0", NEVER))


@pytest.mark.parametrize(
    ("waited", "decided"),
    [
        (PATIENCE - SECOND, Verdict.LEAVE),
        (PATIENCE, Verdict.CALL),
        (LIMITS.given_up - SECOND, Verdict.CALL),
        (LIMITS.given_up, Verdict.GIVE_UP),
    ],
)
@pytest.mark.parametrize("status", [RunStatus.PENDING, RunStatus.RUNNING])
def test_run_in_a_free_lane_is_called_for_until_it_is_given_up(
    status: RunStatus, waited: timedelta, decided: Verdict
) -> None:
    """Whether no worker ever came, or one came and died."""
    assert verdict(run(status), free(called_since=NOON), at=NOON + waited, limits=LIMITS) is decided


@pytest.mark.parametrize("lane", [None, free(), free(called_since=NOON + timedelta(days=9) + SECOND)])
def test_run_is_not_given_up_before_workers_were_called_in_vain_for_as_long(lane: LaneState | None) -> None:
    """Whether nobody ticked meanwhile, or its turn had not come."""
    assert verdict(run(), lane, at=NOON + timedelta(days=10), limits=LIMITS) is Verdict.CALL


def test_run_is_not_given_up_for_what_others_have_waited() -> None:
    """Workers have been called for its lane for days, and it is new."""
    called = free(called_since=NOON - timedelta(days=9))
    assert verdict(run(), called, at=NOON + PATIENCE, limits=LIMITS) is Verdict.CALL


@pytest.mark.parametrize(
    ("status", "epoch", "silence", "decided"),
    [
        (RunStatus.PENDING, 0, LIMITS.given_up, Verdict.LEAVE),
        (RunStatus.RUNNING, 7, LIMITS.silent - SECOND, Verdict.LEAVE),
        (RunStatus.RUNNING, 7, LIMITS.silent, Verdict.REVOKE),
        (RunStatus.RUNNING, 6, LIMITS.silent, Verdict.LEAVE),
    ],
)
def test_holder_is_left_in_peace_unless_it_gets_nowhere(
    status: RunStatus, epoch: int, silence: timedelta, decided: Verdict
) -> None:
    """What waits behind its run, or was left behind by an earlier holder, is its own to take up."""
    of_the_lane = run(status, epoch=epoch, heartbeat_at=NOON)
    assert verdict(of_the_lane, held(), at=NOON + silence, limits=LIMITS) is decided


def test_resting_run_is_left_until_its_rest_is_over() -> None:
    """Its last attempt failed in a way that passes."""
    resting = run().model_copy(update={"rests_until": NOON + timedelta(hours=1)})
    assert verdict(resting, free(), at=NOON + timedelta(hours=1), limits=LIMITS) is Verdict.LEAVE
    later = NOON + timedelta(hours=1) + PATIENCE
    assert verdict(resting, free(), at=later, limits=LIMITS) is Verdict.CALL


@given(
    st.sampled_from([RunStatus.PENDING, RunStatus.RUNNING]),
    st.integers(0, 3),
    st.none() | st.timedeltas(timedelta(0), timedelta(days=2)),
)
def test_no_run_stays_open_for_ever(status: RunStatus, epoch: int, beat: timedelta | None) -> None:
    """Called for in vain it ends; a running one cannot keep its lane held by a holder that says nothing."""
    left = run(status, epoch=epoch, heartbeat_at=None if beat is None else NOON + beat)
    in_the_end = NOON + timedelta(days=4)
    assert verdict(left, free(called_since=NOON), at=in_the_end, limits=LIMITS) is Verdict.GIVE_UP
    if status is RunStatus.RUNNING:
        assert verdict(left, held(epoch=epoch), at=in_the_end, limits=LIMITS) is Verdict.REVOKE
