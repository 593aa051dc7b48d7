"""A stretch of the load: what happened in it, as the database, the backend's log and the kernel tell it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from statistics import quantiles
from typing import Any

from backend.automations.timetable import jitter
from backend.clock import utc_now
from backend.runs.model import Run, RunStatus, Trigger
from tests.load.processors import seconds, shares
from tests.load.traffic import ShopChange
from tests.load.world import World

TARGET_A_MINUTE = 75
"""What the design wants to be carried."""
READS = frozenset({"runs.page", "automations.list_all", "connections.list_all"})
STARTS = frozenset({"runs.start"})


@dataclass(slots=True)
class Stage:
    began: datetime
    ended: datetime
    shares: dict[str, float] = field(default_factory=dict)
    """Of the processors' time."""


@contextmanager
def stage(world: World) -> Iterator[Stage]:
    """What is given is complete when the block has ended."""
    before = seconds(world.stack)
    found = Stage(utc_now(), utc_now())
    yield found
    found.ended = utc_now()
    found.shares = shares(before, seconds(world.stack))


def runs_of(stage: Stage, runs: Sequence[Run]) -> list[Run]:
    return [run for run in runs if stage.began <= run.created_at <= stage.ended]


def carried(runs: Sequence[Run]) -> tuple[int, float]:
    """How many were completed, and how many a minute, from the first one's making to the last one's end."""
    done = [run for run in runs if run.finished_at and run.status is RunStatus.COMPLETED]
    if not done:
        return 0, 0.0
    span = max(run.finished_at for run in done if run.finished_at) - min(run.created_at for run in done)
    return len(done), len(done) / (span.total_seconds() / 60)


def from_instant_s(runs: Sequence[Run]) -> list[float]:
    """From the instant of the schedule until a worker took the run up."""
    return [
        (run.started_at - run.scheduled_for).total_seconds() for run in runs if run.started_at and run.scheduled_for
    ]


def from_turn_s(runs: Sequence[Run]) -> list[float]:
    """The same from when its automation's jitter has passed; no less than nothing, though a worker that is in the lane
    already takes it earlier.
    """
    return [
        max(0.0, (run.started_at - run.scheduled_for - jitter(run.automation_id)).total_seconds())
        for run in runs
        if run.started_at and run.scheduled_for
    ]


def from_click_s(runs: Sequence[Run]) -> list[float]:
    manual = [run for run in runs if run.trigger is Trigger.MANUAL and run.started_at]
    return [(run.started_at - run.created_at).total_seconds() for run in manual if run.started_at]


def webhook_to_cell_s(changes: Sequence[ShopChange], runs: Sequence[Run]) -> list[float]:
    """From the change in the shop until the run that brought its last order had ended; too long by that run's end."""
    ended = sorted(
        ((run.finished_at, run) for run in runs if run.trigger is Trigger.WEBHOOK and run.finished_at),
        key=lambda each: each[0],
    )
    found = []
    for change in changes:
        left = set(change.order_ids)
        for finished_at, run in ended:
            if run.connection_id == change.connection_id and run.started_at and run.started_at >= change.at:
                left -= set(run.order_ids)
            if not left:
                found.append((finished_at - change.at).total_seconds())
                break
    return found


def served_ms(world: World, stage: Stage, routes: frozenset[str]) -> list[float]:
    """On the server's side."""
    return [
        line["busy_ms"]
        for line in logged(world, "request_answered", within=stage)
        if line["route"] in routes and line["status"] < 400
    ]


def executions(world: World, stage: Stage) -> int:
    return sum(1 for _ in logged(world, "lane_started", within=stage))


def logged(world: World, event: str, *, within: Stage) -> Iterator[dict[str, Any]]:
    """What the backend has logged by that name."""
    with world.stack.log("backend").open() as log:
        for text in log:
            if f'"{event}"' not in text:
                continue
            line = json.loads(text)
            if line["message"] == event and within.began <= datetime.fromisoformat(line["time"]) <= within.ended:
                yield line


def spread(values: Sequence[float], unit: str, *, digits: int = 1) -> str:
    """The median and the 95th percentile."""
    if len(values) < 2:
        return "—"
    cuts = quantiles(values, n=20)
    return f"{cuts[9]:,.{digits}f} / {cuts[18]:,.{digits}f} {unit}"
