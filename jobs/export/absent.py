"""Orders that stand in the tab and did not come by when a run went through everything."""

from array import array
from collections.abc import Iterator

import structlog

from backend.platforms.source import Order, Source
from jobs.sheets.system_cell import hash64
from jobs.sheets.tab import ManagedTab

log = structlog.get_logger()


def absent_orders(tab: ManagedTab, source: Source, *, came_by: "array[int]") -> Iterator[Order]:
    """As the shop tells them by their ids, so that a deletion is noticed of which nobody told.

    `came_by` are the hashes of the orders that did, to which these are added: 8 bytes an order. Nothing is asked where
    none is absent, nor where the shop does not tell what is gone from what it only hides.
    """
    while ids := tab.orders_beside(came_by):
        if not source.tells_gone():
            return
        log.info("absent_orders_found", orders=len(ids))
        came_by.extend(hash64(order_id) for order_id in ids)
        yield from source.named(ids)
