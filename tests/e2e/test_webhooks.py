"""What happens in the shop arrives in the tab by itself: webhook, ingress, Cloud Tasks, run, cell."""

import time
from collections.abc import Callable
from typing import Any

from tests.e2e.desk import PATIENCE_S, Desk

THING = {"sku": "NEW", "title": "A NEW THING", "quantity": 2, "price": "7.50"}


def until(is_so: Callable[[], bool], what: str) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < give_up_at, what
        time.sleep(0.2)


def runs(desk: Desk, automation: dict[str, Any]) -> list[dict[str, Any]]:
    """The newest first."""
    page = desk.ann.http.get("/v1/runs", params={"automation_id": automation["id"]}).json()
    found: list[dict[str, Any]] = page["runs"]
    return found


def test_changes_arrive_by_themselves(desk: Desk) -> None:
    """A new order, an edit, a cancellation and a deletion are in the tab, though nobody starts a run."""
    desk.fill_shop(orders=5)
    automation = desk.automate(on_change=True, on_removed="delete")
    desk.completed(automation)
    desk.shop.put("#600000", lines=[THING])
    desk.shop.edit("#500001", "lines", change=[{"line": "10001A", "quantity": 9}])
    desk.shop.edit("#500002", "cancel")
    desk.shop.edit("#500003", "delete")
    wanted = [row for row in desk.shop.rows() if row[0] != "#500002"]
    until(lambda: desk.rows(automation) == wanted, "the changes did not arrive")
    by_webhook = [desk.ended(run["id"]) for run in runs(desk, automation) if run["trigger"] == "webhook"]
    assert sum(run["counts"]["orders"] for run in by_webhook) in {4, 5}, "only what changed was looked at"


def test_update_that_comes_before_its_creation(desk: Desk) -> None:
    """Out of order, twice and all: what is in the tab is the order as it is now, once."""
    desk.fill_shop(orders=1)
    automation = desk.automate(on_change=True)
    desk.completed(automation)
    desk.shop.trouble_webhooks(hold=True, shuffle=True, double=5)
    try:
        desk.shop.put("#600000", lines=[THING])
        desk.shop.edit("#600000", "lines", change=[{"line": "NEW", "quantity": 7}])
        desk.shop.trouble_webhooks(hold=False)
        until(lambda: desk.rows(automation) == desk.shop.rows(), "the order did not arrive")
    finally:
        desk.shop.end_webhook_trouble()


def test_change_while_a_run_is_under_way(desk: Desk) -> None:
    """It is brought by that run or by one after it, and nobody has to ask."""
    desk.fill_shop(orders=900, lines=1)
    automation = desk.automate(on_change=True)
    run_id = desk.start(automation)
    until(lambda: desk.ann.run(run_id)["counts"]["orders"] > 0, "the run did not begin")
    for name in ("#500000", "#500450", "#500899"):
        desk.shop.edit(name, "lines", change=[{"line": "10000A", "quantity": 77}])
    until(lambda: desk.rows(automation) == desk.shop.rows(), "the changes did not arrive")


def test_webhooks_do_not_move_the_watermark(desk: Desk) -> None:
    """What they never told of is still brought by the next sync."""
    desk.fill_shop(orders=2)
    automation = desk.automate(on_change=True)
    desk.completed(automation)
    desk.shop.trouble_webhooks(lose=1)
    try:
        desk.shop.put("#600000", lines=[THING])
    finally:
        desk.shop.end_webhook_trouble()
    desk.shop.edit("#500001", "lines", change=[{"line": "10001A", "quantity": 9}])
    told = [row for row in desk.shop.rows() if row[0] != "#600000"]
    until(lambda: desk.rows(automation) == told, "the change did not arrive")
    desk.completed(automation)
    assert desk.rows(automation) == desk.shop.rows()


def test_removed_app_needs_attention(desk: Desk) -> None:
    """The merchant is told to connect the shop again, before a run fails."""
    automation = desk.automate(on_change=True)
    desk.shop.uninstall()
    until(lambda: desk.status(automation)[0] == "needs_attention", "the removal was not noticed")
    assert desk.status(automation)[1] == "The app was removed from the shop. Connect the shop again, then resume."
    assert desk.ann.http.get(f"/v1/connections/{desk.connection_id}").json()["status"] == "refused"
