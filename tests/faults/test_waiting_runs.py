"""A run that waits long, and tells of itself meanwhile (see tests/contract/lanes/test_long_waits.py)."""

from tests.e2e.test_webhooks import until
from tests.faults.world import WORKER_S, World
from tests.shop import trouble


def test_run_tells_of_itself_while_the_shop_prepares_its_export(world: World) -> None:
    """Nothing was brought yet, and still everybody sees that it is alive."""
    world.open(orders=30)
    run_id = world.start_run()
    trouble(world.stack, "bulk_delay", delay_s=60.0)
    worker = world.worker(TABKEEPER_RUN_SILENT_S="1", TABKEEPER_SHOP_BULK_FROM_ORDERS="1")
    try:
        until(lambda: world.shop.bulk_operations() == 1, "no export was asked for")
        seen = world.ann.run(run_id)["heartbeat_at"]
        until(lambda: world.ann.run(run_id)["heartbeat_at"] > seen, "the run was silent")
        assert world.ann.run(run_id)["counts"]["orders"] == 0
        world.stack.http.delete(f"{world.stack.urls['shopify']}/control/faults").raise_for_status()
        assert worker.wait(WORKER_S) == 0, world.log()
    finally:
        worker.kill()
        worker.wait()
    run = world.ann.run(run_id)
    assert (run["status"], run["attempt"]) == ("completed", 1)
