"""How many orders to ask for at once, learned from what the shop says a call counts.

The published formula (each object a point, times the sizes of its connections) overstates what is counted today, which
grows with the logarithm of a size only. So a stream begins with a page that is cheap enough by either, and goes by the
shop's own figures from there.
"""

from backend.platforms.shopify.answer import Cost

FIRST_ORDERS = 1
MAX_ORDERS = 250
LINES_WITH_ORDER = 100
LINES_A_PAGE = 125
TARGET_POINTS = 800.0
"""Of the 1,000 that one call may count."""
SHARE_OF_BUCKET = 0.7
"""Counts go up in steps, so a page that grows may cost up to a third more than in proportion."""


def next_orders(orders: int, cost: Cost | None) -> int:
    """After a page of `orders` that was counted so. It grows only as far as the points last until then."""
    if cost is None or cost.requested <= 0:
        return FIRST_ORDERS
    points = min(TARGET_POINTS, max(cost.requested, SHARE_OF_BUCKET * cost.available))
    return max(1, min(MAX_ORDERS, int(orders * points / cost.requested)))
