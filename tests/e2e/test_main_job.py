"""Orders land in a tab and stay right: by HTTP, Cloud Tasks and the Cloud Run job, as a merchant has it."""

from collections import defaultdict

from tests.e2e.automations import start_run
from tests.e2e.desk import Desk
from tests.e2e.executions import executions_of
from tests.shop import Row

ORDER_COLUMNS = [
    {"key": "order_name", "header": "Order", "type": "text"},
    {"key": "line_count", "header": "Lines", "type": "integer"},
    {"key": "total", "header": "Total", "type": "money"},
]


def orders_of(rows: list[Row]) -> list[Row]:
    """(order, number of lines, total) of what a shop says line by line."""
    totals: dict[str, list[float]] = defaultdict(list)
    for name, *_, total, _line_id in rows:
        totals[name].append(total)
    return sorted((name, len(lines), round(sum(lines), 2)) for name, lines in totals.items())


def test_first_export_brings_every_line(desk: Desk) -> None:
    """Each line of each order is in the tab once, and the run says what it did, and when."""
    desk.fill_shop(orders=40, lines=3)
    automation = desk.automate()
    run = desk.completed(automation)
    assert desk.rows(automation) == desk.shop.rows()
    assert run["counts"] == {
        "orders": 40,
        "added": 120,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
        "skipped": {},
    }
    assert (run["progress"], run["expected_orders"], run["error"]) == (1.0, 40, None)
    assert [moment["event"] for moment in run["timeline"]] == ["run_created", "run_started", "run_completed"]
    assert run["created_at"] <= run["started_at"] <= run["finished_at"]
    assert (run["usage"]["batches"], run["usage"]["writes"]) == (1, 2)


def test_first_export_of_one_row_an_order(desk: Desk) -> None:
    """Each order is in the tab once, with its own sums."""
    desk.fill_shop(orders=40, lines=3)
    automation = desk.automate(row_mode="order", columns=ORDER_COLUMNS)
    assert desk.completed(automation)["counts"]["added"] == 40
    found = desk.book.columns(automation["sheet_id"], "Order", "Lines", "Total")
    assert [(name, lines, round(total, 2)) for name, lines, total in found] == orders_of(desk.shop.rows())


def test_repeated_run_writes_nothing(desk: Desk) -> None:
    """What stands already costs no write and no row, and the spreadsheet is as it was."""
    desk.fill_shop(orders=10)
    automation = desk.automate()
    desk.completed(automation)
    before = desk.book.everything()
    again = desk.completed(automation)
    assert (again["counts"]["added"], again["counts"]["updated"], again["usage"]["writes"]) == (0, 0, 0)
    assert desk.book.everything() == before


def test_later_run_brings_what_changed(desk: Desk) -> None:
    """Orders that were added, changed, refunded or cancelled since arrive, and the others stay untouched."""
    desk.fill_shop(orders=20)
    automation = desk.automate()
    desk.completed(automation)
    desk.shop.put("#600000", lines=[{"sku": "NEW", "title": "A NEW THING", "quantity": 2, "price": "7.50"}])
    desk.shop.edit("#500003", "lines", add=[{"sku": "MORE", "title": "ANOTHER", "quantity": 1, "price": "3.25"}])
    desk.shop.edit("#500005", "lines", change=[{"line": "10001A", "quantity": 9}])
    desk.shop.edit("#500007", "lines", remove=["10000A"])
    desk.shop.edit("#500009", "cancel")
    counts = desk.completed(automation)["counts"]
    assert desk.rows(automation) == desk.shop.rows()
    assert (counts["added"], counts["removed"]) == (2, 1)
    statuses = desk.book.columns(automation["sheet_id"], "Order", "Status")
    assert [status for name, status in statuses if name == "#500009"] == ["REFUNDED", "REFUNDED"]


def test_paging_and_bulk_give_the_same_tab(desk: Desk) -> None:
    """Whichever way the orders come, the same rows stand; a small shop is paged, a large one exported in bulk."""
    desk.fill_shop(orders=2_499, lines=1)
    paged = desk.automate()
    desk.completed(paged)
    assert desk.shop.bulk_operations() == 0
    desk.shop.put("#600000", lines=[{"sku": "NEW", "title": "A NEW THING", "quantity": 2, "price": "7.50"}])
    in_bulk = desk.automate()
    runs = [desk.start(paged), desk.start(in_bulk)]
    assert [desk.ended(run)["status"] for run in runs] == ["completed", "completed"]
    assert desk.shop.bulk_operations() == 1
    assert desk.rows(paged) == desk.rows(in_bulk) == desk.shop.rows()


