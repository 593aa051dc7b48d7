"""What becomes of an order at the shop, from its change there to its rows in the tab."""

from typing import Any

from tests.e2e.desk import Desk

WISHES = ("keep", "mark", "delete")
ORDER_COLUMNS = [
    {"key": "order_name", "header": "Order", "type": "text"},
    {"key": "financial_status", "header": "Status", "type": "text"},
    {"key": "refunded", "header": "Refunded", "type": "money"},
    {"key": "customer_email", "header": "Email", "type": "text"},
    {"key": "tags", "header": "Tags", "type": "text"},
]
LINE = {"sku": "A", "title": "A THING", "quantity": 2, "price": "10.00"}


def completed(desk: Desk, automations: dict[str, dict[str, Any]], *, kind: str = "sync") -> dict[str, dict[str, Any]]:
    """A run of each, by its wish; one worker carries them all out."""
    begun = {wish: desk.ann.start_run(automation["id"], kind=kind)["id"] for wish, automation in automations.items()}
    runs = {wish: desk.ended(run_id) for wish, run_id in begun.items()}
    assert {run["status"] for run in runs.values()} == {"completed"}
    return runs


def changed(run: dict[str, Any]) -> tuple[int, int, int]:
    counts = run["counts"]
    return counts["added"], counts["updated"], counts["removed"]


def told(desk: Desk, automation: dict[str, Any], *headers: str) -> dict[str, tuple[Any, ...]]:
    """These cells of each order."""
    return {row[0]: row[1:] for row in desk.book.columns(automation["sheet_id"], "Order", *headers)}


def test_deletion_of_which_nobody_told_is_noticed_by_a_repair(desk: Desk) -> None:
    """A shop that is asked what changed says nothing of an order that is gone; so what did not come by is asked for."""
    desk.fill_shop(orders=6)
    automations = {wish: desk.automate(on_removed=wish) for wish in WISHES}
    completed(desk, automations)
    everything = desk.shop.rows()
    desk.shop.edit("#500002", "delete")
    synced = completed(desk, automations).values()
    assert [changed(run) for run in synced] == [(0, 0, 0)] * 3
    repaired = completed(desk, automations, kind="repair")
    assert {wish: changed(run) for wish, run in repaired.items()} == {
        "keep": (0, 0, 0),
        "mark": (0, 2, 0),
        "delete": (0, 0, 2),
    }
    assert desk.rows(automations["keep"]) == desk.rows(automations["mark"]) == everything
    assert desk.rows(automations["delete"]) == desk.shop.rows()
    marked = {wish: desk.struck_through(automation) for wish, automation in automations.items()}
    assert marked == {"keep": set(), "mark": {"#500002"}, "delete": set()}
    again = completed(desk, automations, kind="repair").values()
    assert [(run["usage"]["writes"], changed(run)) for run in again] == [(0, (0, 0, 0))] * 3


def test_change_of_mind_reaches_deleted_orders(desk: Desk) -> None:
    """The next sync goes through everything and asks for what did not come by; a dry run tells it before."""
    desk.fill_shop(orders=4, lines=1)
    automation = desk.automate(on_removed="keep")
    desk.completed(automation)
    desk.shop.edit("#500001", "delete")
    desk.ann.change_automation(automation["id"], on_removed="mark")
    dry = desk.completed(automation, kind="dry")
    assert changed(dry) == (0, 1, 0)
    assert dry["changes"] == [
        {"order": "#500001", "column": "Order", "before": "#500001", "after": "#500001 (struck through)"}
    ]
    assert desk.struck_through(automation) == set()
    desk.completed(automation)
    assert desk.struck_through(automation) == {"#500001"}
    desk.ann.change_automation(automation["id"], on_removed="keep")
    desk.completed(automation)
    assert desk.struck_through(automation) == set()
    desk.ann.change_automation(automation["id"], on_removed="delete")
    dry = desk.completed(automation, kind="dry")
    assert changed(dry) == (0, 0, 1)
    assert {change["order"] for change in dry["changes"]} == {"#500001"}
    desk.completed(automation)
    assert desk.rows(automation) == desk.shop.rows()


def test_orders_that_the_shop_hides_from_us_stay(desk: Desk) -> None:
    """Without read_all_orders Shopify shows sixty days, and answers for older orders as for deleted ones."""
    desk.shop.put("#OLD", created_at="2025-01-01T00:00:00Z", lines=[LINE])
    desk.shop.put("#NEW", lines=[LINE])
    automation = desk.automate(on_removed="delete")
    desk.completed(automation)
    everything = desk.rows(automation)
    desk.shop.open(scopes=["read_orders", "read_customers", "read_products"])
    assert changed(desk.completed(automation, kind="repair")) == (0, 0, 0)
    assert desk.rows(automation) == everything


def test_refunds_cancellations_and_redaction_arrive(desk: Desk) -> None:
    """Each of them is a change of the order, which is brought as it is then; so is its taking back."""
    order = {"lines": [LINE, {**LINE, "sku": "B"}], "email": "ann@example.com"}
    for name in ("#1", "#2", "#3", "#4"):
        desk.shop.put(name, **order)
    automation = desk.automate(columns=ORDER_COLUMNS, row_mode="order", on_removed="mark")
    desk.completed(automation)
    desk.shop.edit("#1", "refund", lines=[{"line": "A", "quantity": 1}])
    desk.shop.edit("#2", "refund")
    desk.shop.edit("#3", "cancel", refund=False)
    desk.shop.put("#4", **order | {"email": None})
    desk.completed(automation)
    assert told(desk, automation, "Status", "Refunded", "Email") == {
        "#1": ("PARTIALLY_REFUNDED", 10, "ann@example.com"),
        "#2": ("REFUNDED", 40, "ann@example.com"),
        "#3": ("VOIDED", 0, "ann@example.com"),
        "#4": ("PAID", 0, ""),
    }
    assert desk.struck_through(automation) == {"#3"}
    desk.shop.put("#3", **order)
    desk.completed(automation)
    assert told(desk, automation, "Status")["#3"] == ("PAID",)
    assert desk.struck_through(automation) == set()


def test_order_that_leaves_the_filter_may_come_back(desk: Desk) -> None:
    """Its row stays where it is, marked for as long as it does not match; where it was deleted it is added again."""
    tagged = {"lines": [LINE], "tags": ["vip"]}
    for name in ("#1", "#2", "#3"):
        desk.shop.put(name, **tagged)
    vips = [{"field": "tags", "op": "contains", "value": "vip"}]
    automations = {
        wish: desk.automate(columns=ORDER_COLUMNS, row_mode="order", filters=vips, on_removed=wish) for wish in WISHES
    }
    completed(desk, automations)
    desk.shop.put("#2", lines=[LINE], tags=["former"])
    completed(desk, automations)
    marked = {wish: desk.struck_through(automation) for wish, automation in automations.items()}
    assert marked == {"keep": set(), "mark": {"#2"}, "delete": set()}
    tags = {wish: told(desk, automation, "Tags").get("#2") for wish, automation in automations.items()}
    assert tags == {"keep": ("former",), "mark": ("former",), "delete": None}
    desk.shop.put("#2", **tagged)
    completed(desk, automations)
    for automation in automations.values():
        assert told(desk, automation, "Tags") == {"#1": ("vip",), "#2": ("vip",), "#3": ("vip",)}
        assert desk.struck_through(automation) == set()
