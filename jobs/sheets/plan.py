"""What one batch changes in the tab: a pure function of the index and the rows that should be there.

Positions are those of the index before the write; position 0 is the row below the header.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from jobs.export.rows import OrderRows, Presence, Row
from jobs.sheets.index import FOREIGN, Entry, TabIndex
from jobs.sheets.system_cell import restruck


@dataclass(slots=True)
class Plan:
    """`inserts` puts rows before a position; `clears` empties the managed cells of a surplus copy of a row.

    A row appears in one of the four at most, so their order of application is free as long as the structure changes
    from the bottom up.
    """

    updates: dict[int, Row] = field(default_factory=dict)
    inserts: dict[int, list[Row]] = field(default_factory=dict)
    deletes: set[int] = field(default_factory=set)
    clears: set[int] = field(default_factory=set)
    unchanged: int = 0
    older: int = 0

    @property
    def empty(self) -> bool:
        return not (self.updates or self.inserts or self.deletes or self.clears)

    @property
    def added(self) -> int:
        return sum(len(rows) for rows in self.inserts.values())

    @property
    def removed(self) -> int:
        return len(self.deletes) + len(self.clears)


def make_plan(index: TabIndex, orders: Sequence[OrderRows]) -> Plan:
    """Rows whose content stands already cost nothing; a version older than what stands changes nothing.

    An order's new rows go right below the row that precedes them in the order, so its rows stay together; a new order
    goes below everything that is ours.
    """
    plan = Plan()
    for order in orders:
        _plan_order(plan, index, order)
    return plan


def apply(plan: Plan, index: TabIndex) -> None:
    """Bring the index to the state of the tab after the plan was written."""
    for position, row in plan.updates.items():
        index.replace(position, _entry(row))
    for position in plan.clears:
        index.replace(position, FOREIGN)
    for position in sorted(plan.inserts.keys() | plan.deletes, reverse=True):
        if position in plan.deletes:
            index.delete(position)
        if position in plan.inserts:
            index.insert(position, [_entry(row) for row in plan.inserts[position]])


def _plan_order(plan: Plan, index: TabIndex, order: OrderRows) -> None:
    standing, surplus = _standing(index, order, taken=plan.updates.keys())
    if order.presence is Presence.IF_PRESENT and not standing:
        return
    if any(index[position].version > order.version for position in standing.values()):
        plan.older += len(order.rows)
        return
    plan.clears.update(surplus)
    if order.presence is not Presence.ABSENT and not order.rows:
        return
    plan.deletes.update(position for line, position in standing.items() if line not in order.line_hashes)
    above = standing.get(order.after) if order.after is not None else None
    kept = [position for line, position in standing.items() if line in order.line_hashes]
    fallback = min(kept or standing.values(), default=index.end)
    new: dict[int, list[Row]] = {}
    for row in order.rows:
        position = standing.get(row.line_hash)
        if position is None:
            new.setdefault(fallback if above is None else above + 1, []).append(row)
        elif index[position].content == row.content and index[position].order:
            plan.unchanged += 1
            above = position
        else:
            plan.updates[position] = row
            above = position
    for anchor, rows in new.items():
        others = plan.inserts.setdefault(anchor, [])
        place = len(others) if anchor == fallback else 0  # right below a row of this order, above what others put there
        others[place:place] = rows


def standing_rows(index: TabIndex, order: OrderRows) -> dict[int, int]:
    """Where each line of the order stands by its system cell, by line hash."""
    return _copies(index, order)[0]


def _standing(index: TabIndex, order: OrderRows, *, taken: Collection[int]) -> tuple[dict[int, int], list[int]]:
    """Where each line of the order stands, by line hash, and the positions of surplus copies: all but the first.

    Rows that show the order's key and have no system cell may have lost it, or be a person's. They are adopted, top to
    bottom, for lines that must have stood already: the order has no row at all, or it has not changed since its rows
    were written. None is adopted twice by orders of one key.
    """
    standing, surplus = _copies(index, order)
    no_newer = all(index[position].version >= order.version for position in standing.values())
    if index.orphans and order.rows and no_newer:
        missing = [row.line_hash for row in order.rows if row.line_hash not in standing]
        lost = index.orphans.get(order.rows[0].key, [])
        adopted = [position for position in lost if not index[position].order and position not in taken]
        standing |= dict(zip(missing, adopted, strict=False))
    return standing, surplus


def _copies(index: TabIndex, order: OrderRows) -> tuple[dict[int, int], list[int]]:
    standing: dict[int, int] = {}
    surplus: list[int] = []
    wanted = {row.line_hash: row.content for row in order.rows}
    for position in index.positions(order.order_hash):
        line = index[position].line
        first = standing.setdefault(line, position)
        if first != position:
            content = wanted.get(line) if order.rows else restruck(index[first].content, struck=order.struck)
            if _is_misplaced(index[first], beside=index[position], wanted=content):
                standing[line], position = position, first  # noqa: PLW2901 - the copies change places
            surplus.append(position)
    return standing, surplus


def _is_misplaced(entry: Entry, *, beside: Entry, wanted: int | None) -> bool:
    """Of two rows with one identity, whether this one was written where a row had moved to while we wrote.

    It holds the new cells already, and the other one, beside which people's own words stand, still the old ones.
    """
    return entry.content == wanted != beside.content and not beside.doubtful


def _entry(row: Row) -> Entry:
    return Entry(row.order_hash, row.line_hash, row.version, row.content)
