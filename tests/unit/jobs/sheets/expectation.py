"""What a batch must make of a tab, told row by row without an index or a plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from jobs.export.rows import OrderRows, Presence, Row
from jobs.sheets.system_cell import SystemCell, parse
from tests.unit.jobs.sheets.grid import GridRow
from tests.unit.jobs.sheets.scene import Scene, key_of


@dataclass
class Expectation:
    """`rows` are those that each order of the batch must have, unless it is left alone.

    The others hold the origins of standing rows: the managed cells of those `written` may change, those `cleared`
    become empty. A row in none of the three stays as it is.
    """

    rows: dict[str, Sequence[Row]] = field(default_factory=dict)
    written: set[int] = field(default_factory=set)
    cleared: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Standing:
    origin: int
    key: str
    cell: SystemCell | None


def expected(scene: Scene) -> Expectation:
    told = Expectation()
    standing = [_standing(row, scene) for row in scene.grid.below_header]
    for order in scene.batch:
        _expect_order(told, standing, order)
    return told


def _expect_order(told: Expectation, standing: Sequence[Standing], order: OrderRows) -> None:
    first: dict[str, Standing] = {}
    surplus: set[int] = set()
    for row in standing:
        if row.cell and row.cell.order_id == order.order_id:
            if row.cell.line_id in first:
                surplus.add(row.origin)
            first.setdefault(row.cell.line_id, row)
    adopted: list[Standing] = []
    if order.rows and all(row.cell and row.cell.version >= order.version for row in first.values()):
        key = order.rows[0].key
        lost = [row for row in standing if not row.cell and key and row.key == key and row.origin not in told.written]
        adopted = lost[: sum(row.line_id not in first for row in order.rows)]
    if order.presence is Presence.IF_PRESENT and not first and not adopted:
        return
    if any(row.cell and row.cell.version > order.version for row in first.values()):
        return
    told.cleared |= surplus
    if order.presence is not Presence.ABSENT and not order.rows:  # nothing is known of it any more
        return
    wanted = {row.line_id for row in order.rows}
    told.rows[order.order_id] = order.rows
    told.written |= {row.origin for line, row in first.items() if line in wanted} | {row.origin for row in adopted}
    told.deleted |= {row.origin for line, row in first.items() if line not in wanted}


def _standing(row: GridRow, scene: Scene) -> Standing:
    assert row.origin is not None
    return Standing(row.origin, key_of(row, scene.layout), parse(row.cells[scene.layout.system].shown))
