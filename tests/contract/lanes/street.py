"""Lanes of several tenants in a real Firestore, and workers that drain them as threads."""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from google.cloud import firestore

from backend.automations.repository import AutomationRepository
from backend.clock import utc_now
from backend.connections.repository import ConnectionRepository
from backend.errors import RateLimited
from backend.runs.everywhere import Everywhere
from backend.runs.lanes import LaneRepository
from backend.runs.model import PRIORITIES, Run, RunStatus, Trigger
from backend.runs.repository import RunRepository
from jobs.hold import Hold
from jobs.lane import Drained, Lane
from jobs.shift import Shift
from jobs.stop import Stop
from tests.contract.lanes.silence import outbox


def tenant_of(connection_id: str) -> str:
    """Connections are named for their tenant here: `big/7`, but for the slash."""
    return f"ten_{connection_id.partition('-')[0]}"


class Street:
    """`order` tells in which order lanes were worked at, `most` how many of a tenant at once at most.

    An attempt in one of the lanes in `refused` is told to wait.
    """

    def __init__(self, db: firestore.Client, *, tenant_lanes: int, worker_s: float = 3600.0) -> None:
        self.stop = Stop()
        self.runs = RunRepository(db)
        self.lanes = LaneRepository(db, tenant_lanes=tenant_lanes)
        self.everywhere = Everywhere(db)
        self.refused: set[str] = set()
        self.order: list[str] = []
        self.most: Counter[str] = Counter()
        self._db = db
        self._tenant_lanes = tenant_lanes
        self._worker_s = worker_s
        self._now: Counter[str] = Counter()
        self._counting = threading.Lock()

    def put(self, connection_id: str, *, name: str = "", trigger: Trigger = Trigger.SCHEDULE) -> Run:
        """A run that waits in its lane."""
        name = name or f"run-{connection_id}"
        run = Run(
            id=name,
            tenant_id=tenant_of(connection_id),
            automation_id="aut_1",
            connection_id=connection_id,
            trigger=trigger,
            priority=PRIORITIES[trigger],
            idempotency_key=name,
            created_at=utc_now(),
        )
        self.runs.create(run)
        self.lanes.announce(connection_id, tenant_id=run.tenant_id, at=run.created_at, person=run.is_for_a_person)
        return run

    def worker(self, name: str) -> Shift:
        def lane(connection_id: str) -> Lane:
            return Lane(
                connection_id,
                holder=name,
                lanes=self.lanes,
                runs=self.runs,
                automations=AutomationRepository(self._db),
                connections=ConnectionRepository(self._db),
                outbox=outbox(self._db),
                attempt=self.attempt,
                stop=self.stop,
                clock=utc_now,
                lease_s=60.0,
                write_s=30.0,
                linger_s=0.0,
            )

        return Shift(
            lane,
            name=name,
            everywhere=self.everywhere,
            clock=utc_now,
            worker_s=self._worker_s,
            tenant_lanes=self._tenant_lanes,
        )

    def attempt(self, run: Run, _hold: Hold) -> "Visit":
        return Visit(self, run)

    def work(self, firsts: Sequence[str]) -> list[Drained]:
        """As many workers at once, each of which begins with one of these lanes."""
        with ThreadPoolExecutor(len(firsts)) as pool:
            shifts = [self.worker(f"worker-{number}/0") for number in range(len(firsts))]
            return list(pool.map(lambda shift, first: shift.work(first), shifts, firsts))

    def enter(self, run: Run) -> None:
        with self._counting:
            self.order.append(run.connection_id)
            self._now[run.tenant_id] += 1
            self.most[run.tenant_id] = max(self.most[run.tenant_id], self._now[run.tenant_id])

    def leave(self, run: Run) -> None:
        with self._counting:
            self._now[run.tenant_id] -= 1

    def status(self, run: Run) -> RunStatus:
        return self.runs.get(run.tenant_id, run.id).status


class Visit:
    """An attempt that ends after a moment."""

    def __init__(self, street: Street, run: Run) -> None:
        self.run = run
        self._street = street

    def carry_out(self) -> None:
        self._street.enter(self.run)
        self._street.stop.pause(0.02)
        self._street.leave(self.run)
        if self.run.connection_id in self._street.refused:
            raise RateLimited(retry_after_s=300.0)

    def close(self) -> None:
        pass
