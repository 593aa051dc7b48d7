"""Refunds, cancellations and edits of orders."""

from decimal import Decimal

from infra.local.shopify.order import LineItem, Order, with_lines
from infra.local.shopify.order_edits import add_lines, cancel, refund, remove_lines, touch

ORDER = Order(id=1, name="#1", currency="EUR", created_at=10, updated_at=10, processed_at=10)
LINES = [
    LineItem(id=100_000, title="Lantern", quantity=3, unit_price=Decimal("2.50")),
    LineItem(id=100_001, title="Mug", quantity=2, unit_price=Decimal("4.00"), discount=Decimal("1.00")),
]


def test_refund_takes_units_and_their_money_back() -> None:
    """The total stays what it was; the current total is what is left."""
    order, lines = refund(ORDER, LINES, quantities={100_001: 1}, at=20, note="chipped")
    order = with_lines(order, lines)
    assert (order.total, order.current_total, order.refunded) == (Decimal("14.50"), Decimal("11.00"), Decimal("3.50"))
    assert (order.financial_status, order.updated_at, order.refunds[0].note) == ("PARTIALLY_REFUNDED", 20, "chipped")
    assert [line.current_quantity for line in lines] == [3, 1]


def test_refund_never_takes_more_than_is_left() -> None:
    """Two refunds of everything are one."""
    everything = {line.id: 99 for line in LINES}
    order, lines = refund(ORDER, LINES, quantities=everything, at=20)
    order, lines = refund(order, lines, quantities=everything, at=21)
    assert [len(each.lines) for each in order.refunds] == [2, 0]
    assert order.refunds[0].id != order.refunds[1].id
    assert order.financial_status == "REFUNDED"
    assert [line.current_quantity for line in lines] == [0, 0]


def test_cancelling_gives_the_money_back() -> None:
    """Nothing is left of the order, and it is closed."""
    order, lines = cancel(ORDER, LINES, reason="INVENTORY", refunding=True, at=30)
    order = with_lines(order, lines)
    assert (order.cancelled_at, order.closed_at, order.updated_at, order.cancel_reason) == (30, 30, 30, "INVENTORY")
    assert (order.financial_status, order.refunded, order.current_total) == ("REFUNDED", Decimal("14.50"), Decimal(0))


def test_cancelling_what_was_not_paid_voids_it() -> None:
    """There is nothing to refund."""
    order, lines = cancel(ORDER, LINES, reason="DECLINED", refunding=False, at=30)
    assert (order.financial_status, order.refunds, lines) == ("VOIDED", (), LINES)


def test_added_line_gets_an_id_of_its_own() -> None:
    """Above all others of the order, so that it comes last and no other moves."""
    _, lines = add_lines(ORDER, LINES, added=[LINES[0]], at=40)
    assert [line.id for line in lines] == [100_000, 100_001, 100_002]
    _, first = add_lines(ORDER, [], added=[LINES[0]], at=40)
    assert [line.id for line in first] == [100_000]


def test_removed_line_vanishes() -> None:
    """The others keep their ids."""
    order, lines = remove_lines(ORDER, LINES, removed={100_000}, at=50)
    assert (order.updated_at, [line.id for line in lines]) == (50, [100_001])


def test_touch_changes_nothing_but_the_time() -> None:
    """As an edit of something that is not exported would."""
    assert touch(touch(ORDER, at=60), at=10) == ORDER


def test_order_in_which_units_were_edited_away_costs_less() -> None:
    """The way an edit in Shopify's admin removes a line: it stays, at a current quantity of 0."""
    order = with_lines(ORDER, [LineItem(id=1, title="x", quantity=2, unit_price=Decimal(3), removed=2)])
    assert (order.subtotal, order.current_subtotal) == (Decimal(6), Decimal(0))
