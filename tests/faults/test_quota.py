"""Google's quota, and more who want it than it has room for: nothing is lost, and nobody is switched off."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.stack import Stack
from tests.fast_time import FastTime
from tests.faults.world import WORKER_S, World

WRITE = "spreadsheets.batchUpdate"
FOR_EVER = {"TABKEEPER_LEASE_S": "1000000"}
"""Heartbeats come in true time, a lease would end in fast time."""
LIMIT = 12
BATCHES = 15


def hurried(fast: FastTime, *, a_batch: int) -> list[str]:
    program = [sys.executable, "-m", "tests.faults.hurried_worker"]
    return [*program, str(fast.began), str(fast.speed), str(a_batch)]


@pytest.fixture
def ration(stack: Stack) -> Iterator[Callable[..., None]]:
    """Limits of Google's for the length of the test, and fresh statistics."""
    control = f"{stack.urls['sheets']}/control"

    def change(**terms: Any) -> None:
        stack.http.put(f"{control}/quota", json=terms).raise_for_status()
        stack.http.delete(f"{control}/stats").raise_for_status()

    yield change
    stack.http.delete(f"{control}/quota").raise_for_status()


def writes(stack: Stack) -> dict[str, int]:
    """How many calls were answered with each status."""
    told: dict[str, int] = stack.http.get(f"{stack.urls['sheets']}/control/stats").json()["calls"][WRITE]
    return told


@pytest.fixture
def neighbour(stack: Stack, world: World, tmp_path: Path) -> Iterator[World]:
    """Another shop of the same merchant, whose automation writes with the same Google account."""
    folder = tmp_path / "neighbour"
    folder.mkdir()
    made = World(stack, folder, email=world.ann.email)
    yield made
    made.close()


def test_two_lanes_of_one_user_share_the_quota(world: World, neighbour: World, ration: Callable[..., None]) -> None:
    """Both want more than there is; Google has hardly ever to say no."""
    fast = FastTime(time.time(), speed=20.0)
    worlds = [world, neighbour]
    for each in worlds:
        each.open(orders=4 * BATCHES, lines=1)
    run_ids = [each.start_run() for each in worlds]
    ration(user=LIMIT, project=5 * LIMIT, window_s=60 / fast.speed)
    limits = {"TABKEEPER_SHEETS_CALLS_A_MINUTE": str(LIMIT), "TABKEEPER_SHEETS_PROJECT_CALLS_A_MINUTE": str(5 * LIMIT)}
    workers = [each.worker(hurried(fast, a_batch=4), **FOR_EVER, **limits) for each in worlds]
    try:
        assert [worker.wait(WORKER_S) for worker in workers] == [0, 0], world.log() + neighbour.log()
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    for each, run_id in zip(worlds, run_ids, strict=True):
        assert each.ann.run(run_id)["status"] == "completed"
        assert each.tab_rows() == each.shop.rows()
    answered = writes(world.stack)
    assert answered["200"] == 2 * (BATCHES + 1)
    assert answered.get("429", 0) <= 5


def test_storm_that_outlasts_an_attempt_lets_the_run_rest(world: World, ration: Callable[..., None]) -> None:
    """The run goes on from its checkpoint by itself; each batch is written once, and the automation stays active."""
    fast = FastTime(time.time(), speed=100.0)
    world.open(orders=20, lines=1)
    run_id = world.start_run()
    ration(user=1000, project=1000, window_s=60)
    world.book.fault("429", calls=WRITE, skip=3, times=9)
    worker = world.worker(hurried(fast, a_batch=5), **FOR_EVER)
    try:
        assert worker.wait(WORKER_S) == 0, world.log()
    finally:
        worker.kill()
        worker.wait()
    run = world.ann.run(run_id)
    assert (run["status"], run["attempt"], run["counts"]["added"]) == ("completed", 2, 20)
    assert [moment["note"] for moment in run["timeline"] if moment["event"] == "run_interrupted"] == ["rate_limited"]
    assert world.tab_rows() == world.shop.rows()
    assert writes(world.stack) == {"200": 1 + 4, "429": 9}
    assert world.ann.automation(world.automation["id"])["status"] == "active"
