"""A shift: the lanes that one worker drains, one after the other, so that its start is paid for once."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog

from backend.runs.everywhere import Everywhere
from backend.runs.lanes import LaneState
from jobs.lane import Drained, Lane, execution_of


class Shift:
    """`name` is the worker's, as a holder of lanes. It ends between two lanes, once it has lasted for `worker_s`."""

    def __init__(
        self,
        lane: Callable[[str], Lane],
        *,
        name: str,
        everywhere: Everywhere,
        clock: Callable[[], datetime],
        worker_s: float,
        tenant_lanes: int,
    ) -> None:
        self._lane = lane
        self._name = name
        self._everywhere = everywhere
        self._clock = clock
        self._ends_at = clock() + timedelta(seconds=worker_s)
        self._tenant_lanes = tenant_lanes

    def work(self, first: str) -> Drained:
        """Begins with that lane, whether anything is known to wait there or not. Raises NotFound when it is none."""
        connection_id: str | None = first
        drained = Drained.EMPTY
        while connection_id and drained is not Drained.STOPPED:
            with structlog.contextvars.bound_contextvars(lane=connection_id):
                drained = self._lane(connection_id).drain(elsewhere=partial(self._is_wanted_elsewhere, connection_id))
            connection_id = self._next()
        return drained

    def _is_wanted_elsewhere(self, connection_id: str) -> bool:
        return self._next(besides=connection_id) is not None

    def _next(self, *, besides: str | None = None) -> str | None:
        """Where a person waits first. Lanes that an earlier attempt of this execution left behind are waited for like
        those that nobody holds.
        """
        now = self._clock()
        if now >= self._ends_at:
            return None
        others = [lane for lane in self._everywhere.held_lanes(at=now) if not self._is_of_this_execution(lane)]
        for person in (True, False):
            waiting = self._everywhere.waiting_lanes(at=now, person=person)
            elsewhere = (lane for lane in waiting if lane.connection_id != besides)
            if chosen := next_lane(elsewhere, others, tenant_lanes=self._tenant_lanes):
                return chosen
        return None

    def _is_of_this_execution(self, lane: LaneState) -> bool:
        return lane.holder is not None and execution_of(lane.holder.name) == execution_of(self._name)


def next_lane(waiting: Iterable[LaneState], held: Iterable[LaneState], *, tenant_lanes: int) -> str | None:
    """Of the tenant with the fewest lanes held, the one that has waited longest. `waiting` is in that order, and is
    read no further than the answer needs; lanes in `held` and those of tenants with enough of them are passed over.
    """
    taken = {lane.connection_id: lane.tenant_id for lane in held}
    running = Counter(taken.values())
    best: LaneState | None = None
    for lane in waiting:
        if lane.connection_id in taken or running[lane.tenant_id] >= tenant_lanes:
            continue
        if best is None or running[lane.tenant_id] < running[best.tenant_id]:
            best = lane
        if running[best.tenant_id] == 0:
            break
    return best.connection_id if best else None
