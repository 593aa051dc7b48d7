"""A worker killed with -9 at any moment of a run: the next attempt leaves the tab equal to the shop."""

import sys
from typing import Any

import pytest

from tests.faults.world import World, killed
from tests.sender import take_changes

KILLER = [sys.executable, "-m", "tests.faults.killed_worker"]

FIRST_EXPORT = [
    ("after:take_up", 1),
    ("before:write", 1),
    ("after:write", 1),
    ("before:remember", 1),
    ("after:count", 1),
    ("before:write", 2),
    ("after:write", 2),
    ("before:checkpoint", 3),
    ("after:checkpoint", 3),
    ("after:write", 4),
    ("before:finish", 1),
    ("after:finish", 1),
    ("before:give_back", 1),
]


@pytest.mark.parametrize(("moment", "times"), FIRST_EXPORT)
def test_first_export_killed_at_any_moment_ends_equal_to_the_shop(world: World, moment: str, times: int) -> None:
    """No row is lost and none is there twice, whenever the first worker of an export died."""
    world.open(orders=650)
    run_id = world.start_run()
    assert killed(world.worker([*KILLER, moment, str(times)])), world.log()
    assert world.work(CLOUD_RUN_TASK_ATTEMPT="1") == 0, world.log()
    run = world.ann.run(run_id)
    assert run["status"] == "completed"
    assert world.tab_rows() == world.shop.rows()


@pytest.mark.parametrize("bulk", [True, False], ids=["bulk", "paging"])
def test_killed_with_a_write_in_flight_that_applies_later(world: World, bulk: bool) -> None:
    """A write that Google still applies after its worker is dead is not made a second time."""
    world.open(orders=650)
    run_id = world.start_run()
    world.book.fault("delay", calls="spreadsheets.batchUpdate", skip=1, delay_s=1.2)
    ways = {"TABKEEPER_SHOP_BULK_FROM_ORDERS": "1" if bulk else "1000000"}
    worker = world.worker(**ways)
    world.book.await_faults()
    worker.kill()
    assert killed(worker)
    assert world.work(CLOUD_RUN_TASK_ATTEMPT="1", **ways) == 0, world.log()
    assert world.ann.run(run_id)["status"] == "completed"
    assert world.tab_rows() == world.shop.rows()


@pytest.mark.parametrize(("moment", "times"), [("before:write", 1), ("after:write", 1), ("before:checkpoint", 2)])
def test_later_run_killed_keeps_changed_orders_and_peoples_notes(world: World, moment: str, times: int) -> None:
    """Lines added, removed and changed arrive once, and a note stays beside its row."""
    world.open(orders=40, lines=3)
    assert world.run_now()["status"] == "completed"
    world.write_note(row=5, text="call back")
    noted = world.note_of("call back")
    world.change_orders()
    run_id = world.start_run()
    assert killed(world.worker([*KILLER, moment, str(times)])), world.log()
    assert world.work(CLOUD_RUN_TASK_ATTEMPT="1") == 0, world.log()
    assert world.ann.run(run_id)["status"] == "completed"
    assert world.tab_rows() == world.shop.rows()
    assert world.note_of("call back") == noted


@pytest.mark.parametrize("moment", ["before:write", "after:write"])
def test_repair_killed_while_it_removes_deleted_orders_does_it_again(world: World, moment: str) -> None:
    """Its successor did not see what came by before, asks for all of it by id, and finds what is gone."""
    world.open(orders=12, on_removed="delete")
    assert world.run_now()["status"] == "completed"
    for name in ("#500003", "#500007"):
        world.shop.edit(name, "delete")
    run_id = str(world.ann.start_run(world.automation["id"], kind="repair")["id"])
    assert killed(world.worker([*KILLER, moment, "1"])), world.log()
    assert world.work(CLOUD_RUN_TASK_ATTEMPT="1") == 0, world.log()
    assert world.ann.run(run_id)["status"] == "completed"
    assert world.tab_rows() == world.shop.rows()


def test_run_of_webhooks_killed_between_two_batches_goes_on(world: World) -> None:
    """Its successor brings the orders that are left to it, and looks at none of the others again."""
    world.open(orders=320, lines=1, on_change=True)
    assert world.run_now()["status"] == "completed"
    names = [f"#{500_000 + number}" for number in range(310)]
    for name in names:
        world.shop.edit(name, "lines", change=[{"line": "10000A", "quantity": 77}])
    world.shop.await_webhooks()
    take_changes(world.ann, world.connection_id)
    (run,) = world.ann.open_runs(world.automation["id"])
    assert killed(world.worker([*KILLER, "after:checkpoint", "2"])), world.log()
    assert world.work(CLOUD_RUN_TASK_ATTEMPT="1") == 0, world.log()
    ended = world.ann.run(run["id"])
    assert (ended["status"], ended["attempt"]) == ("completed", 2)
    assert (ended["counts"]["orders"], ended["counts"]["updated"]) == (310, 310)
    assert world.tab_rows() == world.shop.rows()


DAYS: dict[str, Any] = {
    "resource": "daily_sales",
    "row_mode": "order",
    "columns": [
        {"key": "day", "header": "Day", "type": "text"},
        {"key": "orders", "header": "Orders", "type": "integer"},
        {"key": "refunds", "header": "Refunds", "type": "money"},
    ],
}


def test_killed_between_two_batches_of_days(world: World) -> None:
    """The next attempt adds all days up anew: one that was written and has changed since is brought, too."""
    world.open(orders=28, **DAYS)
    world.shop.put("LATER", created_at="2012-01-01T12:00:00Z", lines=[{"title": "Thing", "quantity": 1, "price": "5"}])
    assert world.run_now()["counts"]["added"] == 366
    world.shop.edit("#500000", "refund")
    world.shop.edit("LATER", "refund")
    run_id = world.start_run()
    assert killed(world.worker([*KILLER, "after:checkpoint", "2"])), world.log()
    world.shop.edit("#500001", "refund")
    assert world.work(CLOUD_RUN_TASK_ATTEMPT="1") == 0, world.log()
    run = world.ann.run(run_id)
    assert (run["status"], run["counts"]["orders"], run["counts"]["updated"]) == ("completed", 366, 3)
    days = world.book.columns(world.sheet_id, "Day", "Orders", "Refunds")
    assert len(days) == 366
    assert [day for day, orders, refunds in days if refunds] == ["2011-01-01", "2011-01-02", "2012-01-01"]
    assert sum(orders for _, orders, _ in days) == 29
