"""Which of the waiting lanes a worker takes that has come free."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.runs.lanes import Holder, LaneState
from jobs.shift import next_lane

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def lane(tenant: str, number: int, *, held: bool = False) -> LaneState:
    """The smaller the number, the longer it waits."""
    holder = Holder("someone", NOON + timedelta(minutes=4)) if held else None
    return LaneState(f"{tenant}-{number}", tenant, 1, NOON + timedelta(seconds=number), None, holder)


def chosen(waiting: Sequence[LaneState], *, tenant_lanes: int = 5) -> str | None:
    return next_lane(waiting, [each for each in waiting if each.holder], tenant_lanes=tenant_lanes)


def test_tenant_with_the_fewest_lanes_goes_first() -> None:
    """However many lanes another one has that wait longer."""
    busy = [lane("busy", 1, held=True), *(lane("busy", number) for number in range(2, 50))]
    assert chosen([*busy, lane("small", 60)]) == "small-60"


def test_longest_waiting_goes_first_among_equals() -> None:
    """Of one tenant and of several."""
    assert chosen([lane("b", 1), lane("a", 2), lane("b", 3)]) == "b-1"


def test_tenant_at_its_cap_is_passed_over() -> None:
    """Its lanes wait until one of those that run has been drained."""
    waiting = [lane("a", 1, held=True), lane("a", 2, held=True), lane("a", 3)]
    assert chosen(waiting, tenant_lanes=2) is None
    assert chosen(waiting, tenant_lanes=3) == "a-3"


def test_no_more_is_read_than_the_answer_needs() -> None:
    """Nothing can go before the longest waiting lane of a tenant that has none."""
    read: list[str] = []

    def waiting() -> Iterator[LaneState]:
        for each in (lane("a", 1), lane("b", 2), lane("c", 3)):
            read.append(each.connection_id)
            yield each

    assert next_lane(waiting(), [lane("a", 9, held=True)], tenant_lanes=5) == "b-2"
    assert read == ["a-1", "b-2"]


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=30), st.integers(1, 4))
def test_choice_is_the_fairest_there_is(lanes: list[tuple[str, bool]], tenant_lanes: int) -> None:
    """Nobody who may run has fewer lanes, or has waited longer with as few."""
    waiting = [lane(tenant, number, held=held) for number, (tenant, held) in enumerate(lanes)]
    running = Counter(each.tenant_id for each in waiting if each.holder)
    allowed = [each for each in waiting if not each.holder and running[each.tenant_id] < tenant_lanes]
    fairest = min(allowed, key=lambda each: (running[each.tenant_id], each.waiting_since), default=None)
    assert chosen(waiting, tenant_lanes=tenant_lanes) == (fairest.connection_id if fairest else None)
