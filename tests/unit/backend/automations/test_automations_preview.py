"""What a merchant sees of a configuration before there is an automation."""

from datetime import UTC, datetime
from typing import Any

from backend.automations.model import Configuration
from backend.automations.preview import Preview, preview
from backend.platforms.source import Order
from tests.unit.jobs.shop import BERLIN, CATALOGUE, column, order

NOW = datetime(2026, 10, 24, 12, tzinfo=UTC)
"""The day before clocks are put back."""


def previewed(*orders: Order, columns: tuple[str, ...] = ("order_name", "total"), **wanted: Any) -> Preview:
    configuration = {
        "name": "Orders",
        "connection_id": "con_1",
        "destination": {"spreadsheet_id": "sheet"},
        "columns": [column(key) for key in columns],
    }
    chosen = Configuration.model_validate(configuration | wanted)
    return preview(chosen, CATALOGUE, orders, zone=BERLIN, at=NOW)


def test_first_orders_that_match_are_shown() -> None:
    """Five of them, as they came; the others are counted."""
    orders = [order(str(number), email="ann@example.com" if number % 2 else "bob@example.com") for number in range(20)]
    shown = previewed(*orders, filters=[{"field": "email", "op": "eq", "value": "ann@example.com"}])
    assert shown.headers == ["Order", "Total"]
    assert shown.rows == [[f"#{number}", "9.50"] for number in (1, 3, 5, 7, 9)]
    assert (shown.looked_at, shown.matching) == (20, 10)


def test_lines_have_rows_of_their_own() -> None:
    """Up to five rows in all; an order without lines has one."""
    shown = previewed(
        order("1", lines=["a", "b"]),
        order("2"),
        order("3", lines=["c", "d", "e"]),
        columns=("order_name", "sku"),
        row_mode="line",
    )
    assert shown.rows == [["#1", "a"], ["#1", "b"], ["#2", ""], ["#3", "c"], ["#3", "d"]]
    assert shown.matching == 3


def test_cancelled_order_is_shown_unless_its_rows_are_deleted() -> None:
    """As it would be in the tab."""
    cancelled = order("1", removed=True)
    assert previewed(cancelled, on_removed="mark").matching == 1
    assert previewed(cancelled, on_removed="delete").rows == []


def test_shop_without_orders_shows_its_headers() -> None:
    """There is nothing else to show."""
    assert previewed() == Preview(headers=["Order", "Total"], rows=[], looked_at=0, matching=0, next_runs=[])


def test_next_runs_are_those_of_the_schedule() -> None:
    """At its time of day, also when clocks change; none where it is switched off."""
    schedule = {"cron": "0 6 * * *", "time_zone": "Europe/Berlin"}
    instants = previewed(schedule=schedule).next_runs
    assert [instant.isoformat() for instant in instants] == [
        "2026-10-25T05:00:00+00:00",
        "2026-10-26T05:00:00+00:00",
        "2026-10-27T05:00:00+00:00",
    ]
    assert previewed(schedule=schedule | {"enabled": False}).next_runs == []
