"""Which lines an edit has changed."""

from dataclasses import replace
from decimal import Decimal

from infra.local.shopify.change import edited_units
from infra.local.shopify.order import LineItem

LINE = LineItem(1, "Lantern", 5, Decimal(1))


def test_refund_is_no_edit() -> None:
    """It takes units back without changing what was ordered."""
    assert edited_units([LINE], [replace(LINE, refunded=2, title="Lamp")]) == {}


def test_units_count_however_they_were_changed() -> None:
    """More of a line, some edited away, one added, one removed."""
    second, third, fourth = (replace(LINE, id=number) for number in (2, 3, 4))
    before = [LINE, second, third]
    after = [replace(LINE, quantity=7), replace(second, removed=1), fourth]
    assert edited_units(before, after) == {1: 2, 2: -1, 3: -5, 4: 5}
