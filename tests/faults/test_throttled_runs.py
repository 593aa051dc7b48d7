"""A shop that says "slower" all the time: a run takes as long as it takes, and is nothing the worse for it."""

import time

import pytest

from backend.platforms.shopify.retry import MAX_REFUSALS
from tests.fast_time import FastTime
from tests.faults.test_quota import FOR_EVER, hurried
from tests.faults.world import WORKER_S, World
from tests.shop import trouble

ORDERS, A_BATCH = 600, 100


@pytest.mark.parametrize(
    ("refusals", "attempts", "interruptions"),
    [(MAX_REFUSALS, 1, []), (MAX_REFUSALS + 1, 2, ["rate_limited"])],
    ids=["as long as an attempt waits", "longer"],
)
def test_throttled_run_goes_on_behind_its_last_batch(
    world: World, refusals: int, attempts: int, interruptions: list[str]
) -> None:
    """It waits as told, within its attempt or at rest, and neither fetches nor writes a batch twice."""
    fast = FastTime(time.time(), speed=100.0)
    world.open(orders=ORDERS, lines=1)
    run_id = world.start_run()
    trouble(world.stack, "throttled", skip=5, times=refusals)
    worker = world.worker(hurried(fast, a_batch=A_BATCH), **FOR_EVER)
    try:
        assert worker.wait(WORKER_S) == 0, world.log()
    finally:
        worker.kill()
        worker.wait()
    run = world.ann.run(run_id)
    assert (run["status"], run["attempt"], run["error"]) == ("completed", attempts, None)
    assert [moment["note"] for moment in run["timeline"] if moment["event"] == "run_interrupted"] == interruptions
    assert (run["counts"]["added"], run["counts"]["unchanged"]) == (ORDERS, 0)
    assert world.tab_rows() == world.shop.rows()
    assert world.ann.automation(world.automation["id"])["status"] == "active"
