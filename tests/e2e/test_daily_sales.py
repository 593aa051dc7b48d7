"""Daily sales, from orders at the shop to the rows of a tab."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from infra.local.demo.merchant import Merchant
from tests.e2e.desk import Desk
from tests.shop import Shop

Day: TypeAlias = dict[str, Any]

NEW_YORK = "America/New_York"
RECENT_ORDERS_ONLY = ["read_orders", "read_customers", "read_products"]


@pytest.fixture
def new_york(merchant: Merchant, tmp_path: Path) -> Desk:
    """An empty shop on the clocks of New York."""
    return Desk(merchant, tmp_path, shop=Shop.new(merchant.stack, timezone=NEW_YORK, currency="USD"))


def automate(desk: Desk, **changes: Any) -> dict[str, Any]:
    """With a column of each figure, under the figure's own name."""
    offered = desk.ann.http.get("/v1/catalogue", params={"platform": "shopify", "resource": "daily_sales"}).json()
    columns = [{"key": field["key"], "header": field["key"], "type": field["type"]} for field in offered["fields"]]
    return desk.automate(resource="daily_sales", row_mode="order", columns=columns, **changes)


def days_in(desk: Desk, automation: dict[str, Any]) -> dict[str, Day]:
    """The figures of each day that stands in the tab, in their order there."""
    header, *rows = desk.book.cells(automation["sheet_id"])
    place = header.index("day")
    days = [dict(zip(header, row, strict=True)) for row in rows if row[place] != ""]
    shown = {str(date(1899, 12, 30) + timedelta(days=day["day"])): day for day in days}
    assert len(shown) == len(days)
    return shown


def figures(day: Day, *keys: str) -> tuple[Any, ...]:
    return tuple(day[key] for key in keys)


def placed(desk: Desk, name: str, at: str | datetime, *, price: str = "10.00", **order: Any) -> None:
    when = at if isinstance(at, str) else at.isoformat()
    lines = [{"sku": "A", "title": "A THING", "quantity": 2, "price": price}]
    desk.shop.put(name, **{"created_at": when, "lines": lines} | order)


def changed(run: dict[str, Any]) -> tuple[int, int, int]:
    counts = run["counts"]
    return counts["added"], counts["updated"], counts["removed"]


def test_day_is_the_shops_own(new_york: Desk) -> None:
    """Minutes before and after its midnight; on the day of 25 hours, too; a day without orders between them."""
    for name, at in {
        "1001": "2026-10-31T03:59:00Z",
        "1002": "2026-10-31T04:00:00Z",
        "1003": "2026-11-02T04:59:00Z",  # still the first of November, on which clocks were put back
        "1004": "2026-11-02T05:00:00Z",
        "1005": "2026-11-04T12:00:00Z",
    }.items():
        placed(new_york, name, at)
    automation = automate(new_york)
    assert changed(new_york.completed(automation)) == (6, 0, 0)
    days = days_in(new_york, automation)
    assert [(name, day["orders"], day["total_sales"], day["currency"]) for name, day in days.items()] == [
        ("2026-10-30", 1, 20, "USD"),
        ("2026-10-31", 1, 20, "USD"),
        ("2026-11-01", 1, 20, "USD"),
        ("2026-11-02", 1, 20, "USD"),
        ("2026-11-03", 0, 0, "USD"),
        ("2026-11-04", 1, 20, "USD"),
    ]
    again = new_york.completed(automation)
    assert (again["usage"]["writes"], again["counts"]["unchanged"], again["expected_orders"]) == (0, 6, 6)


def test_refund_changes_the_day_of_its_order(desk: Desk) -> None:
    """Made long after the other days were written; a dry run tells it before, and no other row is touched."""
    placed(desk, "1001", "2026-03-01T12:00:00Z", tax="2.00", shipping="5.00", taxes_included=False)
    placed(desk, "1002", "2026-03-02T12:00:00Z")
    placed(desk, "1003", "2026-03-01T13:00:00Z", test=True)
    automation = automate(desk)
    desk.completed(automation)
    money = ("gross_sales", "refunds", "net_sales", "taxes", "shipping", "total_sales")
    assert figures(days_in(desk, automation)["2026-03-01"], *money) == (20, 0, 20, 2, 5, 27)
    desk.shop.edit("1001", "refund", lines=[{"line": "A", "quantity": 1}])
    dry = desk.completed(automation, kind="dry")
    assert {"order": "2026-03-01", "column": "refunds", "before": "0", "after": "10.0"} in dry["changes"]
    assert changed(desk.completed(automation)) == changed(dry) == (0, 1, 0)
    assert figures(days_in(desk, automation)["2026-03-01"], *money) == (20, 10, 10, 2, 5, 17)
    desk.shop.edit("1002", "cancel")
    assert changed(desk.completed(automation)) == (0, 1, 0)
    assert figures(days_in(desk, automation)["2026-03-02"], *money) == (20, 20, 0, 0, 0, 0)


