"""A tab as people leave it, and a batch that comes to it: made up at random."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from backend.automations.model import Column, OnRemoved, RowMode
from backend.platforms.source import Order
from jobs.export.rows import OrderRows, Row, RowMaker
from jobs.sheets.index import TabIndex
from jobs.sheets.layout import Layout
from jobs.sheets.plan import Plan, make_plan
from jobs.sheets.requests import to_requests
from tests.unit.jobs.sheets.grid import Grid, GridCell, GridRow
from tests.unit.jobs.shop import (
    BERLIN,
    CATALOGUE,
    LINE_COLUMNS,
    ORDER_COLUMNS,
    automation,
    managed_values,
    order,
    system_text,
)

UNWANTED = "unwanted@example.com"
FILTERS = [{"field": "email", "op": "ne", "value": UNWANTED}]
WELL = "well"
DAMAGES = (WELL, WELL, WELL, "torn", "system cell lost", "system cell typed over", "copied")
FOREIGN = ("note", "text in a managed column", "text in the key column", "an order's name in the key column", "empty")


@dataclass(frozen=True)
class Scene:
    layout: Layout
    grid: Grid
    batch: Sequence[OrderRows]

    @property
    def people(self) -> list[int]:
        """The columns that are not ours."""
        managed = {*self.layout.positions, self.layout.system}
        return [column for column in range(len(self.grid.rows[0].cells)) if column not in managed]

    def index(self, grid: Grid | None = None) -> TabIndex:
        """As it is read: up to the last row in which one of the two columns holds something; "" is an empty cell."""
        seen = [(row.cells[self.layout.system].shown or "", key_of(row, self.layout)) for row in self._rows(grid)]
        while seen and seen[-1] == ("", ""):
            seen.pop()
        index = TabIndex()
        index.read([text for text, _ in seen], [key for _, key in seen])
        return index

    def plan(self) -> Plan:
        return make_plan(self.index(), self.batch)

    def written(self) -> Grid:
        """The tab after the batch."""
        grid = Grid(self.grid.below_header, width=len(self.grid.rows[0].cells))
        grid.carry_out(to_requests(self.plan(), self.layout, grid_rows=len(grid.rows)))
        return grid

    def _rows(self, grid: Grid | None) -> list[GridRow]:
        return (grid or self.grid).below_header


def key_of(row: GridRow, layout: Layout) -> str:
    return str(row.cells[layout.positions[layout.key]].shown or "")


@st.composite
def layouts(draw: st.DrawFn, *, columns: Sequence[Column], on_removed: OnRemoved) -> tuple[Layout, int]:
    """Managed columns in any order with people's own around and between them, and the width of the tab."""
    width = len(columns) + 1 + draw(st.integers(0, 3))
    *positions, system = draw(st.permutations(range(width)))[: len(columns) + 1]
    key = next(i for i, column in enumerate(columns) if column.key == "order_name")
    strikes = on_removed is OnRemoved.MARK
    layout = Layout(7, columns, positions=positions, system=system, key=key, strikes=strikes)
    return layout, width


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    row_mode, on_removed = draw(st.sampled_from(RowMode)), draw(st.sampled_from(OnRemoved))
    keys = draw(st.permutations(LINE_COLUMNS if row_mode is RowMode.LINE else ORDER_COLUMNS))
    wanted = automation(columns=keys, row_mode=row_mode, on_removed=on_removed, filters=FILTERS)
    layout, width = draw(layouts(columns=wanted.configuration.columns, on_removed=on_removed))
    make = RowMaker(wanted, CATALOGUE, zone=BERLIN)
    standing = [make.order_rows(each) for each in draw(_some_orders())]
    rows = [row for each in standing for row in draw(_standing_rows(each.rows, layout, width))]
    rows += [_foreign_row(kind, layout, width) for kind in draw(st.lists(st.sampled_from(FOREIGN), max_size=3))]
    if draw(st.booleans()):
        rows = draw(st.permutations(rows))
    rows += [GridRow(_cells(width))] * draw(st.integers(0 if rows else 1, 2))
    for origin, row in enumerate(rows):
        for column in {*range(width)} - {*layout.positions, layout.system}:
            row.cells[column].value = {"stringValue": f"note {origin}"} if draw(st.booleans()) else {}
    rows = [GridRow(row.cells, origin) for origin, row in enumerate(rows)]
    batch = [make.order_rows(each) for each in draw(_some_orders())]
    return Scene(layout, Grid(rows, width=width), batch)


def _some_orders() -> st.SearchStrategy[list[Order]]:
    """Few orders, so that those of a batch meet their earlier selves; names that two of them may share."""
    changing = st.builds(
        order,
        order_id=st.sampled_from("12345"),
        lines=st.lists(st.sampled_from("abcd"), unique=True, max_size=4),
        version=st.integers(1, 3),
        removed=st.sampled_from([False, False, False, True]),
        quantity=st.integers(1, 2),
        order_name=st.sampled_from(["#1", "#2", "#3"]),
        email=st.sampled_from(["ann@example.com", "ann@example.com", UNWANTED]),
        total=st.sampled_from([Decimal("9.50"), Decimal(0), None]),
    )
    deleted = st.builds(Order, id=st.sampled_from("12"), version=st.just(3), values=st.just({}), removed=st.just(True))
    return st.lists(changing | changing | changing | deleted, unique_by=lambda each: each.id, max_size=4)


@st.composite
def _standing_rows(draw: st.DrawFn, rows: Sequence[Row], layout: Layout, width: int) -> list[GridRow]:
    made: list[GridRow] = []
    for row in rows:
        damage = draw(st.sampled_from(DAMAGES))
        cells = _cells(width)
        for place, value in zip(layout.positions, managed_values(row), strict=True):
            cells[place].value = value
        cells[layout.system].value = {"stringValue": system_text(row)}
        match damage:
            case "torn":
                cells[layout.positions[layout.key]].value = {"stringValue": "#9"}
            case "system cell lost":
                cells[layout.system].value = {}
            case "system cell typed over":
                cells[layout.system].value = {"stringValue": "v1 is mine"}
            case "copied":
                made.append(GridRow([GridCell(cell.value) for cell in cells]))
        made.append(GridRow(cells))
    return made


def _foreign_row(kind: str, layout: Layout, width: int) -> GridRow:
    cells = _cells(width)
    match kind:
        case "text in a managed column":
            cells[layout.positions[layout.key - 1]].value = {"numberValue": 12}
        case "text in the key column":
            cells[layout.positions[layout.key]].value = {"stringValue": "sum"}
        case "an order's name in the key column":
            cells[layout.positions[layout.key]].value = {"stringValue": "#1"}
    return GridRow(cells)


def _cells(width: int) -> list[GridCell]:
    return [GridCell() for _ in range(width)]
