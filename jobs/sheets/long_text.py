"""Texts that do not fit into a cell, where an automation would rather stop than have them cut. Pure."""

from collections.abc import Sequence

from backend.automations.model import Column
from backend.errors import TextTooLong
from jobs.export.rows import OrderRows, Presence
from jobs.sheets.cells import MAX_TEXT_CHARS
from jobs.sheets.index import TabIndex

_MAX_NAME_CHARS = 100


def ensure_none_is_cut(orders: Sequence[OrderRows], index: TabIndex, columns: Sequence[Column]) -> None:
    """Raises TextTooLong for the first of the orders that belongs into the tab and of which a text was cut."""
    for order in orders:
        for row in order.rows:
            if row.cut_columns and (order.presence is Presence.WANTED or index.positions(order.order_hash)):
                name = row.key if 0 < len(row.key) <= _MAX_NAME_CHARS else order.order_id
                raise TextTooLong(
                    f"Order {name} has a text of more than {MAX_TEXT_CHARS:,} characters for the column "
                    f"“{columns[row.cut_columns[0]].header}”, and a cell holds no more. Shorten it in the shop, "
                    "or let this automation cut long texts, then resume it."
                )
