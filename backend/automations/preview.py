"""What a tab would show of a shop's newest orders, before there is one. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice

from pydantic import BaseModel, ConfigDict

from backend.automations.cell_text import cell_text
from backend.automations.matching import wanted
from backend.automations.model import Configuration, RowMode
from backend.platforms.field import Catalogue, Level
from backend.platforms.source import Line, Order

MAX_LOOKED_AT = 50
MAX_ADDED_UP = 250
"""Orders, for rows that add them up by day."""
MAX_ROWS = 5
MAX_NEXT_RUNS = 3
_NO_LINE = Line(id="", values={})


class Preview(BaseModel):
    model_config = ConfigDict(frozen=True)

    headers: list[str]
    rows: list[list[str]]
    """Of the newest orders that match, the first few, as the cells would show them in the shop's time zone."""
    looked_at: int
    """How many orders, the newest ones; of daily sales, how many days."""
    matching: int
    """How many of these the tab would hold."""
    next_runs: list[datetime]
    """When the schedule would start the next ones, in UTC; empty without a schedule."""


def preview(
    configuration: Configuration, catalogue: Catalogue, orders: Sequence[Order], *, zone: tzinfo, at: datetime
) -> Preview:
    matching = list(filter(wanted(configuration, catalogue), orders))
    schedule = configuration.schedule
    instants = schedule.instants(after=at) if schedule and schedule.enabled else iter(())
    return Preview(
        headers=[column.header for column in configuration.columns],
        rows=list(islice(_rows(matching, configuration, catalogue, zone=zone), MAX_ROWS)),
        looked_at=len(orders),
        matching=len(matching),
        next_runs=list(islice(instants, MAX_NEXT_RUNS)),
    )


def _rows(
    orders: Iterable[Order], configuration: Configuration, catalogue: Catalogue, *, zone: tzinfo
) -> Iterator[list[str]]:
    for order in orders:
        lines = order.lines if configuration.row_mode is RowMode.LINE and order.lines else (_NO_LINE,)
        for line in lines:
            values = {Level.ORDER: order.values, Level.LINE: line.values}
            yield [
                cell_text(values[catalogue[column.key].level].get(column.key), column.type, zone=zone)
                for column in configuration.columns
            ]
