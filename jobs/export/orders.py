"""The orders that a run goes through, as its source tells them now, in batches of rows."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

import structlog

from backend.platforms.source import Checkpoint, Order, Source
from backend.runs.model import RunCheckpoint
from jobs.export.batch import Batch, batches
from jobs.export.rows import OrderRows, RowMaker
from jobs.sheets.system_cell import hash64
from jobs.sheets.tab import ManagedTab
from jobs.stopwatch import Stopwatch

log = structlog.get_logger()

Cut: TypeAlias = Callable[[Iterable[tuple[OrderRows, Checkpoint]]], Iterator[Batch]]


class Orders:
    """`named` are the ids that webhooks reported; they are added to only while no attempt has begun."""

    def __init__(self, source: Source, *, named: Sequence[str], stopwatch: Stopwatch, cut: Cut = batches) -> None:
        self._source = source
        self._named = named
        self._stopwatch = stopwatch
        self._cut = cut
        self._came_by = array("Q")
        """The hashes of the orders that were told since the last beginning, 8 bytes an order."""

    def count(self, checkpoint: RunCheckpoint) -> int:
        """About how many a run of this checkpoint goes through, from its beginning to its end."""
        with self._stopwatch("source"):
            return len(self._named) if checkpoint.named else self._source.count(since=checkpoint.since)

    def batches(self, checkpoint: RunCheckpoint, maker: RowMaker) -> Iterator[Batch]:
        """From the checkpoint on."""
        self._came_by = array("Q")
        for batch in self._batches(self._from(checkpoint), maker):
            self._came_by.extend(order.order_hash for order in batch.orders)
            yield batch

    def torn(self, tab: ManagedTab, maker: RowMaker) -> Iterator[Batch]:
        """Those that stand in rows which a sort of some columns tore apart."""
        if torn := sorted(tab.index.torn):
            log.info("torn_rows_found", orders=len(torn))
            yield from self._batches(self._source.named(torn), maker)

    def absent(self, tab: ManagedTab, maker: RowMaker) -> Iterator[Batch]:
        """Those that stand in the tab and did not come by when a run went through everything, as the shop tells them by
        their ids: so that a deletion is noticed of which nobody told.

        Nothing is asked where none is absent, nor where the shop does not tell what is gone from what it only hides.
        """
        yield from self._batches(self._absent(tab), maker)

    def close(self) -> None:
        self._source.close()

    def _from(self, checkpoint: RunCheckpoint) -> Iterator[Order]:
        if not checkpoint.named:
            yield from self._source.orders(since=checkpoint.since, resume=checkpoint.source)
            return
        done = int((checkpoint.source or {}).get("named", 0))
        for place, order in enumerate(self._source.named(self._named[done:]), start=done + 1):
            yield replace(order, checkpoint={"named": place})

    def _absent(self, tab: ManagedTab) -> Iterator[Order]:
        while ids := tab.orders_beside(self._came_by):
            if not self._source.tells_gone():
                return
            log.info("absent_orders_found", orders=len(ids))
            self._came_by.extend(hash64(order_id) for order_id in ids)
            yield from self._source.named(ids)

    def _batches(self, orders: Iterator[Order], maker: RowMaker) -> Iterator[Batch]:
        return self._cut(self._rows(orders, maker))

    def _rows(self, orders: Iterator[Order], maker: RowMaker) -> Iterator[tuple[OrderRows, Checkpoint]]:
        while True:
            with self._stopwatch("source"):
                order = next(orders, None)
            if order is None:
                return
            with self._stopwatch("rows"):
                made = maker.order_rows(order)
            yield made, order.checkpoint