def test_removed_orders_are_kept_marked_or_deleted(desk: Desk) -> None:
    """A cancelled order's rows become what the automation says: they stay, are struck through, or go."""
    desk.fill_shop(orders=5)
    automations = {wish: desk.automate(on_removed=wish) for wish in ("keep", "mark", "delete")}
    for run in [desk.start(automation) for automation in automations.values()]:
        assert desk.ended(run)["status"] == "completed"
    desk.shop.edit("#500002", "cancel")
    for run in [desk.start(automation) for automation in automations.values()]:
        assert desk.ended(run)["status"] == "completed"
    everything = desk.shop.rows()
    assert desk.rows(automations["keep"]) == everything
    assert desk.rows(automations["mark"]) == everything
    assert desk.rows(automations["delete"]) == [row for row in everything if row[0] != "#500002"]
    marked = {wish: desk.struck_through(automation) for wish, automation in automations.items()}
    assert marked == {"keep": set(), "mark": {"#500002"}, "delete": set()}


def test_filters_choose_orders(desk: Desk) -> None:
    """An order is in the tab when it matches, and leaves it when it no longer does."""
    desk.shop.put("#1", tags=["vip"], lines=[{"sku": "A", "title": "A", "quantity": 1, "price": "10"}])
    desk.shop.put("#2", tags=["vip"], lines=[{"sku": "B", "title": "B", "quantity": 1, "price": "200"}])
    desk.shop.put("#3", lines=[{"sku": "C", "title": "C", "quantity": 1, "price": "300"}])
    wanted = [{"field": "tags", "op": "contains", "value": "VIP"}, {"field": "total", "op": "gte", "value": 100}]
    automation = desk.automate(filters=wanted, on_removed="delete")
    desk.completed(automation)
    assert [row[0] for row in desk.rows(automation)] == ["#2"]
    desk.shop.put("#2", lines=[{"sku": "B", "title": "B", "quantity": 1, "price": "200"}])
    desk.shop.put("#3", tags=["vip"], lines=[{"sku": "C", "title": "C", "quantity": 1, "price": "300"}])
    desk.completed(automation)
    assert [row[0] for row in desk.rows(automation)] == ["#3"]


def test_repeated_key_makes_one_run_and_one_worker(desk: Desk) -> None:
    """A request that is sent again, before the run has ended and after, changes nothing."""
    desk.fill_shop(orders=5)
    automation = desk.automate()
    first = start_run(desk.ann, automation["id"], "key")
    again = start_run(desk.ann, automation["id"], "key")
    ended = desk.ended(first.json()["id"])
    later = start_run(desk.ann, automation["id"], "key")
    assert [answer.status_code for answer in (first, again, later)] == [202, 200, 200]
    assert later.json() == ended
    assert len(desk.ann.http.get("/v1/runs").json()["runs"]) == 1
    assert len(executions_of(desk.stack, desk.connection_id)) == 1


def test_changed_time_zone_writes_the_dates_anew(desk: Desk) -> None:
    """Dates are wall-clock numbers of the spreadsheet's zone, so in another one every row holds others."""
    desk.fill_shop(orders=6, lines=1)
    automation = desk.automate()
    desk.completed(automation)
    (before,) = {row[0] for row in desk.book.columns(automation["sheet_id"], "Date", "Order") if row[1] == "#500003"}
    desk.book.edit({"updateSpreadsheetProperties": {"properties": {"timeZone": "Asia/Tokyo"}, "fields": "timeZone"}})
    assert desk.completed(automation)["counts"]["updated"] == 6
    (after,) = {row[0] for row in desk.book.columns(automation["sheet_id"], "Date", "Order") if row[1] == "#500003"}
    zone = desk.book.everything()["properties"]["timeZone"]
    assert (zone, round((after - before) * 24, 6)) == ("Asia/Tokyo", 9.0)


def test_automation_tells_its_rows_and_its_last_runs(desk: Desk) -> None:
    """After a full run and after one that brings what changed; of a new tab nothing is known yet."""
    desk.fill_shop(orders=3, lines=2)
    automation = desk.automate()
    assert (automation["rows"], automation["recent_runs"]) == (None, [])
    first = desk.completed(automation)
    desk.shop.put("#NEW1", lines=[{"title": "A new thing", "quantity": 1, "price": "5.00"}])
    second = desk.completed(automation)
    shown = desk.ann.automation(automation["id"])
    assert (shown["rows"], shown["version"]) == (7, automation["version"])
    told = [(run["id"], run["status"], run["added"], run["error_code"]) for run in shown["recent_runs"]]
    assert told == [(first["id"], "completed", 6, None), (second["id"], "completed", 1, None)]
    assert shown["recent_runs"][-1]["finished_at"] == second["finished_at"]
    desk.book.edit({"deleteSheet": {"sheetId": automation["sheet_id"]}})
    assert desk.run(automation)["status"] == "failed"
    desk.ann.resume(automation["id"])
    shown = desk.ann.automation(automation["id"])
    assert (shown["rows"], shown["recent_runs"][-1]["error_code"]) == (None, "tab_gone")