def test_day_whose_orders_were_deleted_shows_zeros(desk: Desk) -> None:
    """Be it the first, the last or between; with `delete`, too: the day was not removed."""
    for day in range(1, 6):
        placed(desk, f"100{day}", f"2026-03-0{day}T12:00:00Z")
    automation = automate(desk, on_removed="delete")
    desk.completed(automation)
    for name in ("1001", "1003", "1005"):
        desk.shop.edit(name, "delete")
    assert changed(desk.completed(automation)) == (0, 3, 0)
    assert [day["orders"] for day in days_in(desk, automation).values()] == [0, 1, 0, 1, 0]
    assert desk.completed(automation)["usage"]["writes"] == 0


def test_day_without_orders_leaves_a_tab_that_wants_none(desk: Desk) -> None:
    """A filter chooses days, and `on_removed` says what becomes of one that no longer matches."""
    placed(desk, "1001", "2026-03-01T12:00:00Z")
    placed(desk, "1002", "2026-03-04T12:00:00Z")
    placed(desk, "1003", "2026-03-05T12:00:00Z")
    automation = automate(desk, on_removed="delete", filters=[{"field": "orders", "op": "gte", "value": 1}])
    desk.completed(automation)
    assert list(days_in(desk, automation)) == ["2026-03-01", "2026-03-04", "2026-03-05"]
    desk.shop.edit("1002", "delete")
    assert changed(desk.completed(automation)) == (0, 0, 1)
    assert list(days_in(desk, automation)) == ["2026-03-01", "2026-03-05"]


def test_days_that_are_hidden_stay_as_they_are(desk: Desk) -> None:
    """What Shopify still shows of the day at its edge is a part of it; what it hides was not deleted."""
    now = datetime.now(UTC)
    edge = now - timedelta(days=60)
    placed(desk, "1001", now - timedelta(days=90))
    placed(desk, "1002", edge - timedelta(minutes=5))
    placed(desk, "1003", edge + timedelta(minutes=30))
    placed(desk, "1004", now - timedelta(days=3))
    automation = automate(desk, on_removed="delete")
    desk.completed(automation)
    before = days_in(desk, automation)
    desk.shop.open(scopes=RECENT_ORDERS_ONLY)
    desk.shop.edit("1003", "cancel")
    desk.shop.edit("1004", "cancel")
    for kind in ("dry", "sync", "repair"):
        desk.completed(automation, kind=kind)
    after = days_in(desk, automation)
    assert [name for name in before if after[name] != before[name]] == [str((now - timedelta(days=3)).date())]
    assert after.keys() == before.keys()


def test_new_tab_begins_with_the_first_day_that_is_wholly_shown(desk: Desk) -> None:
    """Nothing is written of a part of a day."""
    now = datetime.now(UTC)
    for number in range(57, 63):
        placed(desk, f"10{number}", now - timedelta(days=number, minutes=1))
    desk.shop.open(scopes=RECENT_ORDERS_ONLY)
    automation = automate(desk)
    desk.completed(automation)
    days = days_in(desk, automation)
    assert list(days) == [str((now - timedelta(days=number, minutes=1)).date()) for number in (58, 57)]
    assert {day["orders"] for day in days.values()} == {1}


def test_words_of_people_stay_beside_their_days(desk: Desk) -> None:
    """As beside orders: an automation of days fills a tab like any other."""
    placed(desk, "1001", "2026-03-01T12:00:00Z")
    placed(desk, "1002", "2026-03-03T12:00:00Z")
    automation = automate(desk)
    desk.completed(automation)
    width = len(desk.book.cells(automation["sheet_id"])[0])
    cells = [{"values": [{"userEnteredValue": {"stringValue": text}}]} for text in ("Remarks", "first", "", "third")]
    start = {"sheetId": automation["sheet_id"], "rowIndex": 0, "columnIndex": width}
    dimension = {"sheetId": automation["sheet_id"], "dimension": "COLUMNS", "length": 1}
    area = {"sheetId": automation["sheet_id"], "startRowIndex": 1, "endRowIndex": 4}
    desk.book.edit(
        {"appendDimension": dimension},
        {"updateCells": {"start": start, "rows": cells, "fields": "userEnteredValue"}},
        {"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "DESCENDING"}]}},
    )
    placed(desk, "1003", "2026-03-02T12:00:00Z")
    placed(desk, "1004", "2026-03-04T12:00:00Z")
    assert changed(desk.completed(automation)) == (1, 1, 0)
    remarks = {name: (day["orders"], day["Remarks"]) for name, day in days_in(desk, automation).items()}
    assert remarks == {
        "2026-03-03": (1, "third"),
        "2026-03-02": (1, ""),
        "2026-03-01": (1, "first"),
        "2026-03-04": (1, ""),
    }


@pytest.mark.parametrize(("changes", "field"), [({"on_change": True}, "on_change"), ({"row_mode": "line"}, "row_mode")])
def test_what_days_cannot_do_is_refused(desk: Desk, changes: dict[str, Any], field: str) -> None:
    """With the sentence beside the field that it is about."""
    configuration = automate(desk)["configuration"]
    refused = desk.ann.http.post("/v1/automations", json=configuration | changes)
    assert (refused.status_code, [*refused.json()["fields"]]) == (422, [field])
